namespace DePinEdge.Mqtt.Broker;

/// <summary>What the broker remembers of a client id: while it is connected, and after that for as long as was agreed (section
/// 4.1).</summary>
internal sealed class Session
{
    private Dictionary<string, Subscription>? _subscriptions;
    private ushort _lastPacketId;

    public Session(string clientId)
    {
        ClientId = clientId;
        Deadline = new Deadline(this);
    }

    public string ClientId { get; }

    /// <summary>The connection of the moment; null while offline.</summary>
    public BrokerConnection? Connection { get; set; }

    /// <summary>Who was connected last.</summary>
    public BrokerClient? Client { get; set; }

    /// <summary>Life after the connection; 0 ends the session with it.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>When an offline session ends.</summary>
    public long ExpiresAtMs { get; set; }

    /// <summary>Bytes of this session counted among those of all offline sessions; 0 while connected.</summary>
    public long OfflineBytes { get; set; }

    /// <summary>A will that waits for its delay, and the instant it is due.</summary>
    public Will? PendingWill { get; set; }

    public long WillAtMs { get; set; }

    /// <summary>The nearer of the two instants, while offline.</summary>
    public Deadline Deadline { get; }

    public OutboundQueue Queue { get; } = new();

    /// <summary>Retained messages still to be sent because of new subscriptions.</summary>
    public Queue<(RetainedTopic Topic, Subscription Subscription)>? RetainedBacklog { get; set; }

    /// <summary>The last match this session was part of, and its place there (<see cref="MatchList"/>).</summary>
    public long MatchNumber { get; set; }

    public int MatchIndex { get; set; }

    public int SubscriptionCount => _subscriptions?.Count ?? 0;

    public Dictionary<string, Subscription>.ValueCollection Subscriptions =>
        (_subscriptions ??= new Dictionary<string, Subscription>(1)).Values;

    public Subscription? Find(string filter) => _subscriptions is not null && _subscriptions.TryGetValue(filter, out var subscription)
        ? subscription : null;

    public void Add(Subscription subscription) =>
        (_subscriptions ??= new Dictionary<string, Subscription>(1)).Add(subscription.Filter, subscription);

    public void Remove(Subscription subscription) => _subscriptions!.Remove(subscription.Filter);

    /// <summary>Gives the next packet identifier, never 0; false while it may still be in use.</summary>
    public bool TryNextPacketId(out ushort packetId)
    {
        packetId = 0;
        if (!Queue.NextIdIsFree(_lastPacketId)) return false;
        if (++_lastPacketId == 0) _lastPacketId = 1;
        packetId = _lastPacketId;
        return true;
    }
}
