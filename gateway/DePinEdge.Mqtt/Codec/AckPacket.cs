namespace DePinEdge.Mqtt.Codec;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7): one layout.</summary>
public readonly ref struct AckPacket
{
    /// <summary>Which of the four.</summary>
    public PacketType Type { get; init; }
    public ushort PacketId { get; init; }
    public ReasonCode Code { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Reads and checks.</summary>
    public static DecodeStatus TryRead(in Frame frame, int protocolVersion, out AckPacket packet)
    {
        packet = default;
        var reader = new WireReader(frame.Body);
        if (!reader.TryUInt16(out var packetId)) return DecodeStatus.Malformed;
        if (packetId == 0) return DecodeStatus.ProtocolError;
        byte code = 0;
        ReadOnlySpan<byte> properties = default;
        if (protocolVersion == ProtocolVersion.V5 && !reader.AtEnd)
        {
            reader.TryByte(out code);
            if (!ReasonCodes.Fits(frame.Type, (ReasonCode)code)) return DecodeStatus.Malformed;
            if (!reader.AtEnd && reader.Properties(PropertyScope.PublishAck, out properties) is var status and not DecodeStatus.Ok)
                return status;
        }
        if (!reader.AtEnd) return DecodeStatus.Malformed;
        packet = new AckPacket { Type = frame.Type, PacketId = packetId, Code = (ReasonCode)code, Properties = properties };
        return DecodeStatus.Ok;
    }

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size(int protocolVersion) => WireWriter.PacketBytes(BodyBytes(protocolVersion));

    // Success without properties is the two bytes of the identifier alone, which every 3.1.1 acknowledgement is.
    private int BodyBytes(int protocolVersion) =>
        protocolVersion < ProtocolVersion.V5 || (Code == ReasonCode.Success && Properties.IsEmpty) ? 2
        : Properties.IsEmpty ? 3 : 3 + WireWriter.PropertiesBytes(protocolVersion, Properties.Length);

    /// <summary>Writes the packet and returns its size.</summary>
    public int Write(Span<byte> destination, int protocolVersion)
    {
        var body = BodyBytes(protocolVersion);
        var writer = new WireWriter(destination);
        writer.Header(Type, Type == PacketType.PubRel ? 2 : 0, body);
        writer.UInt16(PacketId);
        if (body > 2) writer.Byte((byte)Code);
        if (body > 3) writer.Properties(Properties);
        return writer.Written;
    }
}
