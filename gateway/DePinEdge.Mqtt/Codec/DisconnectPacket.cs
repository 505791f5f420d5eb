namespace DePinEdge.Mqtt.Codec;

/// <summary>DISCONNECT (section 3.14). 3.1.1 has no code, and only clients send it.</summary>
public readonly ref struct DisconnectPacket
{
    public ReasonCode Code { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Reads and checks. <paramref name="scope"/> is DisconnectByClient or DisconnectByServer.</summary>
    public static DecodeStatus TryRead(in Frame frame, int protocolVersion, PropertyScope scope, out DisconnectPacket packet)
    {
        packet = default;
        var reader = new WireReader(frame.Body);
        byte code = 0;
        ReadOnlySpan<byte> properties = default;
        if (protocolVersion == ProtocolVersion.V5 && !reader.AtEnd)
        {
            reader.TryByte(out code);
            if (!ReasonCodes.Fits(PacketType.Disconnect, (ReasonCode)code)) return DecodeStatus.Malformed;
            if (!reader.AtEnd && reader.Properties(scope, out properties) is var status and not DecodeStatus.Ok) return status;
        }
        if (!reader.AtEnd) return DecodeStatus.Malformed;
        packet = new DisconnectPacket { Code = (ReasonCode)code, Properties = properties };
        return DecodeStatus.Ok;
    }

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size(int protocolVersion) => WireWriter.PacketBytes(BodyBytes(protocolVersion));

    private int BodyBytes(int protocolVersion) =>
        protocolVersion < ProtocolVersion.V5 || (Code == ReasonCode.Success && Properties.IsEmpty) ? 0
        : Properties.IsEmpty ? 1 : 1 + WireWriter.PropertiesBytes(protocolVersion, Properties.Length);

    /// <summary>Writes the packet and returns its size.</summary>
    public int Write(Span<byte> destination, int protocolVersion)
    {
        var body = BodyBytes(protocolVersion);
        var writer = new WireWriter(destination);
        writer.Header(PacketType.Disconnect, 0, body);
        if (body > 0) writer.Byte((byte)Code);
        if (body > 1) writer.Properties(Properties);
        return writer.Written;
    }
}
