// The naive model: it hears what boards really sent and reads every stored record, predicts verdicts and transfers with rules of its own,
// and says what does not agree. It uses no code of verification or ledger.
using System.Numerics;
using System.Runtime.CompilerServices;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Scheduling;
using DePinEdge.Simulation.Plans;
using DePinEdge.Simulation.Site;

namespace DePinEdge.Simulation.Audit;

/// <summary>Follows a run from outside. Every method throws <see cref="SimulationException"/> where something is not as it must be.</summary>
public sealed class Auditor(Plan plan, Mechanisms seen)
{
    private readonly SortedDictionary<string, AuditedDevice> devices = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, AuditedLease> leases = [];
    private readonly SortedDictionary<long, AuditedJob> jobs = [];
    private readonly Dictionary<(string Device, long Batch), List<SentReport>> sent = [];
    private readonly Dictionary<(string Requester, long Amount), int> issuesAsked = [];
    private readonly Dictionary<long, string> givenTo = [];
    private readonly Report decoded = new();
    private readonly Batch batch = new();
    private readonly bool clockJumps = plan.Faults.Any(fault => fault.Kind == FaultKind.ClockJump);
    private long lastTurn, lastBatch, lastJob, lastIssue, lastEpoch;

    /// <summary>Balances.</summary>
    public NaiveBooks Books { get; } = new();

    public IReadOnlyDictionary<string, AuditedDevice> Devices => devices;

    public IReadOnlyDictionary<long, AuditedJob> Jobs => jobs;

    public IReadOnlyDictionary<long, AuditedLease> Leases => leases;

    /// <summary>What is read in the place of a record; for tests that the auditor notices what it must.</summary>
    public Func<DurableRecord, DurableRecord[]> Doctor { get; init; } = record => [record];

    /// <summary>Results that were judged.</summary>
    public long TasksJudged { get; private set; }

    /// <summary>Results that were refused.</summary>
    public long TasksRefused { get; private set; }

    /// <summary>False results that were paid.</summary>
    public long FalseAccepted { get; private set; }

    /// <summary>How long it may take until something that is due is done and stored: a commit is under way, then comes the next.</summary>
    public long SlackMs => (2 * plan.CommitMsMax) + plan.LingerMs + 50;

    /// <summary>A requester asks for credits.</summary>
    public void IssueAsked(string requester, long amountMicro) => issuesAsked[(requester, amountMicro)] = issuesAsked.GetValueOrDefault((requester, amountMicro)) + 1;

    /// <summary>A frame leaves a board; the report on a batch in it, or null.</summary>
    public SentReport? Sent(string device, BoardPlan board, byte[] frame)
    {
        if (frame.Length < FrameLimits.HeaderBytes)
            return null;
        if (devices.TryGetValue(device, out var known))
            known.Board = board;
        if (frame[1] != FrameKind.Report || !decoded.Decode(frame, FrameLimits.HeaderBytes, frame.Length - FrameLimits.HeaderBytes) || decoded.BatchId == 0)
            return null;
        var tasks = new List<SentTask>();
        for (var i = 0; i < decoded.Count; i++)
            tasks.Add(new SentTask(decoded.TaskId[i], decoded.Status[i], decoded.Trap[i], decoded.Fuel[i],
                decoded.Output.AsSpan(decoded.OutputOffset[i], decoded.OutputCount[i]).ToArray()));
        var key = (device, decoded.BatchId);
        if (!sent.TryGetValue(key, out var reports))
            sent[key] = reports = [];
        var report = new SentReport(device, decoded.BatchId, tasks);
        reports.Add(report);
        return report;
    }

    /// <summary>A report reaches the gateway's machine.</summary>
    public static void Arrived(SentReport report, long nowMs) => report.ArrivedMs.Add(nowMs);

    /// <summary>A frame reaches a board. What it tells must be stored: a batch that a crash made unhappened must never be seen.</summary>
    public void Seen(string device, byte[] frame)
    {
        if (frame.Length < FrameLimits.HeaderBytes || frame[1] != FrameKind.Batch || !batch.Decode(frame, FrameLimits.HeaderBytes, frame.Length - FrameLimits.HeaderBytes))
            return;
        Require(givenTo.TryGetValue(batch.BatchId, out var owner) && owner == device, $"{device} was sent b{batch.BatchId}, which is not stored as its own");
    }

    /// <summary>A requester is told that his job was taken.</summary>
    public void Told(string job) => Require(jobs.Values.Any(one => one.Spec.Job.ToString() == job), $"{job} was confirmed and is not stored");

    /// <summary>The gateway started again: every open lease has its whole time.</summary>
    public void Started(long nowMs)
    {
        foreach (var lease in leases.Values)
        {
            lease.DeadlineMs = nowMs + lease.Batch.LeaseMs;
            lease.Rearmed = true;
        }
    }

    /// <summary>A full disk has kept the gateway from doing anything until now.</summary>
    public void Resumed(long nowMs)
    {
        foreach (var lease in leases.Values)
            lease.DeadlineMs = Math.Max(lease.DeadlineMs, nowMs);
    }

    /// <summary>A turn was stored.</summary>
    public void Stored(Turn turn, long nowMs)
    {
        Require(turn.Seq == lastTurn + 1, $"turn {turn.Seq} follows turn {lastTurn}");
        lastTurn = turn.Seq;
        var records = 0;
        RecordCodec.ForEach(turn.Body, bytes =>
        {
            records++;
            foreach (var record in Doctor(RecordCodec.Read(bytes)))
                Take(record, nowMs);
        });
        Require(records == turn.RecordCount, $"turn {turn.Seq} holds {records} records and says {turn.RecordCount}");
        Books.RequireSettled();
        foreach (var job in jobs.Values)
            Require(job.Ended is not null || job.Leased.Count > 0 || !(job.AllOver || job.Cancelled), $"{job.Spec.Job} is over and was not ended");
        // What is called back is called back at once, but for answers that are here.
        foreach (var lease in leases.Values)
            Require(!(jobs[lease.Batch.Job.Number].Cancelled || devices[lease.Batch.Device.Value].Held) || ReportsOn(lease).Any(report => report.ArrivedMs.Count > 0),
                $"{lease.Batch.Batch} is open though its job is cancelled or its device held");
        foreach (var blob in turn.Blobs)
            if (blob.Bytes is { } bytes && blob.Key.StartsWith("result/", StringComparison.Ordinal))
                CheckResults(blob.Key, bytes);
    }

    /// <summary>Leases that are past their time, of a gateway that runs.</summary>
    public void CheckLeases(long nowMs)
    {
        foreach (var lease in leases.Values)
        {
            var endMs = lease.DeadlineMs + SlackMs;
            if (nowMs <= endMs)
                continue;
            // An answer in time stops the clock until it was run again.
            var answeredMs = ReportsOn(lease).SelectMany(report => report.ArrivedMs).Where(at => at <= endMs).DefaultIfEmpty(long.MinValue).Max();
            Require(answeredMs != long.MinValue && nowMs <= Math.Max(endMs, answeredMs) + GatewayProcess.WorkMsLongest + SlackMs,
                $"{lease.Batch.Batch} of {lease.Batch.Device} is open {nowMs - lease.DeadlineMs} ms past its time");
        }
    }

    private void Take(DurableRecord record, long nowMs)
    {
        switch (record)
        {
            case DeviceLoggedIn login:
                Require(login.LoginNumber > devices[login.Device.Value].LoginNumber, $"log-in {login.LoginNumber} of {login.Device} was accepted after {devices[login.Device.Value].LoginNumber}");
                devices[login.Device.Value].LoginNumber = login.LoginNumber;
                break;
            case KeyRotated:
                seen.Add("keys rotated");
                break;
            case DeviceJoined joined:
                seen.Add("joins");
                // A new key; what was held is free. Standing and credits stay.
                if (!devices.TryGetValue(joined.Device.Value, out var rejoined))
                    devices.Add(joined.Device.Value, rejoined = new AuditedDevice(joined.Device.Value));
                (rejoined.Held, rejoined.LoginNumber) = (false, 0);
                break;
            case DeviceHeld held:
                seen.Add($"devices held: {held.Held}");
                Require(!held.Held || plan.Faults.Any(fault => fault.Kind is FaultKind.Clone or FaultKind.Replay && (devices[held.Device.Value].Board is not { } board || (fault.Boards >> board.Number & 1) != 0)),
                    $"{held.Device} is held as a clone, and nobody has its key or says again what it said");
                devices[held.Device.Value].Held = held.Held;
                break;
            case JobSubmitted submitted:
                Submitted(submitted);
                break;
            case BatchDispatched dispatched:
                Dispatched(dispatched, nowMs);
                break;
            case BatchJudged judged:
                Judged(judged);
                break;
            case LeaseEnded ended:
                Ended(ended);
                break;
            case JobCancelled cancelled:
                jobs[cancelled.Job.Number].Cancelled = true;
                break;
            case JobEnded ended:
                Ended(ended);
                break;
            case EpochSealed seal:
                Require(seal.Epoch == ++lastEpoch, $"epoch {seal.Epoch} follows {lastEpoch - 1}");
                foreach (var device in devices.Keys)
                    Books.Expect(TransferKind.Release, seal.Epoch, $"dev:{device}:held", $"dev:{device}", Books.BalanceOf($"dev:{device}:held"));
                break;
            case Transferred { Kind: TransferKind.Issue } issue:
                Issued(issue);
                Books.Book(issue);
                break;
            case Transferred transfer:
                Books.Book(transfer);
                break;
        }
    }

    private void Issued(Transferred issue)
    {
        Require(issue.Reference == ++lastIssue, $"issue {issue.Reference} follows {lastIssue - 1}");
        var key = (issue.Credit.StartsWith("req:", StringComparison.Ordinal) ? issue.Credit[4..] : "", issue.AmountMicro);
        Require(issuesAsked.GetValueOrDefault(key) > 0, $"nobody asked for {issue.AmountMicro} to {issue.Credit}");
        issuesAsked[key]--;
        Books.Expect(TransferKind.Issue, issue.Reference, "sys:treasury", issue.Credit, issue.AmountMicro);
    }

    private void Submitted(JobSubmitted submitted)
    {
        Require(submitted.Job.Number == ++lastJob, $"job {submitted.Job} follows {lastJob - 1}");
        var asked = plan.Jobs.Single(job => job.Key == submitted.IdempotencyKey);
        Require(jobs.Values.All(job => job.Spec.IdempotencyKey != asked.Key), $"{asked.Key} was submitted twice");
        Require(submitted.TaskCount == asked.Tasks && submitted.Requester == asked.Requester && submitted.PriceMicro == asked.PriceMicro, $"{asked.Key} was not recorded as asked");
        jobs.Add(submitted.Job.Number, new AuditedJob(submitted, asked));
        var cost = asked.Tasks * DearestMicro(submitted);
        var escrow = asked.MaxCreditsMicro == 0 ? cost : BigInteger.Min(cost, asked.MaxCreditsMicro);
        Require(escrow == submitted.EscrowMicro, $"{submitted.Job} sets {submitted.EscrowMicro} aside, predicted {escrow}");
        Books.Expect(TransferKind.Escrow, lastJob, $"req:{asked.Requester}", $"sys:escrow:j{lastJob}", escrow);
    }

    private void Dispatched(BatchDispatched batch, long nowMs)
    {
        var what = $"{batch.Batch} of {batch.Job} to {batch.Device}";
        Require(batch.Batch.Number == ++lastBatch, $"{what} follows {lastBatch - 1}");
        var job = jobs[batch.Job.Number];
        var device = devices[batch.Device.Value];
        Require(job is { Ended: null, Cancelled: false }, $"{what}: the job is over");
        Require(!device.Held, $"{what}: the device is held");
        Require(batch.Tasks.Length is > 0 and <= 32, $"{what} has {batch.Tasks.Length} tasks");
        Require(batch.LeaseMs >= plan.Options.LeaseFloorMs, $"{what} has a lease of {batch.LeaseMs} ms");
        foreach (var task in batch.Tasks)
        {
            Require(job.Waits(task), $"{what}: task {task} does not wait ({(job.Leased.TryGetValue(task, out var other) ? $"batch {other} has it" : "it is over or none of the job's")})");
            job.Leased.Add(task, batch.Batch.Number);
        }
        if (device.Throttled)
        {
            seen.Add("canaries");
            Require(batch.Tasks.Length == 1 && device.Open.Count == 0, $"{what}: a throttled device gets {batch.Tasks.Length} tasks beside {device.Open.Count} batches");
            Require(device.NotBeforeUtcMs - batch.UtcMs is <= 0 or > 64_000, $"{what}: a throttled device must wait {device.NotBeforeUtcMs - batch.UtcMs} ms more");
        }
        device.Open.Add(batch.Batch.Number);
        givenTo.Add(batch.Batch.Number, batch.Device.Value);
        Require(device.Board is not { } board || device.Open.Count <= board.Window, $"{what}: the device has {device.Open.Count} batches, its window is {device.Board?.Window}");
        leases.Add(batch.Batch.Number, new AuditedLease(batch, nowMs + batch.LeaseMs));
        Books.Expect(TransferKind.Reserve, batch.Batch.Number, Escrow(job), Reserve(job), batch.Tasks.Length * DearestMicro(job.Spec));
    }

    private void Judged(BatchJudged judged)
    {
        var what = $"the verdict on {judged.Batch} of {judged.Device}";
        var lease = Close(judged.Batch, what);
        var job = jobs[lease.Batch.Job.Number];
        var device = devices[judged.Device.Value];
        Require(judged.Job == lease.Batch.Job && judged.Device == lease.Batch.Device && judged.Lines.Select(line => line.Task).SequenceEqual(lease.Batch.Tasks),
            $"{what} is not about its tasks");
        CountFalse(judged, job);
        var reports = ReportsOn(lease).Where(report => report.ArrivedMs.Count > 0).ToArray();
        Require(reports.Length > 0, $"{what}: no report on it ever arrived");
        Require(reports.Any(report => report.ArrivedMs[0] <= lease.DeadlineMs + SlackMs), $"{what}: its answer came after its lease");
        Require(reports.Any(report => judged.Lines.All(line => Predicted(report, job, line.Task) == line.Reason)),
            $"{what} says {string.Join(", ", judged.Lines.Select(line => $"{line.Task}: {line.Reason}"))}; predicted {string.Join(" or ", reports.Select(report => string.Join(", ", judged.Lines.Select(line => Predicted(report, job, line.Task)))).Distinct())}");

        var proven = device.Proven;
        var pay = BigInteger.Zero;
        foreach (var line in judged.Lines)
        {
            TasksJudged++;
            seen.Add($"tasks {line.Reason}");
            if (line.Reason == ReasonCode.Paid)
            {
                Require(!job.Over.ContainsKey(line.Task), $"{what}: task {line.Task} is paid a second time");
                device.Paid++;
                var micro = (BigInteger)line.Fuel * job.Spec.PriceMicro * judged.QualityPpm * judged.TimelinessPpm / BigInteger.Pow(10, 18);
                pay += micro;
                job.PaidMicro += (long)micro;
                job.Paid(line.Task, Oracle.Truth(job.Plan, line.Task, job.Spec.FuelLimit));
            }
            else if (line.Reason == ReasonCode.Abandoned)
                job.Back(line.Task, 0);
            else
            {
                TasksRefused++;
                device.Refused++;
                Require(device.Board is not { Truthful: true }, $"{what}: an honest board's result of task {line.Task} was refused: {line.Reason}");
                job.Back(line.Task, proven ? 3 : 1);
            }
        }
        device.Judged(judged.Lines.Count(line => line.Reason == ReasonCode.Paid),
            judged.Lines.Count(line => line.Reason is not (ReasonCode.Paid or ReasonCode.Abandoned)), judged.UtcMs);
        Settle(lease, job, pay);
    }

    /// <summary>A paid line must be the truth, and the board must have said it.</summary>
    private void CountFalse(BatchJudged judged, AuditedJob job)
    {
        var reports = sent.GetValueOrDefault((judged.Device.Value, judged.Batch.Number)) ?? [];
        foreach (var line in judged.Lines.Where(line => line.Reason == ReasonCode.Paid))
        {
            var truth = Oracle.Truth(job.Plan, line.Task, job.Spec.FuelLimit);
            if (truth.Says(new SentTask(line.Task, line.Status, line.Trap, line.Fuel, line.Output))
                && reports.Any(report => report.Tasks.Any(task => task.Task == line.Task && task.Says(truth))))
                continue;
            FalseAccepted++;
            throw new SimulationException($"a false result was paid: task {line.Task} of {job.Spec.Job}, {judged.Batch} of {judged.Device}");
        }
    }

    private static ReasonCode Predicted(SentReport report, AuditedJob job, long task)
    {
        // 255: the board gave the task up.
        if (report.Tasks.FirstOrDefault(one => one.Task == task && one.Trap != 255 && one.Fuel >= 0) is not { } said)
            return ReasonCode.Abandoned;
        var truth = Oracle.Truth(job.Plan, task, job.Spec.FuelLimit);
        return said.Status != truth.Status || said.Trap != truth.Trap ? ReasonCode.WrongStatus
            : !said.Output.AsSpan().SequenceEqual(truth.Output) ? ReasonCode.WrongOutput
            : said.Fuel != truth.Fuel ? ReasonCode.WrongFuel : ReasonCode.Paid;
    }

    private void Ended(LeaseEnded ended)
    {
        var lease = Close(ended.Batch, $"the end of {ended.Batch}");
        var job = jobs[lease.Batch.Job.Number];
        seen.Add($"leases {ended.Reason}");
        var expired = ended.Reason == ReasonCode.LeaseExpired;
        Require(!expired || clockJumps || lease.Rearmed || ended.UtcMs - lease.Batch.UtcMs > lease.Batch.LeaseMs,
            $"{ended.Batch} expired {lease.Batch.LeaseMs - (ended.UtcMs - lease.Batch.UtcMs)} ms before its time");
        Require(ended.Reason != ReasonCode.Cancelled || job.Cancelled, $"{ended.Batch} was cancelled, its job was not");
        foreach (var task in lease.Batch.Tasks)
            job.Back(task, expired ? 1 : 0);
        Settle(lease, job, BigInteger.Zero);
    }

    private AuditedLease Close(BatchId batch, string what)
    {
        Require(leases.Remove(batch.Number, out var lease), $"{what}: no such lease is open");
        devices[lease!.Batch.Device.Value].Open.Remove(batch.Number);
        return lease;
    }

    private void Settle(AuditedLease lease, AuditedJob job, BigInteger pay)
    {
        var number = lease.Batch.Batch.Number;
        Books.Expect(TransferKind.Post, number, Reserve(job), $"dev:{lease.Batch.Device}:held", pay);
        Books.Expect(TransferKind.Return, number, Reserve(job), Escrow(job), lease.Batch.Tasks.Length * DearestMicro(job.Spec) - pay);
    }

    private void Ended(JobEnded ended)
    {
        var job = jobs[ended.Job.Number];
        var state = !job.AllOver ? JobState.Cancelled : job.Failed > 0 ? JobState.Failed : JobState.Completed;
        Require(job.Ended is null && job.Leased.Count == 0, $"{ended.Job} ends twice or with open leases");
        Require(ended.State == state && (job.AllOver || job.Cancelled), $"{ended.Job} ends as {ended.State}, predicted {state}");
        job.Ended = state;
        seen.Add($"jobs {state}");
        seen.Add("tasks given up after their tries", job.Over.Values.Count(result => result is null));
        seen.Add("tasks that failed by themselves", job.Over.Values.Count(result => result is not (null or { Status: 0, Trap: 0 })));
        Books.Expect(TransferKind.Refund, ended.Job.Number, Escrow(job), $"req:{job.Spec.Requester}", Books.BalanceOf(Escrow(job)));
    }

    private void CheckResults(string key, byte[] bytes)
    {
        var job = jobs[long.Parse(key.AsSpan("result/j".Length))];
        var lines = JobResults.Decode(bytes, OutputKind.U32);
        Require(lines.Select(line => line.Task).SequenceEqual(job.Over.Keys.Order()), $"{key} lists other tasks than those that are over");
        foreach (var line in lines)
            if (job.Over[line.Task] is { } truth)
                Require(line.Status == truth.Status && line.Fuel == truth.Fuel && line.Output == Convert.ToHexStringLower(truth.Output), $"{key}: task {line.Task} has another result");
    }

    private List<SentReport> ReportsOn(AuditedLease lease) => sent.GetValueOrDefault((lease.Batch.Device.Value, lease.Batch.Batch.Number)) ?? [];

    /// <summary>The most one task can cost: its whole fuel limit at the best timeliness.</summary>
    private static BigInteger DearestMicro(JobSubmitted job) =>
        (BigInteger)job.FuelLimit * job.PriceMicro * 1_000_000 * 1_500_000 / BigInteger.Pow(10, 18);

    private static string Escrow(AuditedJob job) => $"sys:escrow:{job.Spec.Job}";

    private static string Reserve(AuditedJob job) => $"sys:reserve:{job.Spec.Job}";

    private static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] InvariantMessage otherwise)
    {
        if (!condition)
            throw new SimulationException(otherwise.ToString());
    }
}
