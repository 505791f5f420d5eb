using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Metrics;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>Probes and metrics without a token (numbers only), and the process in numbers.</summary>
internal static class HealthApi
{
    /// <summary>How far the clock may stand before the last record: what a time server corrects at most in one step.</summary>
    public const long ClockBackMs = 1_000;

    public static void Map(WebApplication app, ApiContext context)
    {
        app.MapGet("/livez", () => Results.Text("ok\n"));
        app.MapGet("/readyz", cancel => ReadyAsync(cancel, context));
        app.MapGet("/metrics", async (HttpContext http, CancellationToken cancel) =>
            Results.Text(await MetricsPage.WriteAsync(context, cancel), MetricsText.ContentType));
        // The second parameter matters: a lambda of the context alone is taken as one that writes its answer itself, and its result is dropped.
        app.MapGet(ApiServer.Root + "/status", async (HttpContext http, CancellationToken cancel) =>
            Results.Json(await StatusAsync(http, context, cancel), ApiJson.Default.StatusView));
    }

    private static async Task ReadyAsync(HttpContext http, ApiContext context)
    {
        var problems = await ProblemsAsync(context, http.RequestAborted);
        await Results.Json(new ReadyView(problems.Count == 0, problems), ApiJson.Default.ReadyView, statusCode: problems.Count == 0 ? 200 : 503)
            .ExecuteAsync(http);
    }

    /// <summary>Why work should not be sent here now; empty when it should.</summary>
    private static async Task<List<string>> ProblemsAsync(ApiContext context, CancellationToken cancel)
    {
        if (context.Loop.Completion.IsCompleted)
            return ["the core loop has ended"];
        var problems = new List<string>();
        if (context.Folder.WriteProblem() is { } unwritable)
            problems.Add(unwritable);
        if (!context.Shell.Accepting)
            problems.Add("the broker accepts no connections: see depin_socket_accept_failures_total");
        else if (context.Broker.Connections >= context.BrokerOptions.MaxConnections)
            problems.Add($"the broker has all {context.BrokerOptions.MaxConnections} connections it may have (MaxConnections)");
        if (context.Loop.WaitsForDisk)
        {
            problems.Add("the disk is full: a turn waits to be stored");
            return problems;
        }
        try
        {
            var (paused, backMs) = await context.AskAsync((core, now) => (core.Paused, core.Views.LastRecordUtcMs - now.UtcMs), cancel);
            if (paused)
                problems.Add("the disk is nearly full: nothing new is dispatched");
            if (backMs > ClockBackMs)
                problems.Add($"the clock is {backMs / 1000.0:0.###} s before the last record: set it right");
        }
        catch (GatewayStoppedException failure)
        {
            problems.Add(failure.Message);
        }
        return problems;
    }

    private static async Task<StatusView> StatusAsync(HttpContext http, ApiContext context, CancellationToken cancel)
    {
        var (counters, broker) = await context.AskAsync(
            (core, _) =>
            {
                var b = core.Broker.Counters;
                return (core.Views.Counters(), new BrokerStatus(
                    b.Connections, b.Sessions, b.Subscriptions, b.RetainedMessages, b.PublishesIn, b.PublishesOut, b.PublishesRefused,
                    b.ConnectsRefused, b.DroppedSlowSubscriber, b.BytesIn, b.BytesOut));
            },
            cancel);
        var loop = context.Loop.Counters;
        return new StatusView(
            ApiServer.Version, context.Options.Gateway.Site, context.Shell.Port, http.Connection.LocalPort, counters, broker,
            new LoopStatus(
                loop.Commits, loop.Records, loop.CommitMicroseconds, loop.LongestCommitMicroseconds, loop.FullDisk,
                context.Shell.Counters.InboxWaits, context.Work.Waiting, context.Work.Done),
            context.Live);
    }
}
