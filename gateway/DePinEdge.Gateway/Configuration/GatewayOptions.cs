using DePinEdge.Gateway.Flow;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Configuration;

/// <summary>What an operator may set for the domain; defaults are those of the shipped configuration.</summary>
public sealed record GatewayOptions
{
    /// <summary>The site's name, part of every topic: <c>[a-z0-9-]{1,32}</c>. Fixed once the ledger is open.</summary>
    public string Site { get; init; } = "home";

    /// <summary>Most devices that may join. Each costs about 2 KB of memory while connected.</summary>
    public int DevicesMax { get; init; } = 100_000;

    /// <summary>Most jobs that run at once; further submissions are refused.</summary>
    public int RunningJobsMax { get; init; } = 1_000;

    /// <summary>Most tasks of one job.</summary>
    public long TasksPerJobMax { get; init; } = 1_000_000;

    /// <summary>Most join codes that are open at once.</summary>
    public int OpenJoinCodesMax { get; init; } = 10_000;

    /// <summary>Life of a join code, milliseconds: 15 minutes, long enough to walk to a board.</summary>
    public long JoinCodeLifetimeMs { get; init; } = 15 * 60_000;

    /// <summary>Wrong proofs that burn a join code (protocol.md: five).</summary>
    public int JoinFailuresMax { get; init; } = 5;

    /// <summary>Join messages accepted from one address within <see cref="JoinWindowMs"/>; more are refused and counted.</summary>
    public int JoinAttemptsPerAddress { get; init; } = 600;

    /// <summary>Span over which join attempts are counted, milliseconds.</summary>
    public long JoinWindowMs { get; init; } = 60_000;

    /// <summary>Frames a second of one device, with a burst of two seconds' worth; a board sends a few, one that runs flat out on a PC some
    /// hundred. Past it the gateway reads it more slowly, and TCP slows it down; nothing is lost.</summary>
    public int FramesPerSecond { get; init; } = 500;

    /// <summary>Most devices in one compute unit.</summary>
    public int DevicesPerUnit { get; init; } = 8;

    /// <summary>Work given to a device in one batch, milliseconds at its own measured rate: long enough that radio time does not
    /// dominate, short enough that a lost batch costs little.</summary>
    public int BatchTargetMs { get; init; } = 2_000;

    /// <summary>Shortest lease, milliseconds. Must be more than twice <see cref="BatchTargetMs"/>.</summary>
    public int LeaseFloorMs { get; init; } = 10_000;

    /// <summary>Lease as a multiple of the batch's expected time on its device.</summary>
    public int LeaseFactor { get; init; } = 5;

    /// <summary>Tries of one task before it counts as failed.</summary>
    public int AttemptsMax { get; init; } = 3;

    /// <summary>How often boards report telemetry, milliseconds.</summary>
    public int ReportIntervalMs { get; init; } = 10_000;

    /// <summary>Length of an epoch, milliseconds.</summary>
    public long EpochMs { get; init; } = 10 * 60_000;

    /// <summary>Records between two snapshots: bounds how much is replayed at start.</summary>
    public long SnapshotEveryRecords { get; init; } = 50_000;

    /// <summary>Most batches waiting for recomputation; beyond it no new work is dispatched.</summary>
    public int RecomputeQueueMax { get; init; } = 1_024;

    /// <summary>A broker with room for every topic that a device and a job can have: seven retained messages a device, about 200 bytes each.</summary>
    public BrokerOptions DefaultBroker() => new()
    {
        MaxRetainedMessages = 100_000 + 8 * DevicesMax,
        MaxRetainedBytes = (64L << 20) + 8_192L * DevicesMax,
    };

    /// <summary>Throws <see cref="ArgumentException"/> naming the first key out of range.</summary>
    public void Validate()
    {
        Check(Names.IsValid(Site), nameof(Site), $"must be {Names.Rule}");
        Check(DevicesMax is > 0 and <= 1_000_000, nameof(DevicesMax), "must be 1 to 1,000,000");
        Check(RunningJobsMax is > 0 and <= 100_000, nameof(RunningJobsMax), "must be 1 to 100,000");
        Check(TasksPerJobMax is > 0 and <= 10_000_000, nameof(TasksPerJobMax), "must be 1 to 10,000,000");
        Check(OpenJoinCodesMax is > 0 and <= 1_000_000, nameof(OpenJoinCodesMax), "must be 1 to 1,000,000");
        Check(JoinCodeLifetimeMs is >= 1_000 and <= 30L * 86_400_000, nameof(JoinCodeLifetimeMs), "must be 1 s to 30 days");
        Check(JoinFailuresMax is >= 1 and <= 100, nameof(JoinFailuresMax), "must be 1 to 100");
        Check(JoinAttemptsPerAddress >= 1, nameof(JoinAttemptsPerAddress), "must be at least 1");
        Check(JoinWindowMs is >= 1_000 and <= 86_400_000, nameof(JoinWindowMs), "must be 1 s to one day");
        Check(FramesPerSecond is >= 1 and <= 1_000_000, nameof(FramesPerSecond), "must be 1 to 1,000,000");
        Check(DevicesPerUnit is >= 1 and <= 1_000, nameof(DevicesPerUnit), "must be 1 to 1,000");
        Check(BatchTargetMs is >= 10 and <= 3_600_000, nameof(BatchTargetMs), "must be 10 ms to 1 h");
        Check(LeaseFloorMs > 2 * BatchTargetMs && LeaseFloorMs <= 86_400_000, nameof(LeaseFloorMs), $"must be more than 2 x {nameof(BatchTargetMs)} and at most one day");
        Check(LeaseFactor is >= 2 and <= 100, nameof(LeaseFactor), "must be 2 to 100");
        Check(AttemptsMax is >= 1 and <= 100, nameof(AttemptsMax), "must be 1 to 100");
        Check(ReportIntervalMs is >= 100 and <= 86_400_000, nameof(ReportIntervalMs), "must be 100 ms to one day");
        Check(EpochMs is >= 1_000 and <= 366L * 86_400_000, nameof(EpochMs), "must be 1 s to 366 days");
        Check(SnapshotEveryRecords >= 1, nameof(SnapshotEveryRecords), "must be at least 1");
        Check(RecomputeQueueMax >= 1, nameof(RecomputeQueueMax), "must be at least 1");
    }

    private static void Check(bool good, string key, string rule)
    {
        if (!good)
            throw new ArgumentException($"Gateway:{key} {rule}");
    }
}
