namespace DePinEdge.Gateway.Flow;

/// <summary>What scheduling must know of a device's past results; the core answers it from verification.</summary>
public interface IStanding
{
    /// <summary>How far the device is trusted.</summary>
    Standing StandingOf(DeviceId device);

    /// <summary>How long a throttled device must still wait for its next canary, ms; 0: it may have one now.</summary>
    long CanaryWaitMs(DeviceId device, long utcMs);
}
