namespace DePinEdge.Mqtt.Codec;

/// <summary>CONNECT (section 3.1). A view: the spans point into the bytes it was read from, or that will be written.</summary>
public readonly ref struct ConnectPacket
{
    /// <summary>The protocol level: 4 or 5. After UnsupportedProtocolVersion the level the client asked for.</summary>
    public int ProtocolVersion { get; init; }
    public bool CleanStart { get; init; }
    public ushort KeepAliveSeconds { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }
    public ReadOnlySpan<byte> ClientId { get; init; }
    public bool HasWill { get; init; }
    public QoS WillQoS { get; init; }
    public bool WillRetain { get; init; }
    public ReadOnlySpan<byte> WillProperties { get; init; }
    public ReadOnlySpan<byte> WillTopic { get; init; }
    public ReadOnlySpan<byte> WillPayload { get; init; }
    public bool HasUserName { get; init; }
    public ReadOnlySpan<byte> UserName { get; init; }
    public bool HasPassword { get; init; }
    public ReadOnlySpan<byte> Password { get; init; }

    /// <summary>Reads and checks. On failure only <see cref="ProtocolVersion"/> is set, where it could be read, so that the refusal can
    /// be written in the client's version.</summary>
    public static DecodeStatus TryRead(in Frame frame, out ConnectPacket packet)
    {
        packet = default;
        var reader = new WireReader(frame.Body);
        if (!reader.TryText(out var name) || !reader.TryByte(out var level)) return DecodeStatus.Malformed;
        packet = new ConnectPacket { ProtocolVersion = level };
        if (name.SequenceEqual("MQIsdp"u8)) return DecodeStatus.UnsupportedProtocolVersion;
        if (!name.SequenceEqual("MQTT"u8)) return DecodeStatus.Malformed;
        if (level is not (Mqtt.ProtocolVersion.V311 or Mqtt.ProtocolVersion.V5)) return DecodeStatus.UnsupportedProtocolVersion;

        if (!reader.TryByte(out var flags) || !reader.TryUInt16(out var keepAlive)) return DecodeStatus.Malformed;
        bool hasWill = (flags & 4) != 0, hasUserName = (flags & 128) != 0, hasPassword = (flags & 64) != 0;
        var willQoS = flags >> 3 & 3;
        if ((flags & 1) != 0 || willQoS == 3 || (!hasWill && (flags & 0x38) != 0)) return DecodeStatus.Malformed;
        var isV5 = level == Mqtt.ProtocolVersion.V5;
        if (!isV5 && hasPassword && !hasUserName) return DecodeStatus.Malformed;

        ReadOnlySpan<byte> properties = default, willProperties = default, willTopic = default, willPayload = default,
            userName = default, password = default;
        if (isV5 && reader.Properties(PropertyScope.Connect, out properties) is var status and not DecodeStatus.Ok) return status;
        if (!reader.TryText(out var clientId)) return DecodeStatus.Malformed;
        if (hasWill)
        {
            if (isV5 && reader.Properties(PropertyScope.Will, out willProperties) is var willStatus and not DecodeStatus.Ok)
                return willStatus;
            if (!reader.TryText(out willTopic) || !reader.TryBinary(out willPayload)) return DecodeStatus.Malformed;
            if (!TopicName.IsValid(willTopic)) return DecodeStatus.TopicNameInvalid;
        }
        if (hasUserName && !reader.TryText(out userName)) return DecodeStatus.Malformed;
        if (hasPassword && !reader.TryBinary(out password)) return DecodeStatus.Malformed;
        if (!reader.AtEnd) return DecodeStatus.Malformed;
        packet = new ConnectPacket
        {
            ProtocolVersion = level,
            CleanStart = (flags & 2) != 0,
            KeepAliveSeconds = keepAlive,
            Properties = properties,
            ClientId = clientId,
            HasWill = hasWill,
            WillQoS = (QoS)willQoS,
            WillRetain = (flags & 32) != 0,
            WillProperties = willProperties,
            WillTopic = willTopic,
            WillPayload = willPayload,
            HasUserName = hasUserName,
            UserName = userName,
            HasPassword = hasPassword,
            Password = password,
        };
        return DecodeStatus.Ok;
    }

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size => WireWriter.PacketBytes(BodyBytes);

    private int BodyBytes => 10 + WireWriter.PropertiesBytes(ProtocolVersion, Properties.Length) + 2 + ClientId.Length
        + (HasWill ? WireWriter.PropertiesBytes(ProtocolVersion, WillProperties.Length) + 4 + WillTopic.Length + WillPayload.Length : 0)
        + (HasUserName ? 2 + UserName.Length : 0) + (HasPassword ? 2 + Password.Length : 0);

    /// <summary>Writes the packet and returns its <see cref="Size"/>.</summary>
    public int Write(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        var isV5 = ProtocolVersion == Mqtt.ProtocolVersion.V5;
        writer.Header(PacketType.Connect, 0, BodyBytes);
        writer.Binary("MQTT"u8);
        writer.Byte((byte)ProtocolVersion);
        writer.Byte((byte)((CleanStart ? 2 : 0) | (HasWill ? 4 | (int)WillQoS << 3 | (WillRetain ? 32 : 0) : 0) | (HasPassword ? 64 : 0)
            | (HasUserName ? 128 : 0)));
        writer.UInt16(KeepAliveSeconds);
        if (isV5) writer.Properties(Properties);
        writer.Binary(ClientId);
        if (HasWill)
        {
            if (isV5) writer.Properties(WillProperties);
            writer.Binary(WillTopic);
            writer.Binary(WillPayload);
        }
        if (HasUserName) writer.Binary(UserName);
        if (HasPassword) writer.Binary(Password);
        return writer.Written;
    }
}
