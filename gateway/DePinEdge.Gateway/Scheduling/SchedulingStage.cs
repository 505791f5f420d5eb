using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Devices;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>
/// Jobs, compute units and leases: which device works on what until when. In: jobs, devices that are ready, verdicts, time. Out:
/// BatchDispatched and LeaseEnded records and the frames of batches. It reads the device table, asks for money only through
/// IBudget, for trust through IStanding, and never looks at results.
/// </summary>
public sealed class SchedulingStage(GatewayOptions options, DeviceStage devices, IBudget budget, IStanding standing)
{
    /// <summary>How long a device that gave up a job's batch, or failed a task, is passed over: what was in its way may be gone by then,
    /// and there may be no other device for it.</summary>
    public const int PassedOverMs = 60_000;

    // Devices that may be looked at in a millisecond to find the most trusted ones.
    private const int LookedAtPerMs = 100;

    private readonly byte[] body = new byte[FrameLimits.BodyBytesMax];
    // In the order in which they ran out of work; each at most once.
    private readonly Queue<string> hungry = new();
    private readonly HashSet<string> isHungry = new(StringComparer.Ordinal);
    private long rotation;

    public ProgramLibrary Programs { get; } = new();

    public JobTable Jobs { get; } = new();

    public LeaseTable Leases { get; } = new();

    public UnitTable Units { get; } = new(options.DevicesPerUnit);

    /// <summary>Batches sent since the start, again-sent ones included.</summary>
    public long BatchesSent { get; private set; }

    /// <summary>Leases that ran out since the start.</summary>
    public long LeasesExpired { get; private set; }

    /// <summary>Reports refused since the start, by whether the lease had run out or the batch was answered before.</summary>
    public long Late { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>When a throttled device that waits may have its next canary; <see cref="long.MaxValue"/> while none waits.</summary>
    public long NextCanaryMs { get; private set; } = long.MaxValue;

    /// <summary>Times a device began to wait for work because <see cref="GatewayOptions.RecomputeQueueMax"/> results wait for verdicts.</summary>
    public long RecomputeWaits { get; private set; }

    public void Apply(DurableRecord record)
    {
        switch (record)
        {
            case DeviceBorn born:
                Units.Born(born.Device, born.Board);
                break;
            case ProgramAdded added:
                Programs.Apply(added);
                break;
            case JobSubmitted submitted:
                Jobs.Apply(submitted);
                break;
            case BatchDispatched batch:
                Jobs.Get(batch.Job).Leasing(batch.Tasks);
                Leases.Opened(batch);
                break;
            case BatchJudged judged:
                Judged(judged);
                break;
            case LeaseEnded ended:
                Ended(ended);
                break;
            case JobCancelled cancelled:
                Jobs.Get(cancelled.Job).Cancelling = true;
                break;
            case JobEnded ended:
                Jobs.Apply(ended);
                break;
        }
    }

    /// <summary>The record of a job that passed <see cref="JobRules"/>; the core adds the escrow.</summary>
    public Outcome<JobSubmitted> Plan(JobAsked asked, long escrowMicro)
    {
        if (Jobs.Running.Count >= options.RunningJobsMax)
            return new Problem("limit-reached", $"{options.RunningJobsMax} jobs are running", "wait for one to end", GatewayLimit.RunningJobsMax);
        var count = asked.IsRange ? asked.RangeTo - asked.RangeFrom : asked.Inputs.Length;
        return new JobSubmitted(new JobId(Jobs.Next), asked.IdempotencyKey, asked.Requester, asked.Title, asked.Program, count, asked.IsRange,
            asked.IsRange ? asked.RangeFrom : 0, asked.Tail, FuelLimitOf(asked), asked.PriceMicro, escrowMicro, options.AttemptsMax);
    }

    /// <summary>The fuel limit a job gets: its own or the program's bound.</summary>
    public long FuelLimitOf(JobAsked asked) => asked.FuelLimit == 0 ? Programs.Find(asked.Program)!.Facts.FuelMax : asked.FuelLimit;

    /// <summary>A device is there: what it still has to do is sent again (it answers from its ring what it did), then it gets more.</summary>
    public void Ready(DeviceId device, IEffects effects)
    {
        foreach (var lease in Leases.Of(device.Value))
            if (!lease.Reported)
                Send(lease, effects);
    }

    /// <summary>Plans the next batch for a device that has room, or remembers that it is hungry. The core turns the plan into records.</summary>
    public BatchDispatched? PlanFor(Device device, Instant now)
    {
        // One that said goodbye and is about to sleep would only let a lease expire.
        if (device.Held || device.Session is not { Born: true, WakesAt: null } session || Free(device, session) < 1)
            return null;
        if (Leases.Reported >= options.RecomputeQueueMax || !MayWork(device, now) || Pick(device, now) is not { } plan)
        {
            if (!isHungry.Add(device.Id.Value))
                return null;
            hungry.Enqueue(device.Id.Value);
            RecomputeWaits += Leases.Reported >= options.RecomputeQueueMax ? 1 : 0;
            return null;
        }
        session.Window--;
        return plan;
    }

    /// <summary>Sends a batch that is a fact.</summary>
    public void Dispatched(BatchDispatched batch, IEffects effects)
    {
        var job = Jobs.Get(batch.Job);
        if (job.RateSinceMs < 0)
            (job.RateSinceMs, job.RateSinceDone) = (effects.Now.Ms, job.Done);
        Send(Leases.Find(batch.Batch)!, effects);
    }

    /// <summary>Devices that asked for work when there was none.</summary>
    public int Hungry => hungry.Count;

    /// <summary>True when a task of some job waits.</summary>
    public bool HasReady
    {
        get
        {
            foreach (var job in Jobs.Running.Values)
                if (!job.Cancelling && job.Ready.Count > 0)
                    return true;
            return false;
        }
    }

    /// <summary>Time went on: throttled devices whose wait is over are asked again with the other hungry ones.</summary>
    public void CanariesDue(long nowMs)
    {
        if (nowMs >= NextCanaryMs)
            NextCanaryMs = long.MaxValue;
    }

    /// <summary>The device that has waited for work longest, or null.</summary>
    public string? TakeHungry()
    {
        if (hungry.TryDequeue(out var name))
            isHungry.Remove(name);
        return name;
    }

    /// <summary>A device gave up a whole batch of a job.</summary>
    public static void GaveUp(Job job, DeviceId device, Instant now) => job.Unable[device.Value] = now.Ms + PassedOverMs;

    /// <summary>A program's image is there: who gave its jobs up for want of it may have them again.</summary>
    public void ImageProvided(ProgramHash program)
    {
        foreach (var job in Jobs.Running.Values)
            if (job.Spec.Program == program)
                job.Unable.Clear();
    }

    /// <summary>The lease that a report answers, marked as reported; or null after counting why not.</summary>
    public Lease? Answered(ResultReceived result, IEffects effects)
    {
        if (Leases.Find(result.Batch) is { } lease && lease.Batch.Device == result.Device && !lease.Reported)
        {
            lease.Reported = true;
            Leases.Reported++;
            return lease;
        }
        var reason = Leases.Find(result.Batch) is { } open
            ? open.Batch.Device == result.Device ? ReasonCode.Duplicate : ReasonCode.NotAsked
            : Leases.EndOf(result.Batch, result.Device) switch
            {
                ReasonCode.LeaseExpired => ReasonCode.Late,
                ReasonCode.NotAsked => ReasonCode.NotAsked,
                ReasonCode.Cancelled => ReasonCode.Cancelled,
                _ => ReasonCode.Duplicate,
            };
        Late += reason == ReasonCode.Late ? 1 : 0;
        Duplicates += reason == ReasonCode.Duplicate ? 1 : 0;
        effects.Pass(new Refused(result.Device.Value, reason, $"report on {result.Batch}") { Batch = result.Batch, Tasks = result.Tasks.Length });
        return null;
    }

    /// <summary>Ends the leases whose time is over. The core settles each and looks at its job.</summary>
    public Lease? TakeExpired(long nowMs)
    {
        var lease = Leases.TakeExpired(nowMs);
        if (lease is not null)
            LeasesExpired++;
        return lease;
    }

    /// <summary>After a restart: every open lease gets its whole time again.</summary>
    public void Rearm(long nowMs)
    {
        foreach (var lease in Leases.All)
            Leases.Arm(lease, nowMs);
    }

    /// <summary>Why nothing of a job runs now; empty while something does.</summary>
    public string WaitsFor(Job job)
    {
        if (job.State != JobState.Running || job.Leased > 0 || job.Ready.Count == 0)
            return "";
        var program = Programs.Find(job.Spec.Program)!;
        if (devices.Online == 0)
            return "no device is online";
        if (job.ExpectedFuel == 0)
            return "the gateway runs a few of its tasks itself, to know what they cost";
        if (program.Image is null)
            return "the program has no image yet; if this lasts, add the program again or cancel the job";
        if (!devices.Table.All.Any(device => device.Session is { Born: true } && BatchPlanner.Fits(device, program)))
            return $"no device that is online offers {program.Facts.MemoryBytes} bytes of memory and room for a {program.Facts.ImageBytes}-byte image";
        return job.Spec.PriceMicro > 0 && Affordable(job, 1) == 0
            ? $"{ReasonNames.Of(ReasonCode.OutOfBudget)}: {budget.EscrowLeftMicro(job.Spec.Job)} micro-credits are left in escrow"
            : job.Unable.Count > 0 ? $"{job.Unable.Count} devices gave it up; each is asked again after {PassedOverMs / 1000} s"
            : "waiting for a device with room";
    }

    public void WriteSnapshot(RecordWriter w)
    {
        Programs.WriteSnapshot(w);
        Jobs.WriteSnapshot(w);
        Leases.WriteSnapshot(w);
        Units.WriteSnapshot(w);
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        Programs.ReadSnapshot(ref r);
        Jobs.ReadSnapshot(ref r);
        Leases.ReadSnapshot(ref r);
        Units.ReadSnapshot(ref r);
    }

    private void Judged(BatchJudged judged)
    {
        var job = Jobs.Get(judged.Job);
        var facts = Programs.Find(job.Spec.Program)!.Facts;
        var lease = Leases.Find(judged.Batch);
        Invariant.Require(lease is not null && lease.Batch.Tasks.SequenceEqual(judged.Lines.Select(line => line.Task)), $"the verdict on {judged.Batch} is not about its tasks");
        Leases.Ended(judged.Batch, ReasonCode.Duplicate);
        var unit = Units.Find(lease.Batch.Unit);
        // As it stood before this verdict: the standings take it in after us.
        var proven = standing.StandingOf(judged.Device) == Standing.Proven;
        foreach (var line in judged.Lines)
        {
            if (line.Reason != ReasonCode.Paid)
                job.LastDevice[line.Task] = (judged.Device, judged.UtcMs);
            else
            {
                job.PaidMicro = checked(job.PaidMicro + budget.RewardMicro(line.Fuel, job.Spec.PriceMicro, judged.QualityPpm, judged.TimelinessPpm));
                if (unit is not null)
                    unit.TasksOk++;
            }
            job.Judged(line, facts.Reduce, facts.Output, proven, judged.UtcMs);
        }
        if (unit is not null)
            unit.LeasesKept++;
    }

    private void Ended(LeaseEnded ended)
    {
        var lease = Leases.Find(ended.Batch);
        Invariant.Require(lease is not null, $"{ended.Batch} has no lease to end");
        Leases.Ended(ended.Batch, ended.Reason);
        var job = Jobs.Get(lease.Batch.Job);
        foreach (var task in lease.Batch.Tasks)
        {
            job.LastDevice[task] = (lease.Batch.Device, ended.UtcMs);
            job.LeaseEnded(task, ended.Reason);
        }
        if (ended.Reason == ReasonCode.LeaseExpired && Units.Find(lease.Batch.Unit) is { } unit)
            unit.LeasesBroken++;
    }

    // What the board granted in its last report less what was sent since, and never more than it ever granted in this session: a report
    // that crosses a batch on its way would otherwise count one slot twice.
    private int Free(Device device, DeviceSession session) =>
        Math.Min(session.Window, session.WindowMax - Leases.OpenOf(device.Id.Value));

    private BatchDispatched? Pick(Device device, Instant now)
    {
        // Round robin over the running jobs, so that a long job does not starve a short one.
        foreach (var job in Jobs.Running.Values.Where(job => job.Spec.Job.Number > rotation).Concat(Jobs.Running.Values.Where(job => job.Spec.Job.Number <= rotation)))
        {
            if (Plan(device, job, now) is not { } plan)
                continue;
            rotation = job.Spec.Job.Number;
            return plan;
        }
        return null;
    }

    private BatchDispatched? Plan(Device device, Job job, Instant now)
    {
        var program = Programs.Find(job.Spec.Program)!;
        if (job.Cancelling || job.Ready.Count == 0 || job.ExpectedFuel == 0 || now.Ms < job.Unable.GetValueOrDefault(device.Id.Value, long.MinValue) || !BatchPlanner.Fits(device, program))
            return null;
        var max = BatchPlanner.TasksFor(device, job, program, devices.Online, options);
        if (job.Spec.PriceMicro > 0)
            max = Affordable(job, max);
        if (max < 1)
            return null;
        var trust = standing.StandingOf(device.Id);
        var tasks = job.Ready.Peek(trust == Standing.Throttled ? 1 : max, Skip(device, trust, job, program, now));
        if (tasks.Count == 0)
            return null;
        var fit = BatchPlanner.CountThatFits(job, tasks);
        tasks.RemoveRange(fit, tasks.Count - fit);
        var lease = BatchPlanner.LeaseMs(device, job, tasks, Leases.OpenOf(device.Id.Value), options);
        return new BatchDispatched(new BatchId(Leases.Next), job.Spec.Job, device.Id, Units.Of(device.Id)!.Id, [.. tasks], lease);
    }

    // A task that failed on this device goes to another one, unless there is none or it did not come for it. One whose result was refused
    // goes to the most trusted devices that are there: three liars in a row would fail it. But it waits for them no longer than a task
    // waits for another device: they may be busy for long, or never answer.
    private Func<long, bool>? Skip(Device device, Standing trust, Job job, StoredProgram program, Instant now)
    {
        if (devices.Online < 2 || (job.LastDevice.Count == 0 && job.Doubtful.Count == 0))
            return null;
        var trusted = trust == Standing.Proven || job.Doubtful.Count == 0 || trust >= BestStanding(job, program, now);
        return task => (job.LastDevice.TryGetValue(task, out var last) && last.Device == device.Id && IsRecent(last.UtcMs, now))
            || (!trusted && job.Doubtful.TryGetValue(task, out var refusedUtcMs) && IsRecent(refusedUtcMs, now));
    }

    // A wall clock that was set back must not keep a task waiting.
    private static bool IsRecent(long utcMs, Instant now) => now.UtcMs - utcMs is >= 0 and < PassedOverMs;

    private Standing BestStanding(Job job, StoredProgram program, Instant now)
    {
        if (now.Ms < job.Best.UntilMs)
            return job.Best.Standing;
        var best = Standing.Throttled;
        var looked = 0;
        foreach (var device in devices.Table.All)
        {
            looked++;
            if (device.Held || device.Session is not { Born: true } || now.Ms < job.Unable.GetValueOrDefault(device.Id.Value, long.MinValue)
                || !BatchPlanner.Fits(device, program))
                continue;
            var its = standing.StandingOf(device.Id);
            if (its > best)
                best = its;
            if (best == Standing.Proven)
                break;
        }
        // Among many devices this is asked for every plan: the answer holds as long as it is dear, and for a small site not at all.
        job.Best = (best, now.Ms + looked / LookedAtPerMs);
        return best;
    }

    // A throttled device has one batch at a time, and none before its wait is over.
    private bool MayWork(Device device, Instant now)
    {
        if (standing.StandingOf(device.Id) != Standing.Throttled)
            return true;
        var wait = standing.CanaryWaitMs(device.Id, now.UtcMs);
        if (wait > 0)
            NextCanaryMs = Math.Min(NextCanaryMs, now.Ms + wait);
        return wait == 0 && Leases.OpenOf(device.Id.Value) == 0;
    }

    private int Affordable(Job job, int max)
    {
        var left = budget.EscrowLeftMicro(job.Spec.Job);
        while (max > 0 && budget.ReservationMicro(job.Spec.FuelLimit, job.Spec.PriceMicro, max) > left)
            max--;
        return max;
    }

    private void Send(Lease lease, IEffects effects)
    {
        if (devices.Table.Find(lease.Batch.Device.Value) is not { } device)
            return;
        var job = Jobs.Get(lease.Batch.Job);
        var program = Programs.Find(job.Spec.Program)!;
        if (lease.SentMs == 0)
            Leases.Arm(lease, effects.Now.Ms);
        var left = (int)Math.Max(1, lease.DeadlineMs - effects.Now.Ms);
        if (devices.SendFrame(device, FrameKind.Batch, body, BatchPlanner.Encode(lease, job, program, left, body), effects))
            BatchesSent++;
    }
}
