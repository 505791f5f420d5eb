namespace DePinEdge.Mqtt.Broker;

/// <summary>One level of the tree of retained messages; also the handle by which a slow subscriber's list finds a topic's message of the
/// moment.</summary>
internal sealed class RetainedTopic(RetainedTopic? parent, byte[] level)
{
    public RetainedTopic? Parent { get; } = parent;

    public byte[] Level { get; } = level;

    /// <summary>The retained message of the moment; null when there is none, or none any more.</summary>
    public Message? Message { get; set; }

    /// <summary>When its message expires; made with the first that does.</summary>
    public Deadline? Deadline { get; set; }

    public Dictionary<byte[], RetainedTopic>? Children { get; set; }

    public RetainedTopic? Child(ReadOnlySpan<byte> level) =>
        Children is not null && Children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var child) ? child : null;
}
