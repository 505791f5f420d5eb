namespace DePinEdge.Client;

// The API's shapes as a client sees them; the gateway's documentation of /api/v1 is the contract. Amounts are micro-credits
// (1,000,000 are one credit), times UTC milliseconds with 0 for never, rates fuel per second.

/// <summary>A new join code, shown once.</summary>
/// <param name="JoinCode"><c>ID-SECRET</c>, for the board.</param>
public sealed record Invite(string JoinCode, string CodeId, string Name, string Owner, long ExpiresUtcMs);

/// <summary>One device.</summary>
/// <param name="Telemetry">Its last telemetry as flat JSON; empty before the first.</param>
/// <param name="Strikes">Wrong results that count against it, 0 to 5; from 3 on it gets single canary tasks only.</param>
public sealed record Device(
    string Id, string Owner, string Board, string Chip, string Firmware, string Unit, string State, long SinceUtcMs, bool Online, string HeldReason,
    long FuelPerSecond, int MemoryBytesMax, long JoinedUtcMs, long LastSeenUtcMs, long TasksOk, long TasksRefused, int OpenBatches,
    long HeldMicro, long AvailableMicro, long EarnedMicro, long FramesIgnored, string LastRefusal, string Telemetry, int Strikes);

/// <summary>A line of a device's recent receipts: what was credited or refused, and why.</summary>
public sealed record Receipt(long UtcMs, string Batch, string Job, long Task, string Reason, long Fuel, long RewardMicro, string Detail);

/// <summary>One compute unit.</summary>
/// <param name="OnTime">Share of leases answered before their deadline.</param>
public sealed record Unit(string Id, string Board, int Members, int Online, long FuelPerSecond, int OpenBatches, long TasksOk, double OnTime);

/// <summary>A program in the library.</summary>
public sealed record ProgramEntry(
    string Hash, string Name, string Version, int SizeBytes, int ImageBytes, int MemoryBytes, long FuelMax, string Output, string Reduce);

/// <summary>What to submit. Exactly one of <see cref="Range"/> and <see cref="Inputs"/>.</summary>
public sealed record JobSubmission
{
    /// <summary>Hash, a prefix of it (6 digits or more), or name.</summary>
    public required string Program { get; init; }

    /// <summary>Who pays.</summary>
    public string Requester { get; init; } = "local";

    /// <summary>For people.</summary>
    public string Title { get; init; } = "";

    /// <summary>One task for each number.</summary>
    public JobRange? Range { get; init; }

    /// <summary>One task for each input, hexadecimal.</summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>The program's job parameters by name.</summary>
    public IReadOnlyDictionary<string, ulong>? Params { get; init; }

    /// <summary>0: the program's own bound.</summary>
    public long FuelLimit { get; init; }

    /// <summary>Micro-credits per million fuel.</summary>
    public long PriceMicro { get; init; } = 1_000;

    /// <summary>0: whatever the job can cost at most.</summary>
    public long MaxCreditsMicro { get; init; }
}

/// <summary>Task indices from <paramref name="From"/> up to but not including <paramref name="To"/>.</summary>
public sealed record JobRange(long From, long To);

/// <summary>One job.</summary>
/// <param name="State">running, completed, failed or cancelled.</param>
/// <param name="Answer">The reduced result so far; null without a reduction.</param>
/// <param name="Waits">Why nothing of it runs at the moment; empty while it runs.</param>
public sealed record Job(
    string Id, string Title, string Program, string ProgramName, string Requester, string State, long Total, long Done, long Failed, long Leased,
    long Retried, long RefusedResults, long RecomputedEqual, string? Answer, long PriceMicro, long FuelLimit, long FuelUsed, long EscrowMicro,
    long PaidMicro, long SubmittedUtcMs, long EndedUtcMs, double TasksPerSecond, double EtaSeconds, string Waits)
{
    /// <summary>True when nothing more will change.</summary>
    public bool Ended => State != "running";
}

/// <summary>One task's verified result.</summary>
/// <param name="Output">Lower-case hexadecimal.</param>
/// <param name="Value">The output as a number, where the program's output is one.</param>
public sealed record TaskResult(long Task, string Reason, int Status, string Trap, long Fuel, string Output, long? Value);

/// <summary>What a job would cost, from a few of its tasks.</summary>
/// <param name="Seconds">On the boards that are online now; null when none is.</param>
public sealed record Estimate(
    string Program, string ProgramName, long Tasks, int Sampled, long FuelMin, long FuelMean, long FuelMax, long FuelTotal, long PriceMicro,
    long CreditsMicro, long CreditsMaxMicro, double? Seconds, IReadOnlyList<string> Problems);

/// <summary>One account.</summary>
public sealed record Account(string Id, long BalanceMicro);

/// <summary>The ledger in one line.</summary>
/// <param name="Head">The record chain's head, 64 hexadecimal digits.</param>
public sealed record LedgerInfo(
    string LedgerId, string Site, long Records, long Turns, string Head, long Epoch, string EpochRoot, string EpochHead, bool EpochSigned,
    long IssuedMicro, long PostedMicro, long ReservedMicro, long EscrowMicro, int Accounts, bool Balanced);

/// <summary>The gateway's problem details.</summary>
internal sealed record ProblemDetails(string? Title, int Status, string? Detail, string? Code, string? Hint, string? Field, long? ByteOffset);

/// <summary>Body of a request for a join code.</summary>
internal sealed record InviteBody(string Name, string Owner, long LifetimeMs);

/// <summary>Body of an issue.</summary>
internal sealed record IssueBody(long AmountMicro);
