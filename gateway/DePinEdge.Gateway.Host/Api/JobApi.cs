using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>Jobs: submit, estimate, look at, wait for, cancel.</summary>
internal static class JobApi
{
    /// <summary>Longest wait of one request; a client asks again.</summary>
    private const int WaitSecondsMax = 60;

    /// <summary>How often a waiting request looks.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public static void Map(RouteGroupBuilder api, ApiContext context)
    {
        var estimator = new Estimator(context, new SemaphoreSlim(Estimator.RoomFor));

        api.MapGet("/jobs", async (CancellationToken cancel) =>
            Results.Json(await context.AskAsync((core, now) => core.Views.Jobs(now), cancel), ApiJson.Default.IReadOnlyListJobView));

        api.MapPost("/jobs", async (HttpContext http, CancellationToken cancel) => await SubmitAsync(http, context, cancel));

        api.MapPost("/jobs:estimate", async (HttpRequest request, CancellationToken cancel) =>
        {
            var (asked, problem) = await ReadAsync(request, context, cancel);
            return problem ?? await estimator.EstimateAsync(asked!, cancel);
        });

        api.MapGet("/jobs/{id}", async (string id, string? wait, CancellationToken cancel) => await ShowAsync(id, wait, context, cancel));

        api.MapDelete("/jobs/{id}", async (string id, CancellationToken cancel) =>
            Answers.Json(await context.AskAsync((core, now) => core.CancelJob(id, now), cancel), ApiJson.Default.JobView));
    }

    /// <summary>True when nothing more will change.</summary>
    public static bool Ended(JobView job) => job.State != "running";

    private static async Task<IResult> SubmitAsync(HttpContext http, ApiContext context, CancellationToken cancel)
    {
        var (asked, problem) = await ReadAsync(http.Request, context, cancel);
        if (problem is not null)
            return problem;
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        var outcome = await context.AskAsync((core, now) => core.SubmitJob(asked! with { IdempotencyKey = key }, now), cancel);
        return Answers.Created(http, outcome, ApiJson.Default.JobView, job => $"{ApiServer.Root}/jobs/{job.Id}", StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ShowAsync(string id, string? wait, ApiContext context, CancellationToken cancel)
    {
        if (!TryReadWait(wait, out var patience))
            return ApiProblem.Of(400, "bad-query", $"'{wait}' is no time to wait", $"use wait=30s, at most {WaitSecondsMax}s", "wait");
        var clock = context.Options.Clock;
        var started = clock.GetTimestamp();
        while (true)
        {
            var outcome = await context.AskAsync((core, now) => core.Views.Job(id, now), cancel);
            if (outcome.Problem is not null || Ended(outcome.Value!) || clock.GetElapsedTime(started) >= patience)
                return Answers.Json(outcome, ApiJson.Default.JobView);
            await Task.Delay(LookEvery, clock, cancel);
        }
    }

    private static async Task<(JobAsked? Asked, ApiProblem? Problem)> ReadAsync(HttpRequest request, ApiContext context, CancellationToken cancel)
    {
        var (body, problem) = await Body.ReadJsonAsync(request, ApiJson.Default.JobRequest);
        if (problem is not null)
            return (null, problem);
        var found = await context.AskAsync((core, _) => ProgramNames.Find(core.Views.Programs(), body!.Program), cancel);
        return found.Problem is { } unknown
            ? (null, ApiProblem.Of(unknown) with { Field = "program" })
            : JobReader.Read(body!, new ProgramHash(found.Value!.Hash), context);
    }

    private static bool TryReadWait(string? wait, out TimeSpan patience)
    {
        patience = TimeSpan.Zero;
        if (string.IsNullOrEmpty(wait))
            return true;
        var good = int.TryParse(wait.AsSpan().TrimEnd('s'), System.Globalization.NumberStyles.None, null, out var seconds) && seconds <= WaitSecondsMax;
        patience = TimeSpan.FromSeconds(good ? seconds : 0);
        return good;
    }
}
