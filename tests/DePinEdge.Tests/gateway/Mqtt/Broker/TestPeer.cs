using System.Text;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>The other end of one connection. What the broker sends is read back as one line of text a packet, so that tests can say
/// exactly what they expect.</summary>
internal sealed class TestPeer(TestBroker broker, int version, RemoteEndpoint? remote = null)
{
    /// <summary>A peer on this machine.</summary>
    public static readonly RemoteEndpoint Here = new("test", 1, true);

    public BrokerConnection Connection { get; } = broker.Core.Open(remote ?? Here, broker.NowMs) ?? throw new InvalidOperationException("the broker took no connection");

    /// <summary>While true the peer takes nothing: output is taken by the shell and stays in flight.</summary>
    public bool Stuck { get; set; }

    /// <summary>While true, acknowledgements are read back with their properties.</summary>
    public bool Reasons { get; set; }

    /// <summary>Properties of the last CONNACK, as text.</summary>
    public string ConnAckProperties { get; private set; } = "";

    public void Send(ReadOnlySpan<byte> bytes) => broker.Core.Receive(Connection, bytes, broker.NowMs);

    public string Connect(string clientId, bool clean = true, uint expiry = 0, ushort keepAlive = 0, int receiveMaximum = 0, uint maximumPacket = 0, bool problemInformation = true, uint willExpiry = 0, (string Topic, string Payload, QoS QoS, bool Retain, uint DelayS)? will = null)
    {
        var properties = new PropertyWriter(new byte[64]);
        if (expiry > 0) properties.Add(PropertyId.SessionExpiryInterval, expiry);
        if (receiveMaximum > 0) properties.Add(PropertyId.ReceiveMaximum, (uint)receiveMaximum);
        if (maximumPacket > 0) properties.Add(PropertyId.MaximumPacketSize, maximumPacket);
        if (!problemInformation) properties.Add(PropertyId.RequestProblemInformation, 0);
        var willProperties = new PropertyWriter(new byte[64]);
        if (will is { DelayS: > 0 }) willProperties.Add(PropertyId.WillDelayInterval, will.Value.DelayS);
        if (willExpiry > 0) willProperties.Add(PropertyId.MessageExpiryInterval, willExpiry);
        var packet = new ConnectPacket
        {
            ProtocolVersion = version,
            CleanStart = clean,
            KeepAliveSeconds = keepAlive,
            ClientId = Encoding.UTF8.GetBytes(clientId),
            Properties = properties.Written,
            HasWill = will is not null,
            WillTopic = Encoding.UTF8.GetBytes(will?.Topic ?? ""),
            WillPayload = Encoding.UTF8.GetBytes(will?.Payload ?? ""),
            WillQoS = will?.QoS ?? QoS.AtMostOnce,
            WillRetain = will?.Retain ?? false,
            WillProperties = willProperties.Written,
        };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        Send(bytes);
        return string.Join("; ", Take());
    }

    public static byte[] PublishBytes(int version, string topic, string payload, QoS qos = QoS.AtMostOnce, bool retain = false, ushort id = 1, bool duplicate = false, ReadOnlySpan<byte> properties = default)
    {
        var packet = new PublishPacket
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = Encoding.UTF8.GetBytes(payload),
            QoS = qos,
            Retain = retain,
            Duplicate = duplicate,
            PacketId = qos == QoS.AtMostOnce ? (ushort)0 : id,
            Properties = properties,
        };
        var bytes = new byte[packet.Size(version)];
        packet.Write(bytes, version);
        return bytes;
    }

    public void Publish(string topic, string payload, QoS qos = QoS.AtMostOnce, bool retain = false, ushort id = 1, ReadOnlySpan<byte> properties = default) =>
        Send(PublishBytes(version, topic, payload, qos, retain, id, false, properties));

    public string Subscribe(string filter, QoS qos = QoS.AtLeastOnce, bool noLocal = false, bool retainAsPublished = false, int retainHandling = 0, uint identifier = 0)
    {
        SendSubscribe(filter, qos, noLocal, retainAsPublished, retainHandling, identifier);
        return string.Join("; ", Take());
    }

    public void SendSubscribe(string filter, QoS qos = QoS.AtLeastOnce, bool noLocal = false, bool retainAsPublished = false, int retainHandling = 0, uint identifier = 0)
    {
        var text = Encoding.UTF8.GetBytes(filter);
        var entry = new byte[text.Length + 3];
        SubscribePacket.WriteRequest(entry, new SubscriptionRequest { Filter = text, QoS = qos, NoLocal = noLocal, RetainAsPublished = retainAsPublished, RetainHandling = retainHandling });
        var properties = new PropertyWriter(new byte[16]);
        if (identifier > 0) properties.Add(PropertyId.SubscriptionIdentifier, identifier);
        var packet = new SubscribePacket { PacketId = 7, ProtocolVersion = version, Entries = entry, Properties = properties.Written };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        Send(bytes);
    }

    public string Unsubscribe(string filter)
    {
        var text = Encoding.UTF8.GetBytes(filter);
        var packet = new UnsubscribePacket { PacketId = 8, Entries = (byte[])[(byte)(text.Length >> 8), (byte)text.Length, .. text] };
        var bytes = new byte[packet.Size(version)];
        packet.Write(bytes, version);
        Send(bytes);
        return string.Join("; ", Take());
    }

    public void Acknowledge(int id) => Send([0x40, 2, (byte)(id >> 8), (byte)id]);

    public void Disconnect() => Send([0xE0, 0]);

    /// <summary>The transport breaks.</summary>
    public void Drop() => broker.Core.Closed(Connection, "gone", broker.NowMs);

    /// <summary>What the shell would do: takes all output, and reads the packets unless the peer is stuck.</summary>
    public List<string> Take()
    {
        var lines = new List<string>();
        var bytes = new List<byte>();
        while (Connection.PendingBytes > 0)
        {
            var output = broker.Core.TakeOutput(Connection);
            bytes.AddRange(output.Memory.Span);
            output.Return();
            if (Stuck) return lines;
            broker.Core.OutputSent(Connection, output.Count);
        }
        for (ReadOnlySpan<byte> rest = bytes.ToArray(); rest.Length > 0;)
        {
            Assert.Equal(DecodeStatus.Ok, Frame.TryRead(rest, int.MaxValue, out var frame));
            lines.Add(Text(frame));
            rest = rest[frame.Bytes..];
        }
        return lines;
    }

    /// <summary>A stuck peer takes what was in flight.</summary>
    public void Unstick()
    {
        Stuck = false;
        broker.Core.OutputSent(Connection, Connection.InFlightBytes);
    }

    private string Text(in Frame frame)
    {
        switch (frame.Type)
        {
            case PacketType.ConnAck:
                Assert.Equal(DecodeStatus.Ok, ConnAckPacket.TryRead(frame, version, out var connAck));
                ConnAckProperties = Text(connAck.Properties);
                return $"CONNACK {connAck.Code}{(connAck.SessionPresent ? " present" : "")}";
            case PacketType.Publish:
                Assert.Equal(DecodeStatus.Ok, PublishPacket.TryRead(frame, version, PropertyScope.PublishToClient, out var publish));
                var flags = (publish.Retain ? " retain" : "") + (publish.Duplicate ? " dup" : "") + (publish.PacketId > 0 ? $" #{publish.PacketId}" : "");
                var properties = Text(publish.Properties);
                return $"PUBLISH {Encoding.UTF8.GetString(publish.Topic)} {Encoding.UTF8.GetString(publish.Payload)}{flags}{(properties.Length > 0 ? $" [{properties}]" : "")}";
            case PacketType.PubAck or PacketType.PubComp:
                Assert.Equal(DecodeStatus.Ok, AckPacket.TryRead(frame, version, out var ack));
                return $"{frame.Type.ToString().ToUpperInvariant()} #{ack.PacketId} {ack.Code}{Reason(ack.Properties)}";
            case PacketType.SubAck or PacketType.UnsubAck:
                Assert.Equal(DecodeStatus.Ok, SubAckPacket.TryRead(frame, version, out var subAck));
                return $"{frame.Type.ToString().ToUpperInvariant()} {Convert.ToHexString(subAck.Codes)}{Reason(subAck.Properties)}";
            case PacketType.Disconnect:
                Assert.Equal(5, version);
                Assert.Equal(DecodeStatus.Ok, DisconnectPacket.TryRead(frame, version, PropertyScope.DisconnectByServer, out var disconnect));
                return $"DISCONNECT {disconnect.Code}";
            default:
                return frame.Type.ToString().ToUpperInvariant();
        }
    }

    private string Reason(ReadOnlySpan<byte> properties) => Reasons && properties.Length > 0 ? $" [{Text(properties)}]" : "";

    private static string Text(ReadOnlySpan<byte> properties)
    {
        var lines = new List<string>();
        for (var reader = new PropertyReader(properties); reader.TryRead(out var property);)
            lines.Add(property.Id == PropertyId.UserProperty ? $"{Encoding.UTF8.GetString(property.Bytes)}={Encoding.UTF8.GetString(property.Value)}"
                : property.Bytes.IsEmpty ? $"{property.Id} {property.Number}" : $"{property.Id} {Encoding.UTF8.GetString(property.Bytes)}");
        return string.Join(", ", lines);
    }
}
