namespace DePinEdge.Mqtt.Broker;

/// <summary>One QoS 1 message of one session: waiting, or sent and not acknowledged.</summary>
internal struct Outbound
{
    /// <summary>Null once acknowledged or given up: a hole in the queue.</summary>
    public Message? Message;

    /// <summary>The session's own properties beside the message's: subscription identifiers.</summary>
    public byte[]? OwnProperties;

    /// <summary>0 until it is first put into an output; kept over reconnections, and by a hole.</summary>
    public ushort PacketId;

    /// <summary>It stood in an output before: the next time is a duplicate.</summary>
    public bool Sent;

    public bool Retain;

    /// <summary>Sent to this client only, by the application: ends with the connection.</summary>
    public bool Directed;
}
