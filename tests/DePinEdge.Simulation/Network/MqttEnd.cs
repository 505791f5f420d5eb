using System.Text;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Simulation.Network;

/// <summary>
/// A client's end of one MQTT connection, without a socket and without a clock: packets go out through <paramref name="send"/>, each
/// whole; bytes come in by <see cref="Receive"/> in any fragments and come out as calls of the handlers. QoS 1 messages are
/// acknowledged when they arrive.
/// </summary>
/// <param name="version">4 (3.1.1) or 5.</param>
/// <param name="send">Takes each packet.</param>
public sealed class MqttEnd(int version, Action<byte[]> send)
{
    private readonly List<byte> stream = [];
    private ushort lastPacketId;

    /// <summary>The answer to CONNECT.</summary>
    public Action<ReasonCode> ConnAckRead { get; init; } = _ => { };

    /// <summary>The answer to SUBSCRIBE.</summary>
    public Action<byte> SubAckRead { get; init; } = _ => { };

    /// <summary>The answer to a PUBLISH, with its packet id.</summary>
    public Action<ushort, ReasonCode> PubAckRead { get; init; } = (_, _) => { };

    /// <summary>A message.</summary>
    public Action<EndMessage> MessageRead { get; init; } = _ => { };

    /// <summary>Sends CONNECT with a clean start.</summary>
    public void Connect(string clientId, string? user, string? password, int keepAliveSeconds)
    {
        var packet = new ConnectPacket
        {
            ProtocolVersion = version,
            CleanStart = true,
            KeepAliveSeconds = (ushort)keepAliveSeconds,
            ClientId = Encoding.UTF8.GetBytes(clientId),
            HasUserName = user is not null,
            UserName = Encoding.UTF8.GetBytes(user ?? ""),
            HasPassword = password is not null,
            Password = Encoding.UTF8.GetBytes(password ?? ""),
        };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        send(bytes);
    }

    /// <summary>Sends SUBSCRIBE for one filter, QoS 1.</summary>
    public void Subscribe(string filter)
    {
        var entry = new byte[Encoding.UTF8.GetByteCount(filter) + 3];
        SubscribePacket.WriteRequest(entry, new SubscriptionRequest { Filter = Encoding.UTF8.GetBytes(filter), QoS = QoS.AtLeastOnce });
        var packet = new SubscribePacket { PacketId = NextPacketId(), ProtocolVersion = version, Entries = entry };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        send(bytes);
    }

    /// <summary>Sends PUBLISH, QoS 1; returns its packet id.</summary>
    public ushort Publish(string topic, ReadOnlySpan<byte> payload)
    {
        var id = NextPacketId();
        var packet = new PublishPacket { QoS = QoS.AtLeastOnce, Topic = Encoding.UTF8.GetBytes(topic), PacketId = id, Payload = payload };
        var bytes = new byte[packet.Size(version)];
        packet.Write(bytes, version);
        send(bytes);
        return id;
    }

    /// <summary>Sends PINGREQ.</summary>
    public void Ping() => send([(byte)PacketType.PingReq << 4, 0]);

    /// <summary>Bytes of the broker.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        stream.AddRange(bytes);
        var all = stream.ToArray().AsSpan();
        while (Frame.TryRead(all, int.MaxValue, out var frame) is var status && status != DecodeStatus.Incomplete)
        {
            SimulationException.Require(status == DecodeStatus.Ok, $"the broker sent a packet that is {status}");
            Take(frame);
            all = all[frame.Bytes..];
        }
        stream.Clear();
        stream.AddRange(all);
    }

    private void Take(in Frame frame)
    {
        var status = DecodeStatus.Ok;
        switch (frame.Type)
        {
            case PacketType.ConnAck:
                status = ConnAckPacket.TryRead(frame, version, out var connAck);
                ConnAckRead(connAck.Code);
                break;
            case PacketType.SubAck:
                status = SubAckPacket.TryRead(frame, version, out var subAck);
                SubAckRead(status == DecodeStatus.Ok ? subAck.Codes[0] : (byte)0xFF);
                break;
            case PacketType.PubAck:
                status = AckPacket.TryRead(frame, version, out var ack);
                PubAckRead(ack.PacketId, ack.Code);
                break;
            case PacketType.Publish:
                status = PublishPacket.TryRead(frame, version, PropertyScope.PublishToClient, out var publish);
                if (publish.QoS == QoS.AtLeastOnce)
                    Acknowledge(publish.PacketId);
                MessageRead(new EndMessage(Encoding.UTF8.GetString(publish.Topic), publish.Payload.ToArray(), publish.QoS, publish.Retain));
                break;
            case PacketType.PingResp or PacketType.Disconnect:
                break;
            default:
                throw new SimulationException($"the broker sent {frame.Type}");
        }
        SimulationException.Require(status == DecodeStatus.Ok, $"the broker sent a {frame.Type} that is {status}");
    }

    private void Acknowledge(ushort packetId)
    {
        var bytes = new byte[8];
        send(bytes[..new AckPacket { Type = PacketType.PubAck, PacketId = packetId }.Write(bytes, version)]);
    }

    private ushort NextPacketId() => ++lastPacketId == 0 ? ++lastPacketId : lastPacketId;
}
