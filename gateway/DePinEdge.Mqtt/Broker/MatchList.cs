namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// The sessions one message goes to, gathered before anything is sent: a session with several matching subscriptions appears once, with
/// the highest QoS and all its
/// subscription identifiers (MQTT-3.3.4-2 allows one copy). Used again for every message; a session remembers its place by the number of
/// the match.
/// </summary>
internal sealed class MatchList
{
    private Match[] _items = new Match[16];
    private Session? _publisher;
    private long _number;

    public int Count { get; private set; }

    public ref Match this[int index] => ref _items[index];

    /// <summary>Empties the list for a message; <paramref name="publisher"/> is its client's session, or null.</summary>
    public void Start(Session? publisher)
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
        _publisher = publisher;
        _number++;
    }

    public void Add(SubscriberSet set)
    {
        foreach (var subscription in set.Items)
        {
            var session = subscription.Session;
            if (subscription.NoLocal && session == _publisher) continue;
            if (session.MatchNumber == _number)
            {
                Merge(ref _items[session.MatchIndex], subscription);
                continue;
            }
            if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
            session.MatchNumber = _number;
            session.MatchIndex = Count;
            _items[Count++] = new Match
            {
                Session = session,
                QoS = subscription.QoS,
                RetainAsPublished = subscription.RetainAsPublished,
                Identifier = subscription.Identifier,
            };
        }
    }

    private static void Merge(ref Match match, Subscription subscription)
    {
        if (subscription.QoS > match.QoS) match.QoS = subscription.QoS;
        match.RetainAsPublished |= subscription.RetainAsPublished;
        if (subscription.Identifier == 0) return;
        if (match.Identifier == 0) match.Identifier = subscription.Identifier;
        else (match.MoreIdentifiers ??= []).Add(subscription.Identifier);
    }

    internal struct Match
    {
        public Session Session;
        public QoS QoS;
        public bool RetainAsPublished;
        public int Identifier;
        public List<int>? MoreIdentifiers;
    }
}
