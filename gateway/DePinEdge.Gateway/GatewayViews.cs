using System.Globalization;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Devices;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Gateway.Scheduling;
using DePinEdge.Gateway.Telemetry;
using DePinEdge.Gateway.Verification;

namespace DePinEdge.Gateway;

/// <summary>
/// What people and the API see of the stages' tables, copied into plain values. Called on the core's thread only; what it returns may
/// go anywhere.
/// </summary>
public sealed class GatewayViews
{
    /// <summary>The program's version, as it is published.</summary>
    public static string Version { get; } = typeof(GatewayViews).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private readonly GatewayOptions options;
    private readonly Journal journal;
    private readonly DeviceStage devices;
    private readonly SchedulingStage scheduling;
    private readonly VerificationStage verification;
    private readonly LedgerStage ledger;
    private readonly TelemetryStage telemetry;
    private readonly SortedDictionary<ReasonCode, long> refusals = [];

    internal GatewayViews(GatewayOptions options, Journal journal, DeviceStage devices, SchedulingStage scheduling, VerificationStage verification,
        LedgerStage ledger, TelemetryStage telemetry)
    {
        this.options = options;
        this.journal = journal;
        this.devices = devices;
        this.scheduling = scheduling;
        this.verification = verification;
        this.ledger = ledger;
        this.telemetry = telemetry;
    }

    /// <summary>Every device, by id.</summary>
    public IReadOnlyList<DeviceView> Devices() => [.. devices.Table.All.Select(Of)];

    /// <summary>The first devices by id, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<DeviceView> Devices(int most) => [.. devices.Table.All.Take(most).Select(Of)];

    /// <summary>One device by id.</summary>
    public Outcome<DeviceView> Device(string id) =>
        devices.Table.Find(id) is { } device ? Of(device) : new Problem("unknown-device", $"no device '{id}'", "depin device ls shows them");

    /// <summary>The last receipt lines of a device, newest first.</summary>
    public IReadOnlyList<ReceiptView> Receipts(string device) => telemetry.Receipts.Of(device);

    /// <summary>What was paid or refused last, of all devices, newest first.</summary>
    public IReadOnlyList<BatchReceiptView> RecentReceipts() => telemetry.Recent.Newest();

    /// <summary>Every compute unit, by id.</summary>
    public IReadOnlyList<UnitView> Units() => [.. scheduling.Units.All.Select(Of)];

    /// <summary>The first compute units by id, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<UnitView> Units(int most) => [.. scheduling.Units.All.Take(most).Select(Of)];

    /// <summary>The library's programs, by hash.</summary>
    public IReadOnlyList<ProgramView> Programs() => [.. scheduling.Programs.All.Select(Of)];

    /// <summary>The jobs, newest first.</summary>
    public IReadOnlyList<JobView> Jobs(Instant now) => [.. scheduling.Jobs.All.Reverse().Select(job => Of(job, now))];

    /// <summary>Running jobs and then the newest ended ones, together at most <paramref name="most"/>, newest first; and how many there are in all.</summary>
    public (IReadOnlyList<JobView> Some, int All) Jobs(Instant now, int most)
    {
        var some = scheduling.Jobs.Running.Values.Reverse().Take(most).ToList();
        for (var number = scheduling.Jobs.Next - 1; number > 0 && some.Count < Math.Min(most, scheduling.Jobs.Count); number--)
            if (scheduling.Jobs.Find(new JobId(number)) is { State: not JobState.Running } job)
                some.Add(job);
        return ([.. some.OrderByDescending(job => job.Spec.Job).Select(job => Of(job, now))], scheduling.Jobs.Count);
    }

    /// <summary>One job by id (<c>j7</c> or <c>7</c>).</summary>
    public Outcome<JobView> Job(string id, Instant now) => FindJob(id) is { } job ? Of(job, now) : NoJob(id);

    /// <summary>
    /// A running job's results so far, sorted by task; null (without a problem) for an ended job, whose results are the blob
    /// <c>result/jN</c>: read it and decode it with <see cref="JobResults.Decode"/> and <see cref="OutputOf"/>.
    /// </summary>
    public Outcome<TaskResultView[]?> Results(string id)
    {
        if (FindJob(id) is not { } job)
            return NoJob(id);
        return job.State == JobState.Running ? Results(job) : default(Outcome<TaskResultView[]?>);
    }

    /// <summary>What the outputs of a job mean; bytes for an unknown job.</summary>
    public OutputKind OutputOf(string id) => FindJob(id) is { } job ? scheduling.Programs.Find(job.Spec.Program)!.Facts.Output : OutputKind.Bytes;

    /// <summary>Every account, by id.</summary>
    public IReadOnlyList<AccountView> Accounts() => [.. ledger.Accounts().Select(account => new AccountView(account.Account, account.BalanceMicro))];

    /// <summary>Requesters' accounts and those of the site that hold something, by id, at most <paramref name="most"/>; and how many they are.</summary>
    public (IReadOnlyList<AccountView> First, int All) AccountsBesideDevices(int most)
    {
        var all = ledger.Accounts().Where(account => AccountIds.ClassOf(account.Account) is var kind
            && (kind == AccountClass.Requester || (account.BalanceMicro != 0 && kind is not (AccountClass.Held or AccountClass.Available)))).ToList();
        return ([.. all.Take(most).Select(account => new AccountView(account.Account, account.BalanceMicro))], all.Count);
    }

    /// <summary>The ledger in one line.</summary>
    public LedgerView Ledger() => new(
        ledger.LedgerId, ledger.Site, journal.Records, journal.LastTurn, Convert.ToHexStringLower(journal.Head), ledger.Epoch,
        Convert.ToHexStringLower(ledger.EpochRoot), Convert.ToHexStringLower(ledger.EpochHead), ledger.EpochSigned, ledger.IssuedMicro, ledger.PostedMicro,
        ledger.ReservedMicro, ledger.EscrowMicro, ledger.AccountCount, ledger.Balanced);

    /// <summary>Counters since the start of this run.</summary>
    public GatewayCounters Counters() => new()
    {
        TasksJudged = verification.Equal + verification.Unequal + verification.Abandoned,
        TasksPaid = verification.Equal,
        RecomputedEqual = verification.Equal,
        ResultsRefused = verification.Unequal,
        LateResults = scheduling.Late,
        DuplicateReports = scheduling.Duplicates,
        BatchesDispatched = scheduling.BatchesSent,
        LeasesExpired = scheduling.LeasesExpired,
        FramesBad = devices.FramesBad,
        LoginsRefused = devices.Logins.Refusals,
        JoinsRefused = devices.Join.Refusals,
        DevicesOnline = devices.Online,
        Devices = devices.Table.Count,
        Units = scheduling.Units.Count,
        Refusals = refusals.ToDictionary(one => ReasonNames.Of(one.Key), one => one.Value),
    };

    /// <summary>Something was refused: a frame, a log-in, a join, a report, a task's result.</summary>
    internal void CountRefusal(Refused message)
    {
        if (!message.Judged)
            CountRefusal(message.Reason);
    }

    private void CountRefusal(ReasonCode reason) => refusals[reason] = refusals.GetValueOrDefault(reason) + 1;

    /// <summary>The latest time of any record, UTC milliseconds: a clock before it is wrong.</summary>
    public long LastRecordUtcMs => journal.LastUtcMs;

    /// <summary>The core's numbers for /metrics.</summary>
    public CoreMetrics Metrics(Tally tally, Instant now, bool paused)
    {
        var reasons = Enum.GetValues<ReasonCode>();
        return new CoreMetrics(
            Counters(), CountBy(devices.Table.All, StateOf), CountBy(scheduling.Jobs.All, job => Lower(job.State)),
            reasons.Where(reason => tally.Tasks(reason) > 0 || reason == ReasonCode.Paid).ToDictionary(ReasonNames.Of, tally.Tasks),
            reasons.Where(refusals.ContainsKey).ToDictionary(ReasonNames.Of, reason => refusals[reason]),
            Enum.GetValues<GatewayLimit>().ToDictionary(
                limit => limit.ToString(), limit => limit == GatewayLimit.RecomputeQueueMax ? scheduling.RecomputeWaits : tally.Of(limit)),
            [.. tally.VerdictBuckets], tally.VerdictMsTotal / 1000.0, tally.TelemetryReports, tally.FuelPaid, Ledger(), scheduling.Jobs.Running.Count,
            scheduling.Leases.All.Count(), scheduling.Leases.Reported, devices.Table.OpenCodes(now.UtcMs), scheduling.Programs.All.Count(), paused);
    }

    private static Dictionary<string, long> CountBy<T>(IEnumerable<T> all, Func<T, string> state) =>
        all.GroupBy(state).ToDictionary(group => group.Key, group => group.LongCount());

    internal static Problem NoJob(string id) => new("unknown-job", $"no job '{id}'", "depin job ls shows them");

    internal Job? FindJob(string id) => JobId.TryParse(id, out var number) ? scheduling.Jobs.Find(number) : null;

    internal static ProgramView Of(StoredProgram program) => new(
        program.Facts.Hash.Hex, program.Facts.Name, program.Facts.Version, program.Facts.SizeBytes, program.Facts.ImageBytes, program.Facts.MemoryBytes,
        program.Facts.FuelMax, Lower(program.Facts.Output), Lower(program.Facts.Reduce));

    internal DeviceView Of(Device device) => new(
        device.Id.Value, device.Owner, device.Birth?.Board ?? device.JoinedBoard, device.Birth?.Chip ?? "", device.Birth?.Firmware ?? "",
        scheduling.Units.Of(device.Id)?.Id.Value ?? "", StateOf(device),
        telemetry.SinceUtcMs(device.Id.Value), device.Session is { Born: true }, device.Held ? ReasonNames.Of(device.HeldReason) : "",
        device.Birth?.FuelPerSecond ?? 0, device.Birth?.MemoryBytesMax ?? 0, device.JoinedUtcMs, device.LastSeenUtcMs, device.TasksOk, device.TasksRefused,
        scheduling.Leases.OpenOf(device.Id.Value), ledger.BalanceMicro(AccountIds.Held(device.Id)), ledger.BalanceMicro(AccountIds.Available(device.Id)),
        ledger.EarnedMicro(device.Id), device.FramesIgnored, device.LastRefusal, telemetry.LatestOf(device.Id.Value),
        verification.Standings.StrikesOf(device.Id));

    internal UnitView Of(ComputeUnit unit)
    {
        var online = 0;
        long rate = 0;
        var open = 0;
        foreach (var member in unit.Members)
        {
            open += scheduling.Leases.OpenOf(member);
            if (devices.Table.Find(member) is not { Session: { Born: true }, Birth: { } birth })
                continue;
            online++;
            rate += birth.FuelPerSecond;
        }
        var leases = unit.LeasesKept + unit.LeasesBroken;
        return new UnitView(unit.Id.Value, unit.Board, unit.Members.Count, online, rate, open, unit.TasksOk, leases == 0 ? 1 : (double)unit.LeasesKept / leases);
    }

    internal JobView Of(Job job, Instant now)
    {
        var spec = job.Spec;
        var program = scheduling.Programs.Find(spec.Program)!;
        var seconds = job.RateSinceMs < 0 ? 0 : Math.Max(0.001, (now.Ms - job.RateSinceMs) / 1000.0);
        var rate = job.State != JobState.Running || seconds == 0 ? 0 : (job.Done - job.RateSinceDone) / seconds;
        var left = spec.TaskCount - job.Done - job.Failed;
        return new JobView(
            spec.Job.ToString(), spec.Title, spec.Program.Hex, program.Facts.Name, spec.Requester, Lower(job.State), spec.TaskCount, job.Done, job.Failed,
            job.Leased, job.Retried, job.Refused, job.RecomputedEqual, AnswerOf(job, program.Facts.Reduce), spec.PriceMicro, spec.FuelLimit, job.FuelPaid,
            spec.EscrowMicro, job.PaidMicro, job.SubmittedUtcMs, job.EndedUtcMs, rate, rate > 0 ? left / rate : 0, scheduling.WaitsFor(job));
    }

    /// <summary>Keeps a line for each task of a verdict, as its owner sees it.</summary>
    internal void AddReceipts(BatchJudged judged, Job job, Instant now)
    {
        foreach (var line in judged.Lines)
        {
            var paid = line.Reason == ReasonCode.Paid;
            if (!paid)
                CountRefusal(line.Reason);
            var reward = paid ? Reward.Micro(line.Fuel, job.Spec.PriceMicro, judged.QualityPpm, judged.TimelinessPpm) : 0;
            telemetry.Recent.Add(now.UtcMs, judged.Device.Value, judged.Batch.ToString(), judged.Job.ToString(), line.Reason, line.Fuel, reward);
            telemetry.Receipts.Add(judged.Device.Value, new ReceiptView(now.UtcMs, judged.Batch.ToString(), judged.Job.ToString(), line.Task,
                ReasonNames.Of(line.Reason), line.Fuel, reward, paid
                    ? string.Create(CultureInfo.InvariantCulture, $"{line.Fuel} fuel at {job.Spec.PriceMicro} per million")
                    : line.Reason == ReasonCode.Abandoned ? "the board gave it up" : "differs from the gateway's own run"));
        }
    }

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string? AnswerOf(Job job, Reduction reduce) => reduce switch
    {
        Reduction.Sum or Reduction.Min or Reduction.Max when job.HasValue => job.Accumulator.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>held, throttled, ready, sleeping (as it promised), init (never there) or lost.</summary>
    internal string StateOf(Device device) =>
        device.Held ? "held"
        : device.Session is { Born: true } ? verification.Standings.StandingOf(device.Id) == Standing.Throttled ? "throttled" : "ready"
        : device.WakesAt is not null ? "sleeping"
        : device.Birth is null ? "init" : "lost";

    private TaskResultView[] Results(Job job) =>
        JobResults.Decode(job.Results.ToBytes(), scheduling.Programs.Find(job.Spec.Program)!.Facts.Output);
}
