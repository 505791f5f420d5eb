using DePinEdge.Mqtt;

namespace DePinEdge.Gateway.Flow;

/// <summary>
/// What a stage may cause. GatewayCore implements it: a record is stored and applied to every stage's tables at once, a message goes
/// to the stage that comes next. Stages know this port and not each other.
/// </summary>
public interface IEffects
{
    /// <summary>The input's moment.</summary>
    Instant Now { get; }

    /// <summary>Where limits that were met are counted.</summary>
    Tally Tally { get; }

    /// <summary>Makes a durable fact: journaled and applied before this returns.</summary>
    void Record(DurableRecord record);

    /// <summary>Writes side material beside this turn's records, or forgets it (null); the tables that hold it know it at once.</summary>
    void Blob(string key, byte[]? bytes);

    /// <summary>Sends bytes to one client only, QoS 1. False when it is not there or does not listen.</summary>
    bool Send(string clientId, string topic, ReadOnlySpan<byte> payload);

    /// <summary>Ends a client's connection.</summary>
    void Disconnect(string clientId, Mqtt.ReasonCode code, string reason);

    /// <summary>A device's session is open and its birth was read.</summary>
    void Pass(DeviceReady message);

    /// <summary>A device's session ended.</summary>
    void Pass(DeviceLost message);

    /// <summary>Results arrived.</summary>
    void Pass(ResultReceived message);

    /// <summary>Telemetry arrived.</summary>
    void Pass(TelemetryReported message);

    /// <summary>Something was refused.</summary>
    void Pass(Refused message);
}
