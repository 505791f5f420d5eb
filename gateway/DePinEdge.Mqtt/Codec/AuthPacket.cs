namespace DePinEdge.Mqtt.Codec;

/// <summary>AUTH (section 3.15), MQTT 5 only.</summary>
public readonly ref struct AuthPacket
{
    public ReasonCode Code { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Reads and checks.</summary>
    public static DecodeStatus TryRead(in Frame frame, out AuthPacket packet)
    {
        packet = default;
        var reader = new WireReader(frame.Body);
        byte code = 0;
        ReadOnlySpan<byte> properties = default;
        if (!reader.AtEnd)
        {
            reader.TryByte(out code);
            if (!ReasonCodes.Fits(PacketType.Auth, (ReasonCode)code)) return DecodeStatus.Malformed;
            if (reader.Properties(PropertyScope.Auth, out properties) is var status and not DecodeStatus.Ok) return status;
        }
        if (!reader.AtEnd) return DecodeStatus.Malformed;
        packet = new AuthPacket { Code = (ReasonCode)code, Properties = properties };
        return DecodeStatus.Ok;
    }

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size => WireWriter.PacketBytes(BodyBytes);

    private int BodyBytes => Code == ReasonCode.Success && Properties.IsEmpty
        ? 0 : 1 + WireWriter.PropertiesBytes(ProtocolVersion.V5, Properties.Length);

    /// <summary>Writes the packet and returns its <see cref="Size"/>.</summary>
    public int Write(Span<byte> destination)
    {
        var body = BodyBytes;
        var writer = new WireWriter(destination);
        writer.Header(PacketType.Auth, 0, body);
        if (body > 0) writer.Byte((byte)Code);
        if (body > 0) writer.Properties(Properties);
        return writer.Written;
    }
}
