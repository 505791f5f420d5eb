namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// Finds the subscriptions that want a topic without looking at any other. Filters without wildcards, nearly all of a fleet's, stand in
/// one table by their whole
/// topic: one look-up. Filters with wildcards stand in a tree by levels, where '+' and '#' are branches of their own; a match walks the
/// levels of the topic and at
/// each takes the branch of its name and the branch of '+'. A message therefore costs in proportion to what matches, not to the number of
/// sessions (MQTTnet#2174 is what happens otherwise).
/// Branches that nobody uses any more are cut off.
/// </summary>
internal sealed class SubscriptionTrie
{
    private readonly Dictionary<byte[], SubscriberSet> _exact = new(TopicKeyComparer.Instance);
    private readonly Dictionary<byte[], SubscriberSet>.AlternateLookup<ReadOnlySpan<byte>> _exactBySpan;
    private readonly Node _root = new(null, []);
    private int _wildcards;

    public SubscriptionTrie() => _exactBySpan = _exact.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count { get; private set; }

    public void Add(Subscription subscription)
    {
        Count++;
        if (TopicFilter.HasWildcard(subscription.FilterUtf8))
        {
            _wildcards++;
            SetOf(subscription.FilterUtf8).Add(subscription);
            return;
        }
        if (!_exact.TryGetValue(subscription.FilterUtf8, out var set)) _exact.Add(subscription.FilterUtf8, set = new SubscriberSet());
        set.Add(subscription);
    }

    public void Remove(Subscription subscription)
    {
        var set = subscription.Set;
        Invariant.Require(set is not null, "a subscription is removed once");
        Count--;
        set.Remove(subscription);
        if (!TopicFilter.HasWildcard(subscription.FilterUtf8))
        {
            if (set.Count == 0) _exact.Remove(subscription.FilterUtf8);
            return;
        }
        _wildcards--;
        if (set.Count == 0) Prune(subscription.FilterUtf8);
    }

    /// <summary>Adds every subscription that wants the topic to the matches.</summary>
    public void Match(ReadOnlySpan<byte> topic, MatchList matches)
    {
        if (_exactBySpan.TryGetValue(topic, out var set)) matches.Add(set);
        if (_wildcards > 0) Walk(_root, topic, matches, topic is not [(byte)'$', ..]);
    }

    // wildcardsHere is false on the first level of a topic that starts with '$' (MQTT-4.7.2-1).
    private static void Walk(Node node, ReadOnlySpan<byte> topic, MatchList matches, bool wildcardsHere)
    {
        while (true)
        {
            if (node.Below is not null && wildcardsHere) matches.Add(node.Below);
            var slash = topic.IndexOf((byte)'/');
            var any = wildcardsHere ? node.Any : null;
            var named = node.Child(slash < 0 ? topic : topic[..slash]);
            if (slash < 0)
            {
                if (any is not null) Last(any, matches);
                if (named is not null) Last(named, matches);
                return;
            }
            topic = topic[(slash + 1)..];
            if (any is not null && named is not null) Walk(any, topic, matches, true);
            var next = named ?? any;
            if (next is null) return;
            (node, wildcardsHere) = (next, true);
        }
    }

    // 'a/#' wants 'a' too.
    private static void Last(Node node, MatchList matches)
    {
        if (node.Here is not null) matches.Add(node.Here);
        if (node.Below is not null) matches.Add(node.Below);
    }

    private SubscriberSet SetOf(ReadOnlySpan<byte> filter)
    {
        for (var node = _root; ;)
        {
            var slash = filter.IndexOf((byte)'/');
            var level = slash < 0 ? filter : filter[..slash];
            if (level is [(byte)'#']) return node.Below ??= new SubscriberSet();
            node = level is [(byte)'+'] ? node.Any ??= new Node(node, [(byte)'+']) : node.ChildOrNew(level);
            if (slash < 0) return node.Here ??= new SubscriberSet();
            filter = filter[(slash + 1)..];
        }
    }

    private void Prune(ReadOnlySpan<byte> filter)
    {
        var node = _root;
        for (var rest = filter; ;)
        {
            var slash = rest.IndexOf((byte)'/');
            var level = slash < 0 ? rest : rest[..slash];
            if (level is [(byte)'#'])
            {
                node.Below = null;
                break;
            }
            node = level is [(byte)'+'] ? node.Any! : node.Child(level)!;
            if (slash < 0)
            {
                node.Here = null;
                break;
            }
            rest = rest[(slash + 1)..];
        }
        for (; node.Parent is { } parent && node.IsEmpty; node = parent)
        {
            if (parent.Any == node) parent.Any = null;
            else parent.RemoveChild(node);
        }
    }

    private sealed class Node(Node? parent, byte[] level)
    {
        private Dictionary<byte[], Node>? _children;

        public Node? Parent { get; } = parent;

        /// <summary>The branch of '+'.</summary>
        public Node? Any { get; set; }

        /// <summary>Filters that end here.</summary>
        public SubscriberSet? Here { get; set; }

        /// <summary>Filters that end here with '#'.</summary>
        public SubscriberSet? Below { get; set; }

        public bool IsEmpty => Here is null && Below is null && Any is null && _children is null;

        private byte[] Level { get; } = level;

        public Node? Child(ReadOnlySpan<byte> level) =>
            _children is not null && _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var child) ? child : null;

        public Node ChildOrNew(ReadOnlySpan<byte> level)
        {
            if (Child(level) is { } known) return known;
            var child = new Node(this, level.ToArray());
            (_children ??= new Dictionary<byte[], Node>(TopicKeyComparer.Instance)).Add(child.Level, child);
            return child;
        }

        public void RemoveChild(Node child)
        {
            _children!.Remove(child.Level);
            if (_children.Count == 0) _children = null;
        }
    }
}
