using System.Text;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Benchmarks.Hostile;

/// <summary>Valid packets of every type and both versions, those that only a server sends included: what is damaged, or sent when it may
/// not come.</summary>
internal sealed class PacketCorpus
{
    private static readonly string[] Topics =
    [
        "a", "depin/v1/home/device/esp32-0001/up", "depin/v1/home/device/esp32-0001/status", "depin/v1/join/abcdef/up", "depin/v1/home/gateway/status",
        "$SYS/x", "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/1/2/3/4/5/6/7/8/9",
    ];

    private static readonly string[] Filters = ["#", "+/+", "depin/#", "depin/v1/+/device/+/up", "$share/g/#", "a/#/b", "depin/v1/home/device/+/telemetry/#", "+"];

    private readonly byte[][][] packets = [Build(ProtocolVersion.V311), Build(ProtocolVersion.V5)];

    /// <summary>Any packet of the version.</summary>
    public byte[] Any(int version, Mutator mutator)
    {
        var some = packets[version == ProtocolVersion.V5 ? 1 : 0];
        return some[mutator.Next(some.Length)];
    }

    /// <summary>A CONNECT that is accepted: a reader of this machine.</summary>
    public static byte[] Connect(int version, string clientId, string? user = null, byte[]? password = null, bool will = false)
    {
        var properties = new PropertyWriter(new byte[64]);
        if (version == ProtocolVersion.V5)
        {
            properties.Add(PropertyId.SessionExpiryInterval, 1);
            properties.Add(PropertyId.ReceiveMaximum, 10);
            properties.Add(PropertyId.MaximumPacketSize, 100_000);
            properties.AddUser("a", "b");
        }
        var packet = new ConnectPacket
        {
            ProtocolVersion = version,
            CleanStart = true,
            KeepAliveSeconds = 60,
            Properties = properties.Written,
            ClientId = Encoding.UTF8.GetBytes(clientId),
            HasUserName = user is not null,
            UserName = Encoding.UTF8.GetBytes(user ?? ""),
            HasPassword = password is not null,
            Password = password,
            HasWill = will,
            WillTopic = "depin/v1/home/gateway/status"u8,
            WillPayload = "gone"u8,
            WillQoS = will ? QoS.AtLeastOnce : QoS.AtMostOnce,
            WillRetain = will,
        };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        return bytes;
    }

    private static byte[][] Build(int version)
    {
        var all = new List<byte[]>
        {
            Connect(version, "hostile"), Connect(version, ""), Connect(version, "hostile-will", will: true), Connect(version, "esp32-0001"),
            Connect(version, "esp32-0001", "esp32-0001", Encoding.ASCII.GetBytes("1.0000000000000000000000000000000000000000000000000000000000000000")),
            Connect(version, "join-abcdef"), Connect(version, new string('x', 300)),
        };
        foreach (var topic in Topics)
            foreach (var qos in new[] { QoS.AtMostOnce, QoS.AtLeastOnce, QoS.ExactlyOnce })
                all.Add(Publish(version, topic, qos, all.Count % 2 == 0, new byte[all.Count * 7 % 200]));
        all.Add(Publish(version, "a", QoS.AtLeastOnce, false, new byte[60_000]));
        all.Add(Publish(version, "a", QoS.AtLeastOnce, false, new byte[70_000]));
        foreach (var filter in Filters)
        {
            all.Add(Subscribe(version, filter));
            var text = Encoding.UTF8.GetBytes(filter);
            var leave = new UnsubscribePacket { PacketId = 9, Entries = (byte[])[(byte)(text.Length >> 8), (byte)text.Length, .. text] };
            var bytes = new byte[leave.Size(version)];
            leave.Write(bytes, version);
            all.Add(bytes);
        }
        // Acknowledgements of nothing, pings, goodbyes, and what only a server says.
        foreach (var first in new byte[] { 0x40, 0x50, 0x62, 0x70 })
            all.Add([first, 2, 0, 7]);
        all.AddRange([[0xC0, 0], [0xD0, 0], [0xE0, 0], [0xE0, 1, 4], [0xF0, 2, 0x18, 0], [0x20, 2, 0, 0], [0x90, 3, 0, 7, 0], [0xB0, 2, 0, 7], [0x00, 0], [0xF0, 0]]);
        return [.. all];
    }

    private static byte[] Publish(int version, string topic, QoS qos, bool retain, byte[] payload)
    {
        var properties = new PropertyWriter(new byte[128]);
        if (version == ProtocolVersion.V5)
        {
            properties.Add(PropertyId.MessageExpiryInterval, 1);
            properties.Add(PropertyId.ContentType, "text/plain");
            properties.Add(PropertyId.ResponseTopic, "x");
            properties.AddUser("k", "v");
        }
        var packet = new PublishPacket
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            QoS = qos,
            Retain = retain,
            PacketId = qos == QoS.AtMostOnce ? (ushort)0 : (ushort)5,
            Properties = properties.Written,
            Payload = payload,
        };
        var bytes = new byte[packet.Size(version)];
        packet.Write(bytes, version);
        return bytes;
    }

    private static byte[] Subscribe(int version, string filter)
    {
        var text = Encoding.UTF8.GetBytes(filter);
        var entry = new byte[text.Length + 3];
        SubscribePacket.WriteRequest(entry, new SubscriptionRequest { Filter = text, QoS = QoS.AtLeastOnce });
        var packet = new SubscribePacket { PacketId = 7, ProtocolVersion = version, Entries = entry };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        return bytes;
    }
}
