using DePinEdge.Agent.Wire;

namespace DePinEdge.Gateway.Flow;

// Messages that pass between stages within one input. They are not stored: a restart asks the boards again.

/// <summary>A device opened its session: it is subscribed, and its birth was read.</summary>
public sealed record DeviceReady(DeviceId Device);

/// <summary>A device's session ended.</summary>
public sealed record DeviceLost(DeviceId Device, string Why);

/// <summary>A device returned results of a batch. The arrays inside the report are copies.</summary>
public sealed record ResultReceived(DeviceId Device, BatchId Batch, ReportedTask[] Tasks);

/// <summary>One task as the device returned it.</summary>
public readonly record struct ReportedTask(long Task, int Status, byte Trap, long Fuel, byte[] Output);

/// <summary>A device's telemetry of this wake.</summary>
public sealed record TelemetryReported(DeviceId Device, uint Seq, Agent.Wire.Telemetry Values);

/// <summary>A result, a frame, a log-in or a join was refused; for the device's owner and the counters.</summary>
/// <param name="Detail">The numbers behind it.</param>
public sealed record Refused(string Who, ReasonCode Reason, string Detail);
