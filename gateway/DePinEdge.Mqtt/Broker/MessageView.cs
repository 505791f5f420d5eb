namespace DePinEdge.Mqtt.Broker;

/// <summary>An application message on its way: spans into whatever holds the bytes now.</summary>
internal readonly ref struct MessageView
{
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The MQTT 5 properties that travel with a message, as its publisher wrote them, but for its expiry.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }
    public ReadOnlySpan<byte> Payload { get; init; }
    public QoS QoS { get; init; }
    public bool Retain { get; init; }

    /// <summary>After this a copy that still waits is dropped (Message Expiry Interval); 0 never.</summary>
    public long ExpiresAtMs { get; init; }

    public int Bytes => Topic.Length + Properties.Length + Payload.Length;
}
