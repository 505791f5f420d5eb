namespace DePinEdge.Mqtt.Codec;

/// <summary>Where properties stand: the packet, and the direction where it matters.</summary>
[Flags]
public enum PropertyScope
{
    None = 0,
    Connect = 1,
    Will = 2,
    ConnAck = 4,
    PublishToServer = 8,
    PublishToClient = 16,

    /// <summary>PUBACK, PUBREC, PUBREL, PUBCOMP.</summary>
    PublishAck = 32,
    Subscribe = 64,

    /// <summary>SUBACK and UNSUBACK.</summary>
    SubscribeAck = 128,
    Unsubscribe = 256,
    DisconnectByClient = 512,
    DisconnectByServer = 1024,
    Auth = 2048,
}
