// The demo as a requester: adds the programs, buys credits, submits the jobs and watches them.
using DePinEdge.Client;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Submits sample jobs side by side and follows them to their ends, through the API like anybody else.</summary>
/// <param name="client">The running gateway.</param>
/// <param name="screen">What people see.</param>
/// <param name="time">For rates and waits.</param>
/// <param name="flatOut">The boards are faster than the estimate's: said to people.</param>
internal sealed class DemoJobs(DepinClient client, DemoScreen screen, TimeProvider time, bool flatOut)
{
    private const string Requester = "demo";

    /// <summary>Micro-credits per million fuel: about ten credits for the primes below a million.</summary>
    private const long PriceMicro = 200_000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly List<DemoJob> all = [];
    private long began;

    /// <summary>Every job submitted so far, in that order.</summary>
    public IReadOnlyList<DemoJob> All => all;

    /// <summary>Adds a job's program, pays its credits in and submits it.</summary>
    /// <exception cref="HostException">The job cannot be run; says why.</exception>
    public async Task SubmitAsync(SampleJob sample, CancellationToken cancel)
    {
        var program = await client.AddProgramAsync(sample.Wasm, cancel);
        var submission = new JobSubmission
        {
            Program = program.Hash,
            Requester = Requester,
            Title = sample.Title,
            Range = sample.Range,
            Inputs = sample.Inputs is { } inputs ? [.. inputs.Select(Convert.ToHexStringLower)] : null,
            Params = sample.Params,
            PriceMicro = PriceMicro,
        };
        var estimate = await client.EstimateAsync(submission, cancel);
        if (estimate.Problems.Count > 0)
            throw new HostException($"the job '{sample.Title}' cannot be run: {estimate.Problems[0]}", "give more tasks with --tasks, so that each is smaller");
        var pace = flatOut ? " at the boards' own pace (they run flat out)" : "";
        screen.Line($"  job     {sample.Title}  {estimate.Tasks} tasks  estimate {DemoScreen.Duration(estimate.Seconds)}{pace}  {DemoScreen.Credits(estimate.CreditsMicro)} credits");

        // Twice the dearest sampled task bounds a task. The reserve covers the bonus for early results; what is not used comes back.
        submission = submission with { FuelLimit = Math.Min(2 * estimate.FuelMax, program.FuelMax) };
        await client.IssueAsync(Requester, checked(Reward.ReservationMicro(submission.FuelLimit, PriceMicro, 1) * estimate.Tasks), cancel);
        if (all.Count == 0)
            began = time.GetTimestamp();
        all.Add(new DemoJob(sample, await client.SubmitAsync(submission, null, cancel), Seconds));
    }

    /// <summary>
    /// Looks at the jobs that run until all have ended and fetches their answers. <paramref name="between"/> is called after every look;
    /// an exception of its ends the watch.
    /// </summary>
    public async Task FollowAsync(Func<Task> between, CancellationToken cancel)
    {
        while (true)
        {
            for (var i = 0; i < all.Count; i++)
                if (all[i].Seconds is null)
                    all[i] = await LookAsync(all[i], cancel);
            var ended = all.All(job => job.Seconds is not null);
            Show(ended);
            await between();
            if (ended)
                break;
            await Task.Delay(LookEvery, time, cancel);
        }

        screen.Bar.End();
    }

    /// <summary>Seconds from the first submission until now.</summary>
    public double Seconds => began == 0 ? 0 : time.GetElapsedTime(began).TotalSeconds;

    private async Task<DemoJob> LookAsync(DemoJob known, CancellationToken cancel)
    {
        var job = await client.JobAsync(known.Job.Id, 0, cancel);
        if (!job.Ended)
            return known with { Job = job };
        var results = new List<TaskResult>();
        await foreach (var result in client.ResultsAsync(job.Id, cancel))
            results.Add(result);
        return known with { Job = job, Seconds = Seconds - known.SubmittedAt, Answer = known.Sample.AnswerOf(job, results) };
    }

    private void Show(bool ended)
    {
        long done = 0, total = 0, retried = 0, refused = 0;
        double rate = 0, eta = 0;
        foreach (var job in all.Select(one => one.Job))
        {
            done += job.Done + job.Failed;
            total += job.Total;
            retried += job.Retried;
            refused += job.RefusedResults;
            rate += job.Ended ? 0 : job.TasksPerSecond;
            // One job whose end cannot be told makes the whole untold.
            if (!job.Ended)
                eta = double.IsFinite(job.EtaSeconds) && job.EtaSeconds >= 0 ? Math.Max(eta, job.EtaSeconds) : double.PositiveInfinity;
        }

        screen.Bar.Show(done, total, ended ? total / Seconds : rate, ended ? 0 : eta, retried, refused);
    }
}
