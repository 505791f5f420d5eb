using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Scheduling;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>What comes line by line: results as NDJSON, progress as server-sent events.</summary>
internal static class JobStreams
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(250);

    public static void Map(RouteGroupBuilder api, ApiContext context)
    {
        api.MapGet("/jobs/{id}/results", async (string id, HttpContext http) => await ResultsAsync(id, http, context));
        api.MapGet("/jobs/{id}/events", async (string id, HttpContext http) => await EventsAsync(id, http, context));
    }

    private static async Task ResultsAsync(string id, HttpContext http, ApiContext context)
    {
        var (problem, lines) = await ReadAsync(id, context, http.RequestAborted);
        if (problem is not null)
        {
            await problem.ExecuteAsync(http);
            return;
        }
        http.Response.ContentType = "application/x-ndjson";
        using var buffer = new MemoryStream();
        foreach (var line in lines)
        {
            JsonSerializer.Serialize(buffer, line, ApiJson.Default.TaskResultView);
            buffer.WriteByte((byte)'\n');
            if (buffer.Length < 64 << 10)
                continue;
            await FlushAsync(buffer, http);
        }
        await FlushAsync(buffer, http);
    }

    private static async Task<(ApiProblem? Problem, IReadOnlyList<TaskResultView> Lines)> ReadAsync(string id, ApiContext context, CancellationToken cancel)
    {
        var (job, live, output) = await context.AskAsync(
            (core, now) => (core.Views.Job(id, now), core.Views.Results(id), core.Views.OutputOf(id)), cancel);
        if ((job.Problem ?? live.Problem) is { } problem)
            return (ApiProblem.Of(problem), []);
        if (live.Value is { } lines)
            return (null, lines);
        // Ended: the results left the core's memory and are read from the store, off the core's thread.
        var stored = context.Store.ReadBlob("result/" + job.Value!.Id);
        return (null, stored is null ? [] : JobResults.Decode(stored, output));
    }

    private static async Task FlushAsync(MemoryStream buffer, HttpContext http)
    {
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
        buffer.SetLength(0);
    }

    private static async Task EventsAsync(string id, HttpContext http, ApiContext context)
    {
        var outcome = await context.AskAsync((core, now) => core.Views.Job(id, now), http.RequestAborted);
        if (outcome.Problem is { } problem)
        {
            await ApiProblem.Of(problem).ExecuteAsync(http);
            return;
        }
        if (!context.Http.TryOpenStream())
        {
            await ApiProblem.Of(429, "limit-reached", $"{context.Options.EventStreamsMax} event streams are open", "use GET jobs/{id}?wait=30s").ExecuteAsync(http);
            return;
        }
        try
        {
            await TypedResults.ServerSentEvents(ProgressAsync(id, outcome.Value!, http.Request.Headers["Last-Event-ID"].ToString(), context, http.RequestAborted))
                .ExecuteAsync(http);
        }
        finally
        {
            context.Http.CloseStream();
        }
    }

    /// <summary>One event for each change, the event's id being settled tasks; ends with the job. Whoever comes back gets only news.</summary>
    private static async IAsyncEnumerable<SseItem<string>> ProgressAsync(
        string id, JobView job, string lastEventId, ApiContext context, [EnumeratorCancellation] CancellationToken cancel)
    {
        var seen = lastEventId;
        while (true)
        {
            var eventId = string.Create(CultureInfo.InvariantCulture, $"{job.Done + job.Failed}-{job.Retried}-{job.State}");
            if (eventId != seen)
                yield return new SseItem<string>(JsonSerializer.Serialize(job, ApiJson.Default.JobView), JobApi.Ended(job) ? "ended" : "progress") { EventId = eventId };
            seen = eventId;
            if (JobApi.Ended(job))
                yield break;
            await Task.Delay(ProgressEvery, context.Options.Clock, cancel);
            var next = await context.AskAsync((core, now) => core.Views.Job(id, now), cancel);
            if (next.Problem is not null)
                yield break;
            job = next.Value!;
        }
    }
}
