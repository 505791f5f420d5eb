namespace DePinEdge.Mqtt.Codec;

/// <summary>One entry of SUBSCRIBE: a filter and its options (section 3.8.3.1). For 3.1.1 only the QoS stands in the packet.</summary>
public readonly ref struct SubscriptionRequest
{
    /// <summary>The filter in UTF-8. Well-formed text, not necessarily a valid filter.</summary>
    public ReadOnlySpan<byte> Filter { get; init; }

    /// <summary>The most the client wants.</summary>
    public QoS QoS { get; init; }

    /// <summary>The client's own publishes are not sent back to it.</summary>
    public bool NoLocal { get; init; }

    /// <summary>Forwarded messages keep their retain flag.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>Retained messages: 0 send, 1 send when the subscription is new, 2 do not send.</summary>
    public int RetainHandling { get; init; }

    internal byte Options => (byte)((int)QoS | (NoLocal ? 4 : 0) | (RetainAsPublished ? 8 : 0) | RetainHandling << 4);

    internal static DecodeStatus TryRead(scoped ref WireReader reader, int protocolVersion, out SubscriptionRequest request)
    {
        request = default;
        if (!reader.TryText(out var filter) || !reader.TryByte(out var options)) return DecodeStatus.Malformed;
        var reserved = protocolVersion == ProtocolVersion.V5 ? 0xC0 : 0xFC;
        if ((options & 3) == 3 || (options & reserved) != 0) return DecodeStatus.Malformed;
        if ((options >> 4 & 3) == 3) return DecodeStatus.ProtocolError;
        request = new SubscriptionRequest
        {
            Filter = filter,
            QoS = (QoS)(options & 3),
            NoLocal = (options & 4) != 0,
            RetainAsPublished = (options & 8) != 0,
            RetainHandling = options >> 4 & 3,
        };
        return DecodeStatus.Ok;
    }
}
