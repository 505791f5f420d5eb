namespace DePinEdge.Gateway.Telemetry;

/// <summary>The types of events, the last level of their topic and the CloudEvents attribute <c>type</c>.</summary>
public static class EventTypes
{
    /// <summary>A board joined and got its key.</summary>
    public const string DeviceJoined = "device.joined";

    /// <summary>A device that was not there is online; waking from a promised sleep is no event.</summary>
    public const string DeviceReady = "device.ready";

    /// <summary>A device's session ended without a promised sleep, or it did not wake as promised.</summary>
    public const string DeviceLost = "device.lost";

    /// <summary>Two boards use the device's key: it is held.</summary>
    public const string DeviceHeld = "device.held";

    /// <summary>Wrong results throttled the device.</summary>
    public const string DeviceThrottled = "device.throttled";

    /// <summary>A job was accepted.</summary>
    public const string JobSubmitted = "job.submitted";

    /// <summary>Every task of a job is done.</summary>
    public const string JobCompleted = "job.completed";

    /// <summary>A job ended, and some of its tasks failed.</summary>
    public const string JobFailed = "job.failed";

    /// <summary>A job was cancelled, and what was out is settled.</summary>
    public const string JobCancelled = "job.cancelled";

    /// <summary>Results were not paid.</summary>
    public const string RewardRefused = "reward.refused";

    /// <summary>A frame was not taken, by the gateway or by the board.</summary>
    public const string FrameRefused = "frame.refused";

    /// <summary>A log-in was refused.</summary>
    public const string LoginRefused = "login.refused";

    /// <summary>A join was refused.</summary>
    public const string JoinRefused = "join.refused";

    /// <summary>An epoch was sealed; the topic ledger/root has its hashes.</summary>
    public const string EpochSealed = "epoch.sealed";
}
