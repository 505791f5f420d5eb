using System.Net;
using System.Net.Sockets;
using System.Reflection;
using DePinEdge.Gateway.Host.Dashboard;
using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Host.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>The REST API and the page on loopback: HTTP beyond this machine needs TLS, which is a matter of its own.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    /// <summary>Path of everything but the probes.</summary>
    public const string Root = "/api/v1";

    private readonly WebApplication app;

    private ApiServer(WebApplication app, string token)
    {
        this.app = app;
        Token = token;
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    /// <summary>The version of this program.</summary>
    public static string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);

    public int Port { get; }

    public string Token { get; }

    /// <summary>Binds the port and serves. Throws <see cref="HostException"/> when it is taken.</summary>
    public static async Task<ApiServer> StartAsync(ApiContext context, DataFolder folder, CancellationToken cancel)
    {
        var token = ApiToken.Write(folder);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear(); // one way to configure: our own options, not ASPNETCORE_ variables
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new ForwardedLogs(context.Options.Logs));
        builder.Services.AddSingleton<ILoggerFactory>(services => services.GetRequiredService<ForwardedLogs>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Body.JsonBytesMax + 1;
            kestrel.Listen(IPAddress.Loopback, context.Options.HttpPort, port => port.Use(next => connection => LimitAsync(next, connection, context.Http)));
        });
        var app = builder.Build();
        app.Use(async (http, next) =>
        {
            await next(http);
            context.Http.CountAnswer(http.Response.StatusCode);
            if (http.Response.StatusCode == StatusCodes.Status413PayloadTooLarge)
                context.Http.CountBodyRefused();
        });
        app.UseExceptionHandler(errors => errors.Run(AnswerFailureAsync));
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException && (failure is ConnectionResetException || http.RequestAborted.IsCancellationRequested))
            {
                http.Abort(); // the peer has gone in the middle of its request: nobody is there to answer, and nothing is wrong with us
            }
        });
        app.Use((http, next) => DashboardAccess.Covers(http.Request) ? GuardPageAsync(http, next) : ApiToken.Admits(http.Request, token)
            ? next(http)
            : ApiProblem.Of(
                401, "bad-token", "the request carries no valid token", $"send 'Authorization: Bearer' with the content of {folder.TokenFile}")
                .ExecuteAsync(http));
        DashboardApi.Map(app, context);
        HealthApi.Map(app, context);
        var api = app.MapGroup(Root);
        DeviceApi.Map(api, context);
        ProgramApi.Map(api, context);
        JobApi.Map(api, context);
        JobStreams.Map(api, context);
        LedgerApi.Map(api, context);
        app.MapFallback(http => ApiProblem.Of(
            404, "unknown-path", $"there is nothing at {http.Request.Method} {http.Request.Path}", $"the API is below {Root}").ExecuteAsync(http));
        try
        {
            await app.StartAsync(cancel);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw PortFailure.Of("HTTP", IPAddress.Loopback, context.Options.HttpPort, "--http-port", failure);
        }
        return new ApiServer(app, token);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        // Streams that are still open are cut when the patience is over; that they were is no failure.
        await app.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync();
    }

    private static Task GuardPageAsync(HttpContext http, RequestDelegate next)
    {
        DashboardApi.Protect(http.Response);
        return DashboardAccess.Refusal(http.Request) is { } refusal ? refusal.ExecuteAsync(http) : next(http);
    }

    private static async Task LimitAsync(ConnectionDelegate next, ConnectionContext connection, HttpLimits limits)
    {
        if (!limits.TryOpenConnection())
        {
            connection.Abort();
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            limits.CloseConnection();
        }
    }

    /// <summary>What no handler has answered: the gateway is stopping or stuck, the peer broke off, or it is our bug.</summary>
    private static Task AnswerFailureAsync(HttpContext http)
    {
        var failure = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        return (failure switch
        {
            GatewayStoppedException stopped => ApiProblem.Of(503, "not-available", stopped.Message, "try again; see /readyz"),
            BadHttpRequestException bad => ApiProblem.Of(bad.StatusCode, "bad-request", bad.Message),
            Flow.StoreException stored => ApiProblem.Of(503, "storage", stored.Message, "see the gateway's log"),
            _ => ApiProblem.Of(500, "internal", "the gateway met a fault of its own", "see its log"),
        }).ExecuteAsync(http);
    }

    /// <summary>Hands the web server's log lines to the process's own log without owning it.</summary>
    private sealed class ForwardedLogs(ILoggerFactory logs) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => logs.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => logs.AddProvider(provider);

        public void Dispose()
        {
            // The process owns it.
        }
    }
}
