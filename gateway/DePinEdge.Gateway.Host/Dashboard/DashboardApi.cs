using System.Globalization;
using DePinEdge.Gateway.Host.Api;

namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>The page and its live stream: what an operator sees at the HTTP port.</summary>
internal static class DashboardApi
{
    /// <summary>
    /// Only this page's own files, nothing inline, nobody frames it, and no text ever becomes markup (trusted types).
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'";

    public static void Map(WebApplication app, ApiContext context)
    {
        var started = context.Options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var stopping = app.Lifetime.ApplicationStopping;
        var feed = new LiveFeed(
            cancel => LookAsync(context, started, cancel), context.Options.Clock, context.Live, started.ToString("x", CultureInfo.InvariantCulture), stopping);
        app.MapGet("/", DashboardFile.Read("index.html", "text/html; charset=utf-8").SendAsync);
        app.MapGet("/page.css", DashboardFile.Read("page.css", "text/css; charset=utf-8").SendAsync);
        app.MapGet("/page.js", DashboardFile.Read("page.js", "text/javascript; charset=utf-8").SendAsync);
        app.MapGet("/mark.svg", DashboardFile.Read("mark.svg", "image/svg+xml").SendAsync);
        app.MapGet("/live", http => LiveStream.ServeAsync(http, feed, context.Options.Clock, stopping));
    }

    /// <summary>Puts the headers on that every answer of the page has, refusals too.</summary>
    public static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static Task<(LiveState State, TimeSpan Cost)> LookAsync(ApiContext context, long startedUtcMs, CancellationToken cancel)
    {
        var gateway = new LiveGateway(context.Options.Gateway.Site, ApiServer.Version, startedUtcMs, context.Shell.Port);
        var clock = context.Options.Clock;
        return context.AskAsync(
            (core, now) =>
            {
                var began = clock.GetTimestamp();
                var state = LiveState.Of(core, gateway, now);
                return (state, clock.GetElapsedTime(began));
            },
            cancel);
    }
}
