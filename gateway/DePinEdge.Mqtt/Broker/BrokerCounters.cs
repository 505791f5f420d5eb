namespace DePinEdge.Mqtt.Broker;

/// <summary>What a broker has done and what it holds. Written by the owner's thread only; a reader elsewhere may see values of different
/// moments.</summary>
public sealed class BrokerCounters
{
    private readonly long[] _reached = new long[Enum.GetValues<BrokerLimit>().Length];

    /// <summary>How often a limit was met.</summary>
    public long Reached(BrokerLimit limit) => _reached[(int)limit];

    internal void Count(BrokerLimit limit) => _reached[(int)limit]++;

    /// <summary>Transport connections open now.</summary>
    public long Connections { get; internal set; }

    /// <summary>Transport connections opened since the start.</summary>
    public long ConnectionsOpened { get; internal set; }

    /// <summary>Connections open now that have not been let in by a CONNECT yet.</summary>
    public long PendingConnections { get; internal set; }

    /// <summary>Transport connections turned away: too many at once, from one address, or before their CONNECT.</summary>
    public long ConnectionsRefused { get; internal set; }

    /// <summary>Clients let in.</summary>
    public long ConnectsAccepted { get; internal set; }

    /// <summary>CONNECT packets refused, by the application or by the broker.</summary>
    public long ConnectsRefused { get; internal set; }

    /// <summary>Connections closed because no CONNECT came in time.</summary>
    public long ConnectTimeouts { get; internal set; }

    /// <summary>Clients closed because they were silent for 1.5 times their keep-alive.</summary>
    public long KeepAliveTimeouts { get; internal set; }

    /// <summary>Clients that said DISCONNECT.</summary>
    public long Disconnects { get; internal set; }

    /// <summary>Connections closed because the same client id connected again.</summary>
    public long TakeOvers { get; internal set; }

    /// <summary>Connections closed for malformed, oversized or forbidden packets.</summary>
    public long ProtocolErrors { get; internal set; }

    /// <summary>Bytes received.</summary>
    public long BytesIn { get; internal set; }

    /// <summary>Bytes put into outputs.</summary>
    public long BytesOut { get; internal set; }

    /// <summary>PUBLISH packets received.</summary>
    public long PublishesIn { get; internal set; }

    /// <summary>PUBLISH packets put into outputs, resent ones included.</summary>
    public long PublishesOut { get; internal set; }

    /// <summary>Clients' publishes that reached nobody because they were refused.</summary>
    public long PublishesRefused { get; internal set; }

    /// <summary>Subscriptions refused.</summary>
    public long SubscribesRefused { get; internal set; }

    /// <summary>QoS 0 messages dropped because the subscriber's output was full.</summary>
    public long DroppedSlowSubscriber { get; internal set; }

    /// <summary>QoS 1 messages dropped because an offline session's queue, or all of them together, was full.</summary>
    public long DroppedOfflineQueueFull { get; internal set; }

    /// <summary>Messages dropped because they are larger than the subscriber takes.</summary>
    public long DroppedTooLargeForClient { get; internal set; }

    /// <summary>Messages that were not delivered because their expiry interval was over, or were retained and are no more.</summary>
    public long Expired { get; internal set; }

    /// <summary>Clients closed because their queue or their unread answers grew over the limit.</summary>
    public long QuotaDisconnects { get; internal set; }

    /// <summary>Sessions held now, connected ones included.</summary>
    public long Sessions { get; internal set; }

    /// <summary>Offline sessions ended because their time was over.</summary>
    public long SessionsExpired { get; internal set; }

    /// <summary>Offline sessions ended early to make room at <see cref="BrokerOptions.MaxSessions"/>.</summary>
    public long SessionsEvicted { get; internal set; }

    /// <summary>Subscriptions held now.</summary>
    public long Subscriptions { get; internal set; }

    /// <summary>Retained messages held now.</summary>
    public long RetainedMessages { get; internal set; }

    /// <summary>Bytes of topics, properties and payloads of the retained messages held now.</summary>
    public long RetainedBytes { get; internal set; }

    /// <summary>Messages not retained because the retained messages were full.</summary>
    public long RetainedRefused { get; internal set; }

    /// <summary>QoS 1 messages waiting in sessions now: not sent yet.</summary>
    public long QueuedMessages { get; internal set; }

    /// <summary>Bytes of the messages that wait in offline sessions now, each counted as if its session held it alone.</summary>
    public long OfflineQueuedBytes { get; internal set; }

    /// <summary>Wills published.</summary>
    public long WillsPublished { get; internal set; }
}
