// One MQTT client of a bench: packets in memory, no socket, no clock.
using System.Text;
using DePinEdge.Gateway;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>Speaks MQTT to a <see cref="GatewayCore"/> through its broker's byte seam.</summary>
internal sealed class BenchClient(CoreBench bench, int version)
{
    private readonly List<byte> stream = [];
    private BrokerConnection? connection;
    private ushort nextPacketId = 1;

    public bool Open => connection is not null;

    /// <summary>The CONNACK's code, once there was one.</summary>
    public ReasonCode? Connected { get; private set; }

    /// <summary>Codes of PUBACKs in order.</summary>
    public List<ReasonCode> Acks { get; } = [];

    /// <summary>The last SUBACK's code.</summary>
    public byte SubscribeCode { get; private set; }

    public List<(string Topic, byte[] Payload)> Received { get; } = [];

    /// <summary>How each of <see cref="Received"/> came.</summary>
    public List<(QoS QoS, bool Retain)> Flags { get; } = [];

    public static BenchClient Connect(CoreBench bench, string clientId, string? user, string? password, int version = 4, bool loopback = true)
    {
        var client = new BenchClient(bench, version);
        client.connection = bench.Core.ConnectionOpened(new RemoteEndpoint(loopback ? "127.0.0.1" : "10.1.2.3", 40_000, loopback), bench.Now);
        Assert.NotNull(client.connection);
        client.connection.Tag = client;
        var packet = new ConnectPacket
        {
            ProtocolVersion = version,
            CleanStart = true,
            KeepAliveSeconds = 0,
            ClientId = Encoding.UTF8.GetBytes(clientId),
            HasUserName = user is not null,
            UserName = Encoding.UTF8.GetBytes(user ?? ""),
            HasPassword = password is not null,
            Password = Encoding.UTF8.GetBytes(password ?? ""),
        };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        client.Send(bytes);
        return client;
    }

    public void Subscribe(string filter)
    {
        var request = new SubscriptionRequest { Filter = Encoding.UTF8.GetBytes(filter), QoS = QoS.AtLeastOnce };
        var entry = new byte[Encoding.UTF8.GetByteCount(filter) + 3];
        SubscribePacket.WriteRequest(entry, request);
        var packet = new SubscribePacket { PacketId = nextPacketId++, ProtocolVersion = version, Entries = entry };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        Send(bytes);
    }

    public void Publish(string topic, ReadOnlySpan<byte> payload)
    {
        var packet = new PublishPacket { QoS = QoS.AtLeastOnce, Topic = Encoding.UTF8.GetBytes(topic), PacketId = nextPacketId++, Payload = payload };
        var bytes = new byte[packet.Size(version)];
        packet.Write(bytes, version);
        Send(bytes);
    }

    /// <summary>The cable is pulled.</summary>
    public void Drop()
    {
        if (connection is not { } gone)
            return;
        connection = null;
        bench.Core.ConnectionClosed(gone, "dropped", bench.Now);
    }

    /// <summary>Bytes from the gateway.</summary>
    public void Deliver(ReadOnlySpan<byte> bytes, bool close)
    {
        stream.AddRange(bytes);
        var all = stream.ToArray().AsSpan();
        while (Frame.TryRead(all, int.MaxValue, out var frame) == DecodeStatus.Ok)
        {
            Take(frame);
            all = all[frame.Bytes..];
        }
        stream.Clear();
        stream.AddRange(all);
        if (close)
            Drop();
    }

    private void Take(in Frame frame)
    {
        switch (frame.Type)
        {
            case PacketType.ConnAck:
                Assert.Equal(DecodeStatus.Ok, ConnAckPacket.TryRead(frame, version, out var connAck));
                Connected = connAck.Code;
                break;
            case PacketType.SubAck:
                Assert.Equal(DecodeStatus.Ok, SubAckPacket.TryRead(frame, version, out var subAck));
                SubscribeCode = subAck.Codes[0];
                break;
            case PacketType.PubAck:
                Assert.Equal(DecodeStatus.Ok, AckPacket.TryRead(frame, version, out var ack));
                Acks.Add(ack.Code);
                break;
            case PacketType.Publish:
                Assert.Equal(DecodeStatus.Ok, PublishPacket.TryRead(frame, version, PropertyScope.PublishToClient, out var publish));
                Flags.Add((publish.QoS, publish.Retain));
                Received.Add((Encoding.UTF8.GetString(publish.Topic), publish.Payload.ToArray()));
                if (publish.QoS == QoS.AtLeastOnce)
                {
                    var bytes = new byte[8];
                    var count = new AckPacket { Type = PacketType.PubAck, PacketId = publish.PacketId }.Write(bytes, version);
                    bench.Later(() => Send(bytes.AsSpan(0, count)));
                }
                break;
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (connection is { } open)
            bench.Core.BytesReceived(open, bytes, bench.Now);
    }
}
