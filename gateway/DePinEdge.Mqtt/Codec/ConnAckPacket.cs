namespace DePinEdge.Mqtt.Codec;

/// <summary>CONNACK (section 3.2). For 3.1.1 the reason code becomes the nearest return code, and back.</summary>
public readonly ref struct ConnAckPacket
{
    public bool SessionPresent { get; init; }
    public ReasonCode Code { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Reads and checks.</summary>
    public static DecodeStatus TryRead(in Frame frame, int protocolVersion, out ConnAckPacket packet)
    {
        packet = default;
        var reader = new WireReader(frame.Body);
        if (!reader.TryByte(out var flags) || flags > 1 || !reader.TryByte(out var code)) return DecodeStatus.Malformed;
        ReadOnlySpan<byte> properties = default;
        var reason = (ReasonCode)code;
        if (protocolVersion == ProtocolVersion.V5)
        {
            if (!ReasonCodes.Fits(PacketType.ConnAck, reason)) return DecodeStatus.Malformed;
            if (reader.Properties(PropertyScope.ConnAck, out properties) is var status and not DecodeStatus.Ok) return status;
        }
        else if (!ReasonCodes.TryFromReturnCode(code, out reason)) return DecodeStatus.Malformed;
        if (!reader.AtEnd || (flags == 1 && code != 0)) return DecodeStatus.Malformed;
        packet = new ConnAckPacket { SessionPresent = flags == 1, Code = reason, Properties = properties };
        return DecodeStatus.Ok;
    }

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size(int protocolVersion) => WireWriter.PacketBytes(BodyBytes(protocolVersion));

    private int BodyBytes(int protocolVersion) => 2 + WireWriter.PropertiesBytes(protocolVersion, Properties.Length);

    /// <summary>Writes the packet and returns its size.</summary>
    public int Write(Span<byte> destination, int protocolVersion)
    {
        var writer = new WireWriter(destination);
        writer.Header(PacketType.ConnAck, 0, BodyBytes(protocolVersion));
        writer.Byte(SessionPresent ? (byte)1 : (byte)0);
        writer.Byte(protocolVersion == ProtocolVersion.V5 ? (byte)Code : ReasonCodes.ToReturnCode(Code));
        if (protocolVersion == ProtocolVersion.V5) writer.Properties(Properties);
        return writer.Written;
    }
}
