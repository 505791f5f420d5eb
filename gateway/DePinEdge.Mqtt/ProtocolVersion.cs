namespace DePinEdge.Mqtt;

/// <summary>The protocol levels of CONNECT that this library speaks.</summary>
public static class ProtocolVersion
{
    /// <summary>MQTT 3.1.1.</summary>
    public const int V311 = 4;

    /// <summary>MQTT 5.0.</summary>
    public const int V5 = 5;
}
