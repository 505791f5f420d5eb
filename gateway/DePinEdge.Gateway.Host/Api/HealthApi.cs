using DePinEdge.Gateway.Host.Loop;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>Probes without a token, and the process in numbers.</summary>
internal static class HealthApi
{
    public static void Map(WebApplication app, ApiContext context)
    {
        app.MapGet("/livez", () => Results.Text("ok\n"));
        app.MapGet("/readyz", cancel => ReadyAsync(cancel, context));
        // The second parameter matters: a lambda of the context alone is taken as one that writes its answer itself, and its result is dropped.
        app.MapGet(ApiServer.Root + "/status", async (HttpContext http, CancellationToken cancel) =>
            Results.Json(await StatusAsync(http, context, cancel), ApiJson.Default.StatusView));
    }

    private static async Task ReadyAsync(HttpContext http, ApiContext context)
    {
        var problems = new List<string>();
        if (context.Loop.Completion.IsCompleted)
            problems.Add("the core loop has ended");
        else if (context.Loop.WaitsForDisk)
            problems.Add("the disk is full: a turn waits to be stored");
        else
            try
            {
                if (await context.AskAsync((core, _) => core.Paused, http.RequestAborted))
                    problems.Add("the disk is nearly full: nothing new is dispatched");
            }
            catch (GatewayStoppedException failure)
            {
                problems.Add(failure.Message);
            }
        await Results.Json(new ReadyView(problems.Count == 0, problems), ApiJson.Default.ReadyView, statusCode: problems.Count == 0 ? 200 : 503)
            .ExecuteAsync(http);
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
