// What all boards of a fleet have in common.
namespace DePinEdge.Simulator;

/// <summary>Where a fleet connects and how it behaves.</summary>
public sealed record FleetOptions
{
    /// <summary>The gateway's host name or address. Default 127.0.0.1.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The gateway's MQTT port, 1 to 65,535. Default 1883.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>Default: a board's own pace.</summary>
    public Pace Pace { get; init; } = Pace.Board;

    /// <summary>MQTT version of the connections: 4 for 3.1.1 (as nanoFramework's M2Mqtt speaks by default), 5 for 5.0. Default 4.</summary>
    public int ProtocolVersion { get; init; } = 4;

    /// <summary>Seconds of silence after which the broker may take a board for dead. Default 30.</summary>
    public int KeepAliveSeconds { get; init; } = 30;

    /// <summary>Longest time a board goes without telemetry, ms; the gateway may ask for less. Default 10,000.</summary>
    public int ReportIntervalMs { get; init; } = 10_000;

    /// <summary>
    /// Longest wait between two attempts to connect, ms. The agent's own rule is doubling waits from 1 to 32 s, 5 minutes when it is
    /// refused; a limit below that makes boards impatient, each by its own chance between half of it and all of it. Default: no limit.
    /// </summary>
    public int ReconnectWaitMaxMs { get; init; } = int.MaxValue;

    /// <summary>How long the gateway may take for a join before a board hangs up and tries again, ms. Default 30,000.</summary>
    public int JoinWaitMs { get; init; } = 30_000;

    /// <summary>Boards that may run a slice of a task at the same moment, at least 1. Default: this machine's cores.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Most fuel of one slice when boards run flat out: what a board does before it looks at its messages again. Default 200,000, under 2 ms on a PC.</summary>
    public int SliceFuel { get; init; } = 200_000;

    /// <summary>Longest slice when boards keep their pace, ms of board time. Default 250.</summary>
    public int SliceMs { get; init; } = 250;

    /// <summary>Seed of the place that all boards stand in: its weather.</summary>
    public ulong PlaceSeed { get; init; } = 1;

    /// <summary>Clock and timers. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Throws <see cref="ArgumentException"/> naming the first value out of range.</summary>
    public void Validate()
    {
        Check(!string.IsNullOrWhiteSpace(Host), nameof(Host), "must name a host");
        Check(Port is > 0 and <= 65_535, nameof(Port), "must be 1 to 65,535");
        Check(ProtocolVersion is 4 or 5, nameof(ProtocolVersion), "must be 4 or 5");
        Check(KeepAliveSeconds is >= 0 and <= 65_535, nameof(KeepAliveSeconds), "must be 0 to 65,535");
        Check(ReportIntervalMs >= 100, nameof(ReportIntervalMs), "must be at least 100");
        Check(ReconnectWaitMaxMs >= 1, nameof(ReconnectWaitMaxMs), "must be at least 1");
        Check(JoinWaitMs >= 1, nameof(JoinWaitMs), "must be at least 1");
        Check(Workers >= 1, nameof(Workers), "must be at least 1");
        Check(SliceFuel >= 1_000, nameof(SliceFuel), "must be at least 1,000");
        Check(SliceMs is >= 1 and <= 60_000, nameof(SliceMs), "must be 1 to 60,000");
    }

    private static void Check(bool good, string name, string rule)
    {
        if (!good)
            throw new ArgumentException($"{nameof(FleetOptions)}.{name} {rule}");
    }
}
