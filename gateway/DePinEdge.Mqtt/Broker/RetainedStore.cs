namespace DePinEdge.Mqtt.Broker;

/// <summary>The retained messages in a tree by topic levels, so that a new subscription looks only at the branches its filter names.
/// Bounded in messages and bytes.</summary>
internal sealed class RetainedStore(BrokerOptions options, BrokerCounters counters)
{
    private readonly RetainedTopic _root = new(null, []);
    private readonly DeadlineHeap _expiring = new();

    /// <summary>When the next retained message expires.</summary>
    public long NextTickMs => _expiring.NextMs;

    /// <summary>True when <paramref name="view"/> may become the retained message of its topic; clearing always may. A refusal is
    /// counted.</summary>
    public bool HasRoomFor(in MessageView view)
    {
        if (view.Payload.IsEmpty) return true;
        var before = Find(view.Topic)?.Message;
        var tooMany = counters.RetainedMessages + (before is null ? 1 : 0) > options.MaxRetainedMessages;
        if (!tooMany && counters.RetainedBytes - (before?.Bytes ?? 0) + view.Bytes <= options.MaxRetainedBytes) return true;
        counters.RetainedRefused++;
        counters.Count(tooMany ? BrokerLimit.MaxRetainedMessages : BrokerLimit.MaxRetainedBytes);
        return false;
    }

    /// <summary>Forgets the messages whose time is over.</summary>
    public void Tick(long nowMs)
    {
        while (_expiring.TryTakeDue(nowMs, out var due))
        {
            counters.Expired++;
            Clear((RetainedTopic)due.Owner);
        }
    }

    /// <summary>Makes a message the retained one of its topic, or clears the topic when the payload is empty. Room is the caller's to ask
    /// for first. The copy is shared through <paramref name="kept"/>.</summary>
    public void Set(in MessageView view, ref Message? kept)
    {
        if (view.Payload.IsEmpty)
        {
            Clear(view.Topic);
            return;
        }
        var topic = FindOrAdd(view.Topic);
        if (topic.Message is { } before) counters.RetainedBytes -= before.Bytes;
        else counters.RetainedMessages++;
        topic.Message = kept ??= new Message(view);
        counters.RetainedBytes += kept.Bytes;
        if (kept.ExpiresAtMs != 0) _expiring.Set(topic.Deadline ??= new Deadline(topic), kept.ExpiresAtMs + 1);
        else if (topic.Deadline is { } deadline) _expiring.Remove(deadline);
    }

    /// <summary>Appends the topics with a retained message that the filter wants. False when that would make the list longer than
    /// <paramref name="most"/>.</summary>
    public bool Match(ReadOnlySpan<byte> filter, List<RetainedTopic> into, int most) => Walk(_root, filter, into, most, true);

    private static bool Walk(RetainedTopic topic, ReadOnlySpan<byte> filter, List<RetainedTopic> into, int most, bool first)
    {
        if (filter is [(byte)'#']) return AddAll(topic, into, most, first);
        var slash = filter.IndexOf((byte)'/');
        var level = slash < 0 ? filter : filter[..slash];
        if (level is [(byte)'+'])
        {
            if (topic.Children is null) return true;
            foreach (var child in topic.Children.Values)
                if (!(first && IsHidden(child)) && !Step(child, filter, slash, into, most)) return false;
            return true;
        }
        return topic.Child(level) is not { } named || Step(named, filter, slash, into, most);
    }

    private static bool Step(RetainedTopic topic, ReadOnlySpan<byte> filter, int slash, List<RetainedTopic> into, int most) =>
        slash < 0 ? Add(topic, into, most) : Walk(topic, filter[(slash + 1)..], into, most, false);

    // '#' wants the level before it too.
    private static bool AddAll(RetainedTopic topic, List<RetainedTopic> into, int most, bool first)
    {
        if (!Add(topic, into, most)) return false;
        if (topic.Children is null) return true;
        foreach (var child in topic.Children.Values)
            if (!(first && IsHidden(child)) && !AddAll(child, into, most, false)) return false;
        return true;
    }

    private static bool IsHidden(RetainedTopic topic) => topic.Level.Length > 0 && topic.Level[0] == (byte)'$';

    private static bool Add(RetainedTopic topic, List<RetainedTopic> into, int most)
    {
        if (topic.Message is null) return true;
        if (into.Count >= most) return false;
        into.Add(topic);
        return true;
    }

    private RetainedTopic? Find(ReadOnlySpan<byte> topic)
    {
        var node = _root;
        while (true)
        {
            var slash = topic.IndexOf((byte)'/');
            if (node.Child(slash < 0 ? topic : topic[..slash]) is not { } child) return null;
            if (slash < 0) return child;
            node = child;
            topic = topic[(slash + 1)..];
        }
    }

    private RetainedTopic FindOrAdd(ReadOnlySpan<byte> topic)
    {
        for (var node = _root; ;)
        {
            var slash = topic.IndexOf((byte)'/');
            var level = slash < 0 ? topic : topic[..slash];
            if (node.Child(level) is not { } child)
            {
                child = new RetainedTopic(node, level.ToArray());
                (node.Children ??= new Dictionary<byte[], RetainedTopic>(TopicKeyComparer.Instance)).Add(child.Level, child);
            }
            if (slash < 0) return child;
            node = child;
            topic = topic[(slash + 1)..];
        }
    }

    private void Clear(ReadOnlySpan<byte> name)
    {
        if (Find(name) is { } topic) Clear(topic);
    }

    private void Clear(RetainedTopic topic)
    {
        if (topic.Message is not { } before) return;
        if (topic.Deadline is { } deadline) _expiring.Remove(deadline);
        counters.RetainedMessages--;
        counters.RetainedBytes -= before.Bytes;
        topic.Message = null;
        for (; topic.Parent is { } parent && topic.Message is null && topic.Children is null; topic = parent)
        {
            parent.Children!.Remove(topic.Level);
            if (parent.Children.Count == 0) parent.Children = null;
        }
    }
}
