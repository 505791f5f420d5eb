// What a runner tells its agent about the board and its owner's wishes.
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>Options of one board, read once when the agent is constructed.</summary>
public sealed class AgentOptions
{
    /// <summary>Model, at most FrameLimits.NameBytesMax printable ASCII characters.</summary>
    public string Board = "generic";
    /// <summary>Chip, the same limit.</summary>
    public string Chip = "unknown";
    /// <summary>Version of the firmware, the same limit.</summary>
    public string Firmware = "0.1.0";
    /// <summary>Fuel a second as measured by the runner at start.</summary>
    public long FuelPerSecond;
    /// <summary>Batches that wait or run at once, 1 to 8. Each costs a frame's worth of heap.</summary>
    public int Window = 2;
    /// <summary>The largest memory_bytes of a program that the board can commit.</summary>
    public int MemoryBytesMax = 64 * 1024;
    /// <summary>The largest program image that the board takes, bytes.</summary>
    public int ImageBytesMax = 64 * 1024;
    /// <summary>Programs kept at once, at least 2; the cache holds at most ProgramSlots times ImageBytesMax bytes.</summary>
    public int ProgramSlots = 2;
    /// <summary>Telemetry at least this often, ms; 0: only with results. The gateway's Welcome may ask for it more often.</summary>
    public int ReportIntervalMs = 30000;
    /// <summary>Bytes kept of sent frames, for Resend within the session; at least one frame.</summary>
    public int SentRingBytes = FrameLimits.FrameBytesMax;
    /// <summary>Bytes kept of answered batches, for redelivery; at least one report.</summary>
    public int ResultRingBytes = 2 * FrameLimits.FrameBytesMax;
    /// <summary>How long the answer to a ProgramRequest may take before it is asked again, ms.</summary>
    public int FetchRetryMs = 10000;

    /// <summary>Host imports that the firmware offers to programs.</summary>
    public int CapabilityBits;
    /// <summary>Those of them that the owner forbids.</summary>
    public int CapabilityVeto;
    /// <summary>TelemetryField bits that the board can measure.</summary>
    public int SensorBits;
    /// <summary>A Wire.PowerSource.</summary>
    public int PowerSource;
    /// <summary>Sleep between wakes, ms; 0: always awake.</summary>
    public long WakePlanMs;
    /// <summary>Failed conformance groups; 0: all passed.</summary>
    public int SelfTestBits;
    /// <summary>As the chip names it.</summary>
    public int ResetReason;
    /// <summary>Free heap at start, bytes.</summary>
    public int HeapFreeBytes;
    /// <summary>Least free heap that the runner has seen, bytes.</summary>
    public int LeastHeapBytes;
    /// <summary>Longest garbage collection that the runner has seen, ms.</summary>
    public int LongestGcMs;
}
