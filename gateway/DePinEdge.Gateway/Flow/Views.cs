
namespace DePinEdge.Gateway.Flow;

// What people and the API see of the core's tables: plain values, copied on the core's thread, safe to hand to any other.

/// <summary>A new join code, shown once: the secret is not readable again.</summary>
/// <param name="JoinCode"><c>ID-SECRET</c>.</param>
public sealed record InviteView(string JoinCode, string CodeId, string Name, string Owner, long ExpiresUtcMs);

/// <summary>One device. Amounts in micro-credits, rates in fuel per second, times in UTC milliseconds (0: never).</summary>
/// <param name="Strikes">Wrong results that count against it, 0 to 5; from 3 on it gets single canary tasks only.</param>
/// <param name="SinceUtcMs">Since when the device is in its state, as far as this run of the gateway knows.</param>
/// <param name="Telemetry">The fields of its last report as one flat JSON object; empty before the first.</param>
public sealed record DeviceView(
    string Id, string Owner, string Board, string Chip, string Firmware, string Unit, string State, long SinceUtcMs, bool Online, string HeldReason,
    long FuelPerSecond, int MemoryBytesMax, long JoinedUtcMs, long LastSeenUtcMs, long TasksOk, long TasksRefused, int OpenBatches,
    long HeldMicro, long AvailableMicro, long EarnedMicro, long FramesIgnored, string LastRefusal, string Telemetry, int Strikes);

/// <summary>One compute unit. OnTime: share of leases answered before their deadline (1 before the first).</summary>
public sealed record UnitView(string Id, string Board, int Members, int Online, long FuelPerSecond, int OpenBatches, long TasksOk, double OnTime);

/// <summary>A program in the library.</summary>
public sealed record ProgramView(
    string Hash, string Name, string Version, int SizeBytes, int ImageBytes, int MemoryBytes, long FuelMax, string Output, string Reduce);

/// <summary>One job. <paramref name="Answer"/> is the reduced result so far (final when State is not running), null without a reduction.</summary>
/// <param name="Waits">Why nothing of it runs at the moment; empty while it runs.</param>
public sealed record JobView(
    string Id, string Title, string Program, string ProgramName, string Requester, string State, long Total, long Done, long Failed, long Leased,
    long Retried, long RefusedResults, long RecomputedEqual, string? Answer, long PriceMicro, long FuelLimit, long FuelUsed, long EscrowMicro,
    long PaidMicro, long SubmittedUtcMs, long EndedUtcMs, double TasksPerSecond, double EtaSeconds, string Waits);

/// <summary>One task's verified result. Output as lower-case hexadecimal, Value where the program's output is a number.</summary>
public sealed record TaskResultView(long Task, string Reason, int Status, string Trap, long Fuel, string Output, long? Value);

/// <summary>One account, micro-credits.</summary>
public sealed record AccountView(string Id, long BalanceMicro);

/// <summary>The ledger's state in one line.</summary>
public sealed record LedgerView(
    string LedgerId, string Site, long Records, long Turns, string Head, long Epoch, string EpochRoot, string EpochHead, bool EpochSigned,
    long IssuedMicro, long PostedMicro, long ReservedMicro, long EscrowMicro, int Accounts, bool Balanced);

/// <summary>A line of a device's recent receipts: what was credited or refused and why.</summary>
public sealed record ReceiptView(long UtcMs, string Batch, string Job, long Task, string Reason, long Fuel, long RewardMicro, string Detail);

/// <summary>Counters of the whole gateway since its start, for the demo, the API and metrics.</summary>
public sealed record GatewayCounters
{
    public long TasksJudged { get; init; }
    public long TasksPaid { get; init; }
    public long RecomputedEqual { get; init; }
    public long ResultsRefused { get; init; }
    public long LateResults { get; init; }
    public long DuplicateReports { get; init; }
    public long BatchesDispatched { get; init; }
    public long LeasesExpired { get; init; }
    public long FramesBad { get; init; }
    public long LoginsRefused { get; init; }
    public long JoinsRefused { get; init; }
    public int DevicesOnline { get; init; }
    public int Devices { get; init; }
    public int Units { get; init; }

    /// <summary>Everything refused, by the reason's name: frames, log-ins, joins, reports, and tasks of reports.</summary>
    public IReadOnlyDictionary<string, long> Refusals { get; init; } = new Dictionary<string, long>();
}

/// <summary>Lines of one batch's receipts that share their reason, as one.</summary>
/// <param name="Tasks">How many tasks they are.</param>
public sealed record BatchReceiptView(
    long UtcMs, string Device, string Batch, string Job, string Reason, int Tasks, long Fuel, long RewardMicro);
