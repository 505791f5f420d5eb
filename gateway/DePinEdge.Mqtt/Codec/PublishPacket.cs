using System.Text.Unicode;

namespace DePinEdge.Mqtt.Codec;

/// <summary>PUBLISH (section 3.3).</summary>
public readonly ref struct PublishPacket
{
    public bool Duplicate { get; init; }
    public QoS QoS { get; init; }
    public bool Retain { get; init; }

    /// <summary>The topic in UTF-8; empty when an MQTT 5 topic alias stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The packet identifier; 0 for QoS 0.</summary>
    public ushort PacketId { get; init; }
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Properties written after <see cref="Properties"/>: a sender's own (subscription identifiers) beside those it forwards.
    /// Empty after reading.</summary>
    public ReadOnlySpan<byte> OwnProperties { get; init; }
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Reads and checks. <paramref name="scope"/> is PublishToServer or PublishToClient. QoS 2 is read; whether it is served is
    /// the reader's matter.</summary>
    public static DecodeStatus TryRead(in Frame frame, int protocolVersion, PropertyScope scope, out PublishPacket packet)
    {
        packet = default;
        var qos = frame.Flags >> 1 & 3;
        var duplicate = (frame.Flags & 8) != 0;
        if (qos == 3 || (qos == 0 && duplicate)) return DecodeStatus.Malformed;
        var reader = new WireReader(frame.Body);
        if (!reader.TryBinary(out var topic)) return DecodeStatus.Malformed;
        ushort packetId = 0;
        if (qos > 0 && !reader.TryUInt16(out packetId)) return DecodeStatus.Malformed;
        if (qos > 0 && packetId == 0) return DecodeStatus.ProtocolError;
        ReadOnlySpan<byte> properties = default;
        var isV5 = protocolVersion == ProtocolVersion.V5;
        if (isV5 && reader.Properties(scope, out properties) is var status and not DecodeStatus.Ok) return status;
        if (topic.IsEmpty)
        {
            if (!isV5) return DecodeStatus.Malformed;
            if (!PropertyReader.TryFind(properties, PropertyId.TopicAlias, out _)) return DecodeStatus.ProtocolError;
        }
        else if (!TopicName.IsValid(topic))
        {
            return topic.IndexOf((byte)0) >= 0 || !Utf8.IsValid(topic) ? DecodeStatus.Malformed : DecodeStatus.TopicNameInvalid;
        }
        packet = new PublishPacket
        {
            Duplicate = duplicate,
            QoS = (QoS)qos,
            Retain = (frame.Flags & 1) != 0,
            Topic = topic,
            PacketId = packetId,
            Properties = properties,
            Payload = reader.Rest,
        };
        return DecodeStatus.Ok;
    }

    /// <summary>Bytes of the packet on the wire.</summary>
    public int Size(int protocolVersion) => WireWriter.PacketBytes(BodyBytes(protocolVersion));

    private int BodyBytes(int protocolVersion) =>
        2 + Topic.Length + (QoS > 0 ? 2 : 0) + Payload.Length
        + WireWriter.PropertiesBytes(protocolVersion, Properties.Length + OwnProperties.Length);

    /// <summary>Writes the packet and returns its size.</summary>
    public int Write(Span<byte> destination, int protocolVersion)
    {
        var writer = new WireWriter(destination);
        writer.Header(PacketType.Publish, (Duplicate ? 8 : 0) | (int)QoS << 1 | (Retain ? 1 : 0), BodyBytes(protocolVersion));
        writer.Binary(Topic);
        if (QoS > 0) writer.UInt16(PacketId);
        if (protocolVersion == ProtocolVersion.V5)
        {
            writer.VarInt(Properties.Length + OwnProperties.Length);
            writer.Raw(Properties);
            writer.Raw(OwnProperties);
        }
        writer.Raw(Payload);
        return writer.Written;
    }
}
