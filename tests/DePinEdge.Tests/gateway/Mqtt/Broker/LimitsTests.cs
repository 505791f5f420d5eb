using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>Slow, greedy and small clients: what happens at each limit, at its edge and one past it.</summary>
public class LimitsTests
{
    private static readonly BrokerOptions Small = new() { MaxOutputBytesPerConnection = 1_024, MaxQueuedPerSession = 3, MaxInflight = 100 };

    // A QoS 0 PUBLISH of topic "a" for 3.1.1 has 5 bytes before its payload, a QoS 1 one 7.
    private static byte[] PayloadFor(int packetBytes, QoS qos) => new byte[packetBytes - (packetBytes > 129 ? 1 : 0) - (qos == QoS.AtMostOnce ? 5 : 7)];

    [Fact]
    public void Slow_subscriber_loses_quality_0_beyond_its_output_limit()
    {
        var broker = new TestBroker(Small);
        var peer = broker.Connect("s", 4);
        peer.Subscribe("a");
        for (var i = 0; i < 8; i++) broker.Core.Publish("a", PayloadFor(128, QoS.AtMostOnce), QoS.AtMostOnce, false);
        Assert.Equal(1_024, peer.Connection.PendingBytes);
        broker.Core.Publish("a", ""u8, QoS.AtMostOnce, false);
        Assert.Equal((1_024, 1L), (peer.Connection.PendingBytes, broker.Counters.DroppedSlowSubscriber));
        peer.Stuck = true;
        peer.Take(); // what the transport has not taken still counts
        broker.Core.Publish("a", ""u8, QoS.AtMostOnce, false);
        Assert.Equal(2, broker.Counters.DroppedSlowSubscriber);
        peer.Unstick();
        broker.Core.Publish("a", "y"u8, QoS.AtMostOnce, false);
        Assert.Equal(["PUBLISH a y"], peer.Take());
    }

    [Fact]
    public void Slow_subscriber_keeps_quality_1_waiting_until_its_queue_is_full_and_is_then_closed()
    {
        var broker = new TestBroker(Small);
        var peer = broker.Connect("s", 5, clean: false, expiry: 100);
        peer.Subscribe("a");
        peer.Stuck = true;
        broker.Core.Publish("a", new byte[1_000], QoS.AtLeastOnce, false);
        peer.Take();
        for (var i = 0; i < 3; i++) broker.Core.Publish("a", new byte[100], QoS.AtLeastOnce, false);
        Assert.Equal(3, broker.Counters.QueuedMessages);
        Assert.False(peer.Connection.CloseAfterFlush);
        broker.Core.Publish("a", new byte[100], QoS.AtLeastOnce, false);
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(1, broker.Counters.QuotaDisconnects);
        Assert.Equal(long.MinValue, broker.Core.NextTickMs); // the application is told at the next call of the shell
        broker.Heard();
        broker.Pass(0);
        Assert.Equal(["lost s QuotaExceeded"], broker.Heard());
        // The session is kept with what it had; the one past the limit is lost for it.
        var again = broker.Open();
        Assert.StartsWith("CONNACK Success present; PUBLISH a ", again.Connect("s", clean: false), StringComparison.Ordinal);
        Assert.Equal(4, broker.Counters.PublishesOut - 1);
    }

    [Fact]
    public void Waiting_messages_go_out_as_the_output_drains()
    {
        var broker = new TestBroker(Small with { MaxQueuedPerSession = 100 });
        var peer = broker.Connect("s", 4);
        peer.Subscribe("a");
        peer.Stuck = true;
        for (var i = 0; i < 20; i++) broker.Core.Publish("a", PayloadFor(256, QoS.AtLeastOnce), QoS.AtLeastOnce, false);
        peer.Take();
        Assert.Equal((1_024, 16L), (peer.Connection.InFlightBytes, broker.Counters.QueuedMessages));
        peer.Unstick();
        Assert.Equal(16, peer.Take().Count);
        Assert.Equal(0, broker.Counters.QueuedMessages);
    }

    [Fact]
    public void Offline_queue_drops_the_newest_at_its_limit()
    {
        var broker = new TestBroker(Small);
        var peer = broker.Connect("s", expiry: 100);
        peer.Subscribe("a");
        peer.Drop();
        for (var i = 1; i <= 4; i++) broker.Core.Publish("a", [(byte)('0' + i)], QoS.AtLeastOnce, false);
        Assert.Equal((3L, 1L), (broker.Counters.QueuedMessages, broker.Counters.DroppedOfflineQueueFull));
        Assert.Equal("CONNACK Success present; PUBLISH a 1 #1; PUBLISH a 2 #2; PUBLISH a 3 #3", broker.Open().Connect("s", clean: false));
    }

    [Fact]
    public void Offline_queue_is_bounded_in_bytes_too()
    {
        var broker = new TestBroker(new BrokerOptions { MaxQueuedBytesPerSession = 1_024 });
        var peer = broker.Connect("s", expiry: 100);
        peer.Subscribe("a");
        peer.Drop();
        broker.Core.Publish("a", new byte[511], QoS.AtLeastOnce, false); // 512 with its topic
        broker.Core.Publish("a", new byte[511], QoS.AtLeastOnce, false);
        Assert.Equal((2L, 0L), (broker.Counters.QueuedMessages, broker.Counters.DroppedOfflineQueueFull));
        broker.Core.Publish("a", ""u8, QoS.AtLeastOnce, false);
        Assert.Equal((2L, 1L), (broker.Counters.QueuedMessages, broker.Counters.DroppedOfflineQueueFull));
    }

    [Fact]
    public void Offline_sessions_together_are_bounded_in_bytes()
    {
        var broker = new TestBroker(new BrokerOptions { MaxOfflineQueuedBytes = 20 });
        foreach (var name in (string[])["a", "b", "c"])
        {
            var peer = broker.Connect(name, expiry: 100);
            peer.Subscribe("t");
            if (name != "c") peer.Drop();
        }
        broker.Core.Publish("t", new byte[9], QoS.AtLeastOnce, false); // 10 bytes with its topic, for each of two
        Assert.Equal((20L, 0L), (broker.Counters.OfflineQueuedBytes, broker.Counters.DroppedOfflineQueueFull));
        broker.Core.Publish("t", ""u8, QoS.AtLeastOnce, false);
        Assert.Equal((20L, 2L), (broker.Counters.OfflineQueuedBytes, broker.Counters.DroppedOfflineQueueFull));
        broker.Open().Connect("a", clean: false, expiry: 100);
        Assert.Equal(10, broker.Counters.OfflineQueuedBytes);
        broker.Pass(100_000);
        Assert.Equal((0L, 1L), (broker.Counters.OfflineQueuedBytes, broker.Counters.SessionsExpired));
    }

    [Theory]
    [InlineData(0, 100)] // the broker's own limit
    [InlineData(2, 2)]
    [InlineData(101, 100)]
    public void Window_of_unacknowledged_messages_is_the_smaller_of_both(int receiveMaximum, int expected)
    {
        var broker = new TestBroker(new BrokerOptions { MaxInflight = 100 });
        var peer = broker.Open();
        peer.Connect("s", receiveMaximum: receiveMaximum);
        peer.Subscribe("a");
        for (var i = 0; i < 110; i++) broker.Core.Publish("a", "x"u8, QoS.AtLeastOnce, false);
        Assert.Equal(expected, peer.Take().Count);
        peer.Acknowledge(1);
        Assert.Equal([$"PUBLISH a x #{expected + 1}"], peer.Take());
        peer.Acknowledge(1); // a second time it acknowledges nothing
        Assert.Empty(peer.Take());
    }

    [Fact]
    public void Client_gets_no_packet_larger_than_it_takes()
    {
        var broker = new TestBroker();
        var peer = broker.Open();
        peer.Connect("s", maximumPacket: 100);
        peer.Subscribe("a");
        broker.Core.Publish("a", new byte[94], QoS.AtMostOnce, false);
        broker.Core.Publish("a", new byte[95], QoS.AtMostOnce, false);
        broker.Core.Publish("a", new byte[92], QoS.AtLeastOnce, false);
        broker.Core.Publish("a", new byte[93], QoS.AtLeastOnce, false);
        broker.Core.Publish("a", "x"u8, QoS.AtLeastOnce, false);
        var lines = peer.Take();
        Assert.Equal(3, lines.Count);
        Assert.EndsWith(" #1", lines[1], StringComparison.Ordinal);
        Assert.Equal("PUBLISH a x #3", lines[2]);
        Assert.Equal(2, broker.Counters.DroppedTooLargeForClient);
        broker.Core.Publish("b", new byte[95], QoS.AtLeastOnce, true);
        Assert.Equal("SUBACK 01", peer.Subscribe("b"));
        Assert.Equal(3, broker.Counters.DroppedTooLargeForClient);
    }

    [Fact]
    public void Client_that_does_not_read_its_answers_is_paused_and_then_closed()
    {
        var broker = new TestBroker(Small);
        var peer = broker.Connect("s", 4);
        for (var i = 0; i < 512; i++) peer.Send([0xC0, 0]);
        Assert.Equal((1_024, false), (peer.Connection.PendingBytes, peer.Connection.ReadPaused));
        peer.Send([0xC0, 0]);
        Assert.True(peer.Connection.ReadPaused);
        for (var i = 513; i < 1_024; i++) peer.Send([0xC0, 0]);
        Assert.Equal((2_048, false), (peer.Connection.PendingBytes, peer.Connection.CloseAfterFlush));
        peer.Send([0xC0, 0]);
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(1, broker.Counters.QuotaDisconnects);
    }

    [Fact]
    public void Reading_goes_on_when_half_of_the_output_is_taken()
    {
        var broker = new TestBroker(Small);
        var peer = broker.Connect("s", 4);
        peer.Stuck = true;
        for (var i = 0; i < 600; i++) peer.Send([0xC0, 0]);
        peer.Take();
        broker.Core.OutputSent(peer.Connection, 687);
        Assert.True(peer.Connection.ReadPaused);
        broker.Core.OutputSent(peer.Connection, 1);
        Assert.False(peer.Connection.ReadPaused);
    }

    [Fact]
    public void Message_larger_than_the_whole_output_limit_still_goes_out_alone()
    {
        var broker = new TestBroker(Small);
        var peer = broker.Connect("s", 4);
        peer.Subscribe("a");
        broker.Core.Publish("a", new byte[5_000], QoS.AtMostOnce, false);
        broker.Core.Publish("a", new byte[5_000], QoS.AtLeastOnce, false);
        Assert.Equal(2, peer.Take().Count);
    }

    [Fact]
    public void Publisher_whose_own_subscription_fills_up_is_closed_without_acknowledgement()
    {
        var broker = new TestBroker(Small with { MaxInflight = 1, MaxQueuedPerSession = 1 });
        var peer = broker.Connect("s");
        peer.Subscribe("a");
        for (ushort i = 1; i <= 3; i++) peer.Publish("a", "x", QoS.AtLeastOnce, id: i);
        Assert.Equal(["PUBLISH a x #1", "PUBACK #1 Success", "PUBACK #2 Success", "DISCONNECT QuotaExceeded"], peer.Take());
        Assert.Equal((0L, 0L), (broker.Counters.Sessions, broker.Counters.QueuedMessages));
    }

    [Fact]
    public void Options_name_the_bad_key()
    {
        void Bad(BrokerOptions options, string key) => Assert.StartsWith(key, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
        new BrokerOptions().Validate();
        Bad(new BrokerOptions { MaxPacketBytes = 127 }, "MaxPacketBytes");
        Bad(new BrokerOptions { MaxPacketBytes = 268_435_456 }, "MaxPacketBytes");
        Bad(new BrokerOptions { MaxPacketBytes = 1_000, MaxConnectPacketBytes = 1_001 }, "MaxConnectPacketBytes");
        Bad(new BrokerOptions { MaxConnections = 0 }, "MaxConnections");
        Bad(new BrokerOptions { SessionExpiryMaxSeconds = uint.MaxValue }, "SessionExpiryMaxSeconds");
        Bad(new BrokerOptions { AssignedClientIdPrefix = "" }, "AssignedClientIdPrefix");
        Assert.Throws<ArgumentException>(() => new BrokerCore(new BrokerOptions { MaxInflight = 0 }));
    }

    [Fact]
    public void Shell_that_reports_more_than_it_took_is_a_fault()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s");
        Assert.Throws<InvalidOperationException>(() => broker.Core.OutputSent(peer.Connection, 1));
    }
}
