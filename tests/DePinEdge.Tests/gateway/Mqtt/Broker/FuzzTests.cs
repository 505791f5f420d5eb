using System.Text;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>Mutated and random streams from fixed seeds: only answers and closed connections come out, never an exception, and never harm
/// to a bystander.</summary>
public class FuzzTests
{
    private const int InputsPerSeed = 10_000;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    public void Broker_survives_whatever_is_sent(int seed)
    {
        var random = new Random(seed);
        var broker = new TestBroker(new BrokerOptions { MaxPacketBytes = 4_096, MaxConnectPacketBytes = 1_024, MaxSessions = 50, MaxRetainedMessages = 50, MaxQueuedPerSession = 20, MaxOutputBytesPerConnection = 4_096 });
        broker.Application.OnAuthorizePublish = (_, topic) => (PublishRoute)(topic.Length % 4);
        var bystander = broker.Connect("bystander");
        bystander.Subscribe("safe", QoS.AtLeastOnce);
        var samples = Samples();
        var dirty = new List<BrokerConnection>();
        for (var i = 0; i < InputsPerSeed; i++)
        {
            var version = random.Next(2) + 4;
            var connection = broker.Core.Open(TestPeer.Here, broker.NowMs)!;
            if (random.Next(4) > 0) broker.Core.Receive(connection, samples[version - 4][0], broker.NowMs);
            var input = Input(random, samples[version - 4]);
            for (ReadOnlySpan<byte> rest = input; rest.Length > 0;)
            {
                var piece = random.Next(3) == 0 ? random.Next(1, rest.Length + 1) : rest.Length;
                broker.Core.Receive(connection, rest[..piece], broker.NowMs);
                rest = rest[piece..];
            }
            broker.Core.TakeDirty(dirty);
            foreach (var one in dirty)
            {
                var output = broker.Core.TakeOutput(one);
                if (one == connection) AssertWellFormed(output.Memory.Span);
                output.Return();
                broker.Core.OutputSent(one, output.Count);
            }
            dirty.Clear();
            if (random.Next(10) > 0) broker.Core.Closed(connection, "end", broker.NowMs);
            if (random.Next(100) == 0) broker.Pass(random.Next(100_000));
            broker.Application.Heard.Clear();
        }
        Assert.InRange(broker.Counters.ProtocolErrors, 1_000, long.MaxValue);
        Assert.InRange(broker.Counters.ConnectsAccepted, 1_000, long.MaxValue);
        Assert.InRange(broker.Counters.Sessions, 1, 50);
        Assert.False(bystander.Connection.CloseAfterFlush);
        bystander.Take();
        broker.Core.Publish("safe", "still here"u8, QoS.AtMostOnce, false);
        Assert.Equal(["PUBLISH safe still here"], bystander.Take());
    }

    [Fact]
    public void Codec_gives_a_status_for_any_bytes_and_writes_back_what_it_reads()
    {
        var random = new Random(21);
        var samples = Samples();
        var readable = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var version = random.Next(2) + 4;
            var input = Input(random, samples[version - 4]);
            if (Frame.TryRead(input, 4_096, out var frame) != DecodeStatus.Ok) continue;
            var written = new byte[frame.Bytes + 8];
            var bytes = -1;
            var canonical = true;
            switch (frame.Type)
            {
                case PacketType.Connect when ConnectPacket.TryRead(frame, out var packet) == DecodeStatus.Ok:
                    bytes = packet.Write(written);
                    break;
                case PacketType.Publish when PublishPacket.TryRead(frame, version, PropertyScope.PublishToServer, out var packet) == DecodeStatus.Ok:
                    bytes = packet.Write(written, version);
                    break;
                case PacketType.Subscribe when SubscribePacket.TryRead(frame, version, out var packet) == DecodeStatus.Ok:
                    bytes = packet.Write(written);
                    break;
                case PacketType.Unsubscribe when UnsubscribePacket.TryRead(frame, version, out var packet) == DecodeStatus.Ok:
                    bytes = packet.Write(written, version);
                    break;
                case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp when AckPacket.TryRead(frame, version, out var packet) == DecodeStatus.Ok:
                    bytes = packet.Write(written, version);
                    canonical = false; // success may be spelled out or left out
                    break;
                case PacketType.Disconnect when DisconnectPacket.TryRead(frame, version, PropertyScope.DisconnectByClient, out var packet) == DecodeStatus.Ok:
                    bytes = packet.Write(written, version);
                    canonical = false;
                    break;
                case PacketType.ConnAck:
                    ConnAckPacket.TryRead(frame, version, out _);
                    break;
                case PacketType.SubAck or PacketType.UnsubAck:
                    SubAckPacket.TryRead(frame, version, out _);
                    break;
                case PacketType.Auth:
                    AuthPacket.TryRead(frame, out _);
                    break;
            }
            if (bytes < 0) continue;
            readable++;
            // The body is compared: a header may spell its length with more digits than it needs.
            if (canonical) Assert.Equal(frame.Body.ToArray(), written[(bytes - frame.Body.Length)..bytes]);
        }
        Assert.InRange(readable, 1_000, 20_000);
    }

    private static void AssertWellFormed(ReadOnlySpan<byte> output)
    {
        while (output.Length > 0)
        {
            Assert.Equal(DecodeStatus.Ok, Frame.TryRead(output, int.MaxValue, out var frame));
            output = output[frame.Bytes..];
        }
    }

    // A few valid packets of each version; the first is CONNECT.
    private static byte[][][] Samples()
    {
        var samples = new byte[2][][];
        for (var version = 4; version <= 5; version++)
        {
            var properties = new PropertyWriter(new byte[100]);
            var will = new PropertyWriter(new byte[100]);
            if (version == 5)
            {
                properties.Add(PropertyId.SessionExpiryInterval, 30);
                properties.AddUser("k", "v");
                will.Add(PropertyId.WillDelayInterval, 5);
                will.Add(PropertyId.ContentType, "t");
            }
            var connect = new ConnectPacket
            {
                ProtocolVersion = version,
                ClientId = "fuzz"u8,
                KeepAliveSeconds = 10,
                Properties = properties.Written,
                HasWill = true,
                WillQoS = QoS.AtLeastOnce,
                WillTopic = "will"u8,
                WillPayload = "w"u8,
                WillProperties = will.Written,
                HasUserName = true,
                UserName = "u"u8,
                HasPassword = true,
                Password = "p"u8,
            };
            var connectBytes = new byte[connect.Size];
            connect.Write(connectBytes);
            var message = new PropertyWriter(new byte[100]);
            if (version == 5)
            {
                message.Add(PropertyId.ResponseTopic, "r");
                message.Add(PropertyId.MessageExpiryInterval, 9);
                message.AddUser("a", "b");
            }
            var entry = new byte[16];
            var entryBytes = SubscribePacket.WriteRequest(entry, new SubscriptionRequest { Filter = "a/+/b"u8, QoS = QoS.AtLeastOnce });
            var subscribe = new SubscribePacket { PacketId = 3, ProtocolVersion = version, Entries = entry.AsSpan(0, entryBytes) };
            var subscribeBytes = new byte[subscribe.Size];
            subscribe.Write(subscribeBytes);
            var unsubscribe = new UnsubscribePacket { PacketId = 4, Entries = [0, 5, .. "a/+/b"u8] };
            var unsubscribeBytes = new byte[unsubscribe.Size(version)];
            unsubscribe.Write(unsubscribeBytes, version);
            samples[version - 4] =
            [
                connectBytes,
                TestPeer.PublishBytes(version, "a/x/b", "payload", QoS.AtLeastOnce, true, 1, false, message.Written),
                TestPeer.PublishBytes(version, "fuzz", "", properties: message.Written),
                subscribeBytes,
                unsubscribeBytes,
                [0x40, 2, 0, 1],
                [0x62, 2, 0, 1],
                [0xC0, 0],
                version == 5 ? [0xE0, 7, 0, 5, 0x11, 0, 0, 0, 1] : [0xE0, 0],
            ];
        }
        return samples;
    }

    private static byte[] Input(Random random, byte[][] samples)
    {
        var bytes = new List<byte>();
        if (random.Next(8) == 0)
        {
            var noise = new byte[random.Next(1, 200)];
            random.NextBytes(noise);
            return noise;
        }
        for (var i = random.Next(1, 4); i > 0; i--) bytes.AddRange(samples[random.Next(samples.Length)]);
        for (var i = random.Next(4); i > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when bytes.Count > 1:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }
        return [.. bytes];
    }
}
