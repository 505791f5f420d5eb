using DePinEdge.Agent.Wire;

namespace DePinEdge.Gateway.Flow;

// Messages that pass between stages within one input. They are not stored: a restart asks the boards again.

/// <summary>A device opened its session: it is subscribed, and its birth was read.</summary>
/// <param name="Slept">It had promised to sleep and woke in time.</param>
public sealed record DeviceReady(DeviceId Device, bool Slept = false);

/// <summary>A device's session ended.</summary>
public sealed record DeviceLost(DeviceId Device, string Why);

/// <summary>A device returned results of a batch. The arrays inside the report are copies.</summary>
public sealed record ResultReceived(DeviceId Device, BatchId Batch, ReportedTask[] Tasks);

/// <summary>One task as the device returned it.</summary>
public readonly record struct ReportedTask(long Task, int Status, byte Trap, long Fuel, byte[] Output);

/// <summary>A device's telemetry of this wake.</summary>
public sealed record TelemetryReported(DeviceId Device, Agent.Wire.Telemetry Values);

/// <summary>A result, a frame, a log-in or a join was refused; for the device's owner and the counters.</summary>
/// <param name="Detail">The numbers behind it.</param>
public sealed record Refused(string Who, ReasonCode Reason, string Detail, RefusedWhat What = RefusedWhat.Reward)
{
    /// <summary>Results of one batch that were judged and not paid, for one reason.</summary>
    public static Refused Results(BatchJudged judged, ReasonCode reason, int tasks) =>
        new(judged.Device.Value, reason, $"{tasks} of {judged.Lines.Length} results of {judged.Batch} differ from the gateway's own run")
        {
            Batch = judged.Batch,
            Job = judged.Job,
            Tasks = tasks,
            Judged = true,
        };

    /// <summary>The batch it is about, or number 0.</summary>
    public BatchId Batch { get; init; }

    /// <summary>The job it is about, or number 0.</summary>
    public JobId Job { get; init; }

    /// <summary>Results that were judged; they are counted one by one with their receipts.</summary>
    public bool Judged { get; init; }

    /// <summary>How many of its tasks; 0 when they are not known.</summary>
    public int Tasks { get; init; }
}

/// <summary>What was refused.</summary>
public enum RefusedWhat
{
    /// <summary>Results, or the trust in them.</summary>
    Reward,

    /// <summary>A frame.</summary>
    Frame,

    /// <summary>A log-in.</summary>
    Login,

    /// <summary>A message of a join.</summary>
    Join,
}
