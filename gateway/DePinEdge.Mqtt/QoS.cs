namespace DePinEdge.Mqtt;

/// <summary>MQTT quality of service: how often a message may arrive (MQTT 5.0 section 4.3).</summary>
public enum QoS : byte
{
    /// <summary>Delivered once or not at all.</summary>
    AtMostOnce = 0,

    /// <summary>Delivered at least once; acknowledged by PUBACK.</summary>
    AtLeastOnce = 1,

    /// <summary>Delivered exactly once.</summary>
    ExactlyOnce = 2,
}
