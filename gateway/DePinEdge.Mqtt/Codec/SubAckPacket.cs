namespace DePinEdge.Mqtt.Codec;

/// <summary>SUBACK and UNSUBACK (sections 3.9 and 3.11): one code for each entry asked about. A 3.1.1 UNSUBACK has no codes; a 3.1.1
/// SUBACK knows 0, 1, 2 and 0x80.</summary>
public readonly ref struct SubAckPacket
{
    /// <summary>SubAck or UnsubAck.</summary>
    public PacketType Type { get; init; }
    public ushort PacketId { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Reason codes, a byte each, in the order of the request.</summary>
    public ReadOnlySpan<byte> Codes { get; init; }

    /// <summary>Reads and checks.</summary>
    public static DecodeStatus TryRead(in Frame frame, int protocolVersion, out SubAckPacket packet)
    {
        packet = default;
        var isV5 = protocolVersion == ProtocolVersion.V5;
        var reader = new WireReader(frame.Body);
        if (!reader.TryUInt16(out var packetId)) return DecodeStatus.Malformed;
        if (packetId == 0) return DecodeStatus.ProtocolError;
        ReadOnlySpan<byte> properties = default;
        if (isV5 && reader.Properties(PropertyScope.SubscribeAck, out properties) is var status and not DecodeStatus.Ok) return status;
        var mustBeEmpty = !isV5 && frame.Type == PacketType.UnsubAck;
        if (reader.AtEnd != mustBeEmpty) return DecodeStatus.Malformed;
        foreach (var code in reader.Rest)
            if (isV5 ? !ReasonCodes.Fits(frame.Type, (ReasonCode)code) : code is > 2 and not 0x80) return DecodeStatus.Malformed;
        packet = new SubAckPacket { Type = frame.Type, PacketId = packetId, Properties = properties, Codes = reader.Rest };
        return DecodeStatus.Ok;
    }

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size(int protocolVersion) => WireWriter.PacketBytes(BodyBytes(protocolVersion));

    private int BodyBytes(int protocolVersion) =>
        2 + WireWriter.PropertiesBytes(protocolVersion, Properties.Length) + (HasCodes(protocolVersion) ? Codes.Length : 0);

    private bool HasCodes(int protocolVersion) => protocolVersion == ProtocolVersion.V5 || Type == PacketType.SubAck;

    /// <summary>Writes the packet and returns its size. Codes of failure become 0x80 for 3.1.1.</summary>
    public int Write(Span<byte> destination, int protocolVersion)
    {
        var writer = new WireWriter(destination);
        writer.Header(Type, 0, BodyBytes(protocolVersion));
        writer.UInt16(PacketId);
        if (protocolVersion == ProtocolVersion.V5) writer.Properties(Properties);
        if (!HasCodes(protocolVersion)) return writer.Written;
        foreach (var code in Codes) writer.Byte(protocolVersion == ProtocolVersion.V5 || code < 0x80 ? code : (byte)0x80);
        return writer.Written;
    }
}
