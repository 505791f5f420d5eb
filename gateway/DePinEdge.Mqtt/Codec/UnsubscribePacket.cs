namespace DePinEdge.Mqtt.Codec;

/// <summary>UNSUBSCRIBE (section 3.10). Walk over its filters with <see cref="Filters"/>.</summary>
public readonly ref struct UnsubscribePacket
{
    public ushort PacketId { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>The filters as they stand in the packet, each with two bytes of length.</summary>
    public ReadOnlySpan<byte> Entries { get; init; }

    /// <summary>Reads and checks, every entry included.</summary>
    public static DecodeStatus TryRead(in Frame frame, int protocolVersion, out UnsubscribePacket packet)
    {
        packet = default;
        var reader = new WireReader(frame.Body);
        if (!reader.TryUInt16(out var packetId)) return DecodeStatus.Malformed;
        if (packetId == 0) return DecodeStatus.ProtocolError;
        ReadOnlySpan<byte> properties = default;
        if (protocolVersion == ProtocolVersion.V5
            && reader.Properties(PropertyScope.Unsubscribe, out properties) is var status and not DecodeStatus.Ok) return status;
        if (reader.AtEnd) return DecodeStatus.ProtocolError;
        var entries = reader.Rest;
        while (!reader.AtEnd)
            if (!reader.TryText(out _)) return DecodeStatus.Malformed;
        packet = new UnsubscribePacket { PacketId = packetId, Properties = properties, Entries = entries };
        return DecodeStatus.Ok;
    }

    /// <summary>The filters, in order.</summary>
    public Enumerator Filters => new(Entries);

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size(int protocolVersion) => WireWriter.PacketBytes(BodyBytes(protocolVersion));

    private int BodyBytes(int protocolVersion) => 2 + WireWriter.PropertiesBytes(protocolVersion, Properties.Length) + Entries.Length;

    /// <summary>Writes the packet and returns its size.</summary>
    public int Write(Span<byte> destination, int protocolVersion)
    {
        var writer = new WireWriter(destination);
        writer.Header(PacketType.Unsubscribe, 2, BodyBytes(protocolVersion));
        writer.UInt16(PacketId);
        if (protocolVersion == ProtocolVersion.V5) writer.Properties(Properties);
        writer.Raw(Entries);
        return writer.Written;
    }

    /// <summary>Walks over checked filters.</summary>
    public ref struct Enumerator
    {
        private WireReader _reader;

        internal Enumerator(ReadOnlySpan<byte> entries) => _reader = new WireReader(entries);

        /// <summary>The next filter; false at the end.</summary>
        public bool TryNext(out ReadOnlySpan<byte> filter) => _reader.TryText(out filter);
    }
}
