namespace DePinEdge.Mqtt.Broker;

/// <summary>One session's wish for one filter.</summary>
internal sealed class Subscription(Session session, string filter, byte[] filterUtf8)
{
    public Session Session { get; } = session;

    public string Filter { get; } = filter;

    public byte[] FilterUtf8 { get; } = filterUtf8;

    public QoS QoS { get; set; }

    public bool NoLocal { get; set; }

    public bool RetainAsPublished { get; set; }

    /// <summary>The client's number for it; 0 when it gave none.</summary>
    public int Identifier { get; set; }

    /// <summary>The set it stands in, and where; null when it has been ended.</summary>
    public SubscriberSet? Set { get; set; }

    public int SetIndex { get; set; }
}
