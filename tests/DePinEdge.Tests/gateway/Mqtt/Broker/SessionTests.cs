using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using static DePinEdge.Tests.Gateway.MqttTests.Codec.GoldenBytesTests;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>Sessions over connections: what is kept, sent again, taken over, and when it ends.</summary>
public class SessionTests
{
    [Fact]
    public void Offline_session_keeps_quality_1_and_not_quality_0()
    {
        var broker = new TestBroker();
        foreach (var version in (int[])[4, 5])
        {
            var name = $"s{version}";
            var peer = broker.Connect(name, version, clean: false, expiry: version == 5 ? 100u : 0);
            peer.Subscribe("a");
            peer.Drop();
            broker.Core.Publish("a", "0"u8, QoS.AtMostOnce, false);
            broker.Core.Publish("a", "1"u8, QoS.AtLeastOnce, false);
            broker.Core.Publish("a", "2"u8, QoS.AtLeastOnce, false);
            Assert.Equal(2, broker.Counters.QueuedMessages);
            var again = broker.Open(version);
            Assert.Equal("CONNACK Success present; PUBLISH a 1 #1; PUBLISH a 2 #2", again.Connect(name, clean: false, expiry: 100));
            Assert.Equal(0, broker.Counters.QueuedMessages);
            again.Acknowledge(1);
            again.Acknowledge(2);
            again.Drop();
            Assert.Equal("CONNACK Success", broker.Open(version).Connect(name, clean: true));
            broker.Core.Publish("a", "3"u8, QoS.AtLeastOnce, false);
        }
        Assert.Equal(0, broker.Counters.Subscriptions);
    }

    [Fact]
    public void Clean_session_ends_with_its_connection()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s", 4);
        peer.Subscribe("a");
        peer.Drop();
        Assert.Equal((0L, 0L, 0L), (broker.Counters.Sessions, broker.Counters.Subscriptions, broker.Counters.Connections));
        Assert.Equal("CONNACK Success", broker.Open(4).Connect("s", clean: false));
    }

    [Fact]
    public void Unacknowledged_messages_come_again_as_duplicates_with_their_identifiers_and_in_order()
    {
        var broker = new TestBroker();
        var peer = broker.Open();
        peer.Connect("s", clean: false, expiry: 100, receiveMaximum: 3);
        peer.Subscribe("a");
        for (var i = 1; i <= 4; i++) broker.Core.Publish("a", [(byte)('0' + i)], QoS.AtLeastOnce, false);
        Assert.Equal(["PUBLISH a 1 #1", "PUBLISH a 2 #2", "PUBLISH a 3 #3"], peer.Take());
        peer.Acknowledge(2);
        Assert.Equal(["PUBLISH a 4 #4"], peer.Take());
        peer.Drop();
        var again = broker.Open();
        Assert.Equal("CONNACK Success present; PUBLISH a 1 dup #1; PUBLISH a 3 dup #3", again.Connect("s", clean: false, expiry: 100, receiveMaximum: 2));
        again.Acknowledge(1);
        Assert.Equal(["PUBLISH a 4 dup #4"], again.Take());
        broker.Core.Publish("a", "5"u8, QoS.AtLeastOnce, false);
        again.Acknowledge(3);
        Assert.Equal(["PUBLISH a 5 #5"], again.Take());
        Assert.Equal(0, broker.Counters.QueuedMessages);
    }

    [Fact]
    public void Offline_session_ends_at_its_instant_and_not_before()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s", expiry: 10);
        peer.Subscribe("a");
        broker.Pass(3_600_000);
        Assert.Equal(1, broker.Counters.Sessions);
        peer.Drop();
        Assert.Equal(broker.NowMs + 10_000, broker.Core.NextTickMs);
        broker.Pass(9_999);
        Assert.Equal(1, broker.Counters.Sessions);
        broker.Pass(1);
        Assert.Equal((0L, 0L, 1L), (broker.Counters.Sessions, broker.Counters.Subscriptions, broker.Counters.SessionsExpired));
        Assert.Equal(long.MaxValue, broker.Core.NextTickMs);
    }

    [Fact]
    public void Reconnection_stops_the_end_of_a_session()
    {
        var broker = new TestBroker();
        broker.Connect("s", expiry: 10).Drop();
        broker.Pass(9_999);
        Assert.Equal("CONNACK Success present", broker.Open().Connect("s", clean: false, expiry: 10));
        broker.Pass(100_000);
        Assert.Equal(1, broker.Counters.Sessions);
    }

    [Fact]
    public void Disconnect_may_change_the_expiry_but_not_from_0()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s", expiry: 10);
        peer.Send(Packet(0xE0, Hex("00 05 11 00000014")));
        broker.Pass(19_999);
        Assert.Equal(1, broker.Counters.Sessions);
        broker.Pass(1);
        Assert.Equal(0, broker.Counters.Sessions);

        var never = broker.Connect("n");
        never.Send(Packet(0xE0, Hex("00 05 11 00000001")));
        Assert.Equal(["DISCONNECT ProtocolError"], never.Take());
        Assert.Equal(0, broker.Counters.Sessions);

        var ended = broker.Connect("e", expiry: 10);
        ended.Send(Packet(0xE0, Hex("00 05 11 00000000")));
        Assert.Equal(0, broker.Counters.Sessions);
    }

    [Theory]
    [InlineData(5, "DISCONNECT SessionTakenOver")]
    [InlineData(4, "")]
    public void Newcomer_takes_the_session_over(int version, string farewell)
    {
        var broker = new TestBroker();
        var first = broker.Connect("s", version, clean: false, expiry: 100);
        first.Subscribe("a");
        broker.Heard();
        var second = broker.Open(version);
        Assert.Equal("CONNACK Success present", second.Connect("s", clean: false, expiry: 100));
        Assert.Equal(farewell, string.Join("; ", first.Take()));
        Assert.True(first.Connection.CloseAfterFlush);
        Assert.Equal(["lost s SessionTakenOver", "opened s"], broker.Heard());
        first.Drop();
        first.Publish("a", "ignored");
        broker.Core.Publish("a", "x"u8, QoS.AtMostOnce, false);
        Assert.Equal(["PUBLISH a x"], second.Take());
        Assert.Empty(broker.Heard());
        Assert.Equal((1L, 1L, 1L), (broker.Counters.TakeOvers, broker.Counters.Sessions, broker.Counters.Connections));
    }

    [Fact]
    public void Take_over_with_a_clean_start_forgets_the_subscriptions()
    {
        var broker = new TestBroker();
        broker.Connect("s", expiry: 100).Subscribe("a");
        broker.Connect("s", expiry: 100);
        Assert.Equal((1L, 0L), (broker.Counters.Sessions, broker.Counters.Subscriptions));
    }

    [Fact]
    public void Client_object_says_whether_it_is_connected_and_whether_a_session_was_there()
    {
        var broker = new TestBroker();
        var clients = new List<BrokerClient>();
        broker.Application.OnOpened = clients.Add;
        broker.Connect("s", expiry: 100).Drop();
        broker.Open().Connect("s", clean: false);
        Assert.Equal([false, true], clients.Select(c => c.Connected));
        Assert.Equal([false, true], clients.Select(c => c.SessionPresent));
        Assert.Equal([true, false], clients.Select(c => c.CleanStart));
    }

    [Fact]
    public void Session_limit_ends_the_offline_session_nearest_to_its_end_and_refuses_when_all_are_connected()
    {
        var broker = new TestBroker(new BrokerOptions { MaxSessions = 2 });
        broker.Connect("late", expiry: 200).Drop();
        broker.Connect("soon", expiry: 100).Drop();
        broker.Connect("a");
        Assert.Equal(1, broker.Counters.SessionsEvicted);
        Assert.Equal("CONNACK Success present", broker.Open().Connect("late", clean: false));
        Assert.Equal("CONNACK QuotaExceeded", broker.Open().Connect("b"));
        Assert.Equal("CONNACK Success", broker.Open().Connect("a")); // takes its own place
    }

    [Fact]
    public void Packet_identifiers_go_round_without_zero_and_without_meeting()
    {
        var broker = new TestBroker(new BrokerOptions { MaxInflight = 10 });
        var peer = broker.Connect("s", 4);
        peer.Subscribe("a");
        broker.Core.Publish("a", "stuck"u8, QoS.AtLeastOnce, false);
        Assert.Equal(["PUBLISH a stuck #1"], peer.Take());
        for (var i = 2; i <= 60_001; i++)
        {
            broker.Core.Publish("a", "x"u8, QoS.AtLeastOnce, false);
            Assert.Equal([$"PUBLISH a x #{i}"], peer.Take());
            peer.Acknowledge(i);
        }
        broker.Core.Publish("a", "y"u8, QoS.AtLeastOnce, false); // too near to a lap around the stuck one: it waits
        Assert.Empty(peer.Take());
        peer.Acknowledge(1);
        Assert.Equal(["PUBLISH a y #60002"], peer.Take());
        peer.Acknowledge(60_002);
        for (var i = 60_003; i <= 65_537; i++)
        {
            broker.Core.Publish("a", "x"u8, QoS.AtLeastOnce, false);
            var id = i <= 65_535 ? i : i - 65_535;
            Assert.Equal([$"PUBLISH a x #{id}"], peer.Take());
            peer.Acknowledge(id);
        }
    }

    [Theory]
    [InlineData("E0 00", "Success")]
    [InlineData("E0 01 04", "DisconnectWithWill")]
    [InlineData("E0 02 98 00", "AdministrativeAction")]
    public void Application_hears_the_clients_own_reason(string hex, string why)
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s");
        broker.Heard();
        peer.Send(Hex(hex));
        Assert.Equal([$"lost s {why}"], broker.Heard());
        Assert.Empty(peer.Take());
        Assert.True(peer.Connection.CloseAfterFlush);
        peer.Drop();
        Assert.Empty(broker.Heard());
    }
}
