using DePinEdge.Agent.Tasks;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Scheduling;

namespace DePinEdge.Gateway.Verification;

/// <summary>
/// Judges results by running them again. In: a report on an open lease. Out: a request to recompute its tasks, later a BatchJudged
/// record with a line and a reason for each. It runs nothing itself and knows nothing of money.
/// <para>
/// Open audits are not durable: after a restart the lease is open, the batch is sent again, the board answers from its ring, and the
/// tasks are recomputed anew.
/// </para>
/// </summary>
public sealed class VerificationStage
{
    private const int OnePpm = 1_000_000;

    private readonly Dictionary<long, Audit> audits = [];
    private readonly Dictionary<long, JobId> estimates = [];
    private long next = 1;

    /// <summary>Strikes of each device.</summary>
    public StandingTable Standings { get; } = new();

    /// <summary>Results equal to the gateway's own run, since the start.</summary>
    public long Equal { get; private set; }

    /// <summary>Results refused, since the start.</summary>
    public long Unequal { get; private set; }

    /// <summary>Results given up by boards, since the start.</summary>
    public long Abandoned { get; private set; }

    /// <summary>Opens the audit of a report. Tasks of the lease that the report lacks count as given up; others are ignored.</summary>
    public RecomputeAsked Ask(Lease lease, Job job, ResultReceived result)
    {
        var tasks = lease.Batch.Tasks;
        var reported = new ReportedTask?[tasks.Length];
        foreach (var task in result.Tasks)
            if (Array.BinarySearch(tasks, task.Task) is >= 0 and var at && reported[at] is null && task.Trap != TrapCode.Abandoned && task.Fuel >= 0)
                reported[at] = task;
        var inputs = new List<byte[]>(tasks.Length);
        for (var i = 0; i < tasks.Length; i++)
            if (reported[i] is not null)
                inputs.Add(job.InputOf(tasks[i]));
        audits[next] = new Audit(lease.Batch, reported);
        return new RecomputeAsked(next++, job.Spec.Program, [.. inputs], job.Spec.FuelLimit);
    }

    /// <summary>
    /// Asks for a run of a job's first, middle and last task, so that batches and leases fit from the first one on: a program's fuel
    /// limit may be a thousand times what its tasks use.
    /// </summary>
    public RecomputeAsked Estimate(Job job)
    {
        long[] tasks = [.. new[] { 0, job.Spec.TaskCount / 2, job.Spec.TaskCount - 1 }.Distinct()];
        estimates[next] = job.Spec.Job;
        return new RecomputeAsked(next++, job.Spec.Program, [.. tasks.Select(job.InputOf)], job.Spec.FuelLimit);
    }

    /// <summary>The job that an answer estimates, with the mean fuel of its tasks (at least 1); null for any other answer.</summary>
    public (JobId Job, long Fuel)? TakeEstimate(Recomputed answer)
    {
        if (!estimates.Remove(answer.Number, out var job))
            return null;
        Int128 fuel = 0;
        foreach (var task in answer.Tasks)
            fuel += task.Fuel;
        return (job, (long)Int128.Max(1, fuel / answer.Tasks.Length));
    }

    /// <summary>The verdict, or null for an answer nobody waits for.</summary>
    public BatchJudged? Judge(Recomputed answer)
    {
        if (!audits.Remove(answer.Number, out var audit))
            return null;
        var lines = new TaskVerdict[audit.Reported.Length];
        var used = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (audit.Reported[i] is not { } reported)
            {
                Abandoned++;
                lines[i] = new TaskVerdict(audit.Batch.Tasks[i], ReasonCode.Abandoned, 0, 0, 0, []);
                continue;
            }
            var own = answer.Tasks[used++];
            var reason = Compare(reported, own);
            if (reason == ReasonCode.Paid)
                Equal++;
            else
                Unequal++;
            lines[i] = new TaskVerdict(reported.Task, reason, reported.Status, reported.Trap, reported.Fuel, reason == ReasonCode.Paid ? own.Output : []);
        }
        Invariant.Require(used == answer.Tasks.Length, $"recomputation {answer.Number} answers {answer.Tasks.Length} tasks, {used} were asked");
        return new BatchJudged(audit.Batch.Batch, audit.Batch.Job, audit.Batch.Device, OnePpm, OnePpm, OnePpm, lines);
    }

    private static ReasonCode Compare(ReportedTask reported, RecomputedTask own)
    {
        if (reported.Status != own.Status || reported.Trap != own.Trap)
            return ReasonCode.WrongStatus;
        if (!reported.Output.AsSpan().SequenceEqual(own.Output))
            return ReasonCode.WrongOutput;
        return reported.Fuel == own.Fuel ? ReasonCode.Paid : ReasonCode.WrongFuel;
    }

    private sealed record Audit(BatchDispatched Batch, ReportedTask?[] Reported);
}
