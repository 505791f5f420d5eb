namespace DePinEdge.Mqtt.Codec;

/// <summary>SUBSCRIBE (section 3.8). Walk over its entries with <see cref="Requests"/>.</summary>
public readonly ref struct SubscribePacket
{
    public ushort PacketId { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>The entries as they stand in the packet; <see cref="WriteRequest"/> makes them.</summary>
    public ReadOnlySpan<byte> Entries { get; init; }

    /// <summary>The version the entries were read in.</summary>
    public int ProtocolVersion { get; init; }

    /// <summary>Reads and checks, every entry included.</summary>
    public static DecodeStatus TryRead(in Frame frame, int protocolVersion, out SubscribePacket packet)
    {
        packet = default;
        var reader = new WireReader(frame.Body);
        if (!reader.TryUInt16(out var packetId)) return DecodeStatus.Malformed;
        if (packetId == 0) return DecodeStatus.ProtocolError;
        ReadOnlySpan<byte> properties = default;
        if (protocolVersion == Mqtt.ProtocolVersion.V5
            && reader.Properties(PropertyScope.Subscribe, out properties) is var status and not DecodeStatus.Ok) return status;
        if (reader.AtEnd) return DecodeStatus.ProtocolError;
        var entries = reader.Rest;
        while (!reader.AtEnd)
            if (SubscriptionRequest.TryRead(ref reader, protocolVersion, out _) is var entry and not DecodeStatus.Ok) return entry;
        packet = new SubscribePacket { PacketId = packetId, Properties = properties, Entries = entries, ProtocolVersion = protocolVersion };
        return DecodeStatus.Ok;
    }

    /// <summary>The entries, in order.</summary>
    public Enumerator Requests => new(Entries, ProtocolVersion);

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size => WireWriter.PacketBytes(BodyBytes);

    private int BodyBytes => 2 + WireWriter.PropertiesBytes(ProtocolVersion, Properties.Length) + Entries.Length;

    /// <summary>Writes one entry for <see cref="Entries"/>: 3 bytes more than the filter. Returns its bytes.</summary>
    public static int WriteRequest(Span<byte> destination, in SubscriptionRequest request)
    {
        var writer = new WireWriter(destination);
        writer.Binary(request.Filter);
        writer.Byte(request.Options);
        return writer.Written;
    }

    /// <summary>Writes the packet and returns its <see cref="Size"/>.</summary>
    public int Write(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        writer.Header(PacketType.Subscribe, 2, BodyBytes);
        writer.UInt16(PacketId);
        if (ProtocolVersion == Mqtt.ProtocolVersion.V5) writer.Properties(Properties);
        writer.Raw(Entries);
        return writer.Written;
    }

    /// <summary>Walks over checked entries.</summary>
    public ref struct Enumerator
    {
        private readonly int _protocolVersion;
        private WireReader _reader;

        internal Enumerator(ReadOnlySpan<byte> entries, int protocolVersion)
        {
            _reader = new WireReader(entries);
            _protocolVersion = protocolVersion;
        }

        /// <summary>The next entry; false at the end.</summary>
        public bool TryNext(out SubscriptionRequest request) =>
            SubscriptionRequest.TryRead(ref _reader, _protocolVersion, out request) == DecodeStatus.Ok;
    }
}
