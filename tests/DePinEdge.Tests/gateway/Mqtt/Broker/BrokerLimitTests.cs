using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>
/// Every limit of the broker, driven to its edge (not counted) and one past it (counted once). A limit without a row here fails.
/// </summary>
public class BrokerLimitTests
{
    private static readonly RemoteEndpoint Elsewhere = new("192.0.2.7", 1, false);

    /// <summary>Each gives a broker at the edge and the one step more.</summary>
    private static readonly Dictionary<BrokerLimit, Func<(TestBroker Broker, Action OnePast)>> Rows = new()
    {
        [BrokerLimit.MaxPacketBytes] = () => Connected(new BrokerOptions { MaxPacketBytes = 128, MaxConnectPacketBytes = 128 }, (_, peer) =>
        {
            peer.Publish("t", new string('x', 122)); // 2 header, 3 topic, 1 properties
            return () => peer.Publish("t", new string('x', 123));
        }),
        [BrokerLimit.MaxConnectPacketBytes] = () =>
        {
            var broker = new TestBroker(new BrokerOptions { MaxConnectPacketBytes = 128 });
            // 2 header, 10 fixed, 1 properties, 2 length of the id
            Assert.Equal("CONNACK Success", broker.Open().Connect(new string('x', 113)));
            return (broker, () => broker.Open().Connect(new string('x', 114)));
        },
        [BrokerLimit.MaxConnections] = () => Opened(new BrokerOptions { MaxConnections = 3 }, TestPeer.Here),
        [BrokerLimit.MaxConnectionsPerAddress] = () => Opened(new BrokerOptions { MaxConnectionsPerAddress = 3 }, Elsewhere),
        [BrokerLimit.MaxPendingConnections] = () => Opened(new BrokerOptions { MaxPendingConnections = 3 }, TestPeer.Here),
        [BrokerLimit.ConnectsPerSecondPerAddress] = () =>
        {
            var broker = new TestBroker(new BrokerOptions { ConnectsPerSecondPerAddress = 2 });
            for (var i = 0; i < 2; i++) Assert.Equal("CONNACK Success", broker.Open(5, Elsewhere).Connect($"c{i}"));
            return (broker, () => Assert.Equal("CONNACK ConnectionRateExceeded", broker.Open(5, Elsewhere).Connect("c2")));
        },
        [BrokerLimit.MaxSessions] = () =>
        {
            var broker = new TestBroker(new BrokerOptions { MaxSessions = 2 });
            broker.Connect("a");
            broker.Connect("b");
            return (broker, () => Assert.Equal("CONNACK QuotaExceeded", broker.Open().Connect("c")));
        },
        [BrokerLimit.MaxClientIdBytes] = () =>
        {
            var broker = new TestBroker(new BrokerOptions { MaxClientIdBytes = 23 });
            broker.Connect(new string('x', 23));
            return (broker, () => Assert.Equal("CONNACK ClientIdentifierNotValid", broker.Open().Connect(new string('x', 24))));
        },
        [BrokerLimit.MaxSubscriptionsPerSession] = () => Connected(new BrokerOptions { MaxSubscriptionsPerSession = 2 }, (_, peer) =>
        {
            peer.Subscribe("a");
            peer.Subscribe("b");
            peer.Subscribe("b"); // one that it has
            return () => Assert.Equal("SUBACK 97", peer.Subscribe("c"));
        }),
        [BrokerLimit.MaxQueuedPerSession] = () => Offline(new BrokerOptions { MaxQueuedPerSession = 3 }, 3, 10),
        [BrokerLimit.MaxQueuedBytesPerSession] = () => Offline(new BrokerOptions { MaxQueuedBytesPerSession = 1_024 }, 2, 511),
        [BrokerLimit.MaxOfflineQueuedBytes] = () => Offline(new BrokerOptions { MaxOfflineQueuedBytes = 20 }, 2, 9),
        [BrokerLimit.MaxOutputBytesPerConnection] = () => Connected(new BrokerOptions { MaxOutputBytesPerConnection = 1_024 }, (broker, peer) =>
        {
            peer.Subscribe("t");
            broker.Core.Publish("t", new byte[1_024 - 7], QoS.AtMostOnce, false); // 3 header, 3 topic, 1 properties
            return () => broker.Core.Publish("t", ""u8, QoS.AtMostOnce, false);
        }),
        [BrokerLimit.MaxRetainedMessages] = () => Connected(new BrokerOptions { MaxRetainedMessages = 2 }, (_, peer) =>
        {
            peer.Publish("a", "x", retain: true);
            peer.Publish("b", "x", retain: true);
            peer.Publish("b", "y", retain: true); // takes a place that is there
            return () => peer.Publish("c", "x", retain: true);
        }),
        [BrokerLimit.MaxRetainedBytes] = () => Connected(new BrokerOptions { MaxRetainedBytes = 20 }, (_, peer) =>
        {
            peer.Publish("a", new string('x', 19), retain: true);
            return () => peer.Publish("a", new string('x', 20), retain: true);
        }),
        [BrokerLimit.MaxTopicLevels] = () => Connected(new BrokerOptions { MaxTopicLevels = 3 }, (_, peer) =>
        {
            peer.Publish("a/b/c", "x");
            peer.Subscribe("a/b/#");
            return () => peer.Publish("a/b/c/d", "x");
        }),
        [BrokerLimit.ConnectTimeoutMs] = () =>
        {
            var broker = new TestBroker(new BrokerOptions { ConnectTimeoutMs = 1_000 });
            broker.Open();
            broker.Pass(999);
            return (broker, () => broker.Pass(1));
        },
        [BrokerLimit.CloseTimeoutMs] = () => Connected(new BrokerOptions { CloseTimeoutMs = 1_000 }, (broker, peer) =>
        {
            peer.Disconnect();
            broker.Pass(999);
            return () => broker.Pass(1);
        }),
        [BrokerLimit.PublishesPerSecond] = () => Connected(new BrokerOptions { PublishesPerSecond = 2 }, (_, peer) =>
        {
            for (var i = 0; i < 4; i++) peer.Publish("t", "x");
            return () => peer.Publish("t", "x");
        }),
    };

    public static TheoryData<string> Limits => [.. Enum.GetNames<BrokerLimit>()];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Limit_is_counted_once_past_its_edge_and_not_at_it(string name)
    {
        var limit = Enum.Parse<BrokerLimit>(name);
        var (broker, onePast) = Rows[limit]();
        Assert.All(Enum.GetValues<BrokerLimit>(), one => Assert.Equal((one, 0L), (one, broker.Counters.Reached(one))));
        onePast();
        Assert.All(Enum.GetValues<BrokerLimit>(), one => Assert.Equal((one, one == limit ? 1L : 0L), (one, broker.Counters.Reached(one))));
    }

    [Fact]
    public void Every_limit_is_an_option() =>
        Assert.Empty(Enum.GetNames<BrokerLimit>().Except(typeof(BrokerOptions).GetProperties().Select(key => key.Name)));

    [Fact]
    public void Connections_that_end_give_their_places_back()
    {
        var broker = new TestBroker(new BrokerOptions { MaxConnectionsPerAddress = 1, MaxPendingConnections = 1 });
        for (var i = 0; i < 3; i++)
        {
            var peer = broker.Open(5, Elsewhere);
            Assert.Null(broker.Core.Open(Elsewhere, broker.NowMs));
            if (i == 1) peer.Connect("c");
            peer.Drop();
            peer.Drop();
        }
        Assert.Equal((0L, 0L), (broker.Counters.Connections, broker.Counters.PendingConnections));
    }

    [Fact]
    public void Accepted_clients_and_refused_ones_are_pending_no_more()
    {
        var broker = new TestBroker(new BrokerOptions { MaxPendingConnections = 1 });
        broker.Connect("a");
        broker.Open().Send([0xC0, 0]); // not a CONNECT: given up
        Assert.Equal((2L, 0L), (broker.Counters.Connections, broker.Counters.PendingConnections));
        broker.Open();
        Assert.Null(broker.Core.Open(TestPeer.Here, broker.NowMs));
    }

    [Fact]
    public void This_machine_has_no_share_of_its_own()
    {
        var broker = new TestBroker(new BrokerOptions { MaxConnectionsPerAddress = 1, ConnectsPerSecondPerAddress = 1 });
        broker.Connect("a");
        broker.Connect("b");
    }

    [Fact]
    public void Addresses_of_one_ipv6_network_have_one_share()
    {
        var broker = new TestBroker(new BrokerOptions { MaxConnectionsPerAddress = 1 });
        var first = broker.Open(5, new RemoteEndpoint("2001:db8:1:2::1", 1, false));
        Assert.Null(broker.Core.Open(new RemoteEndpoint("2001:db8:1:2:ffff::9", 1, false), broker.NowMs));
        Assert.NotNull(broker.Core.Open(new RemoteEndpoint("2001:db8:1:3::1", 1, false), broker.NowMs));
        first.Drop();
        Assert.NotNull(broker.Core.Open(new RemoteEndpoint("2001:db8:1:2:ffff::9", 1, false), broker.NowMs));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010db800010002/64")]
    [InlineData("fe80::1%3", "fe80000000000000/64")]
    [InlineData("nonsense:", "nonsense:")]
    [InlineData("", "")]
    public void Limits_count_by_network(string address, string network) =>
        Assert.Equal(network, new RemoteEndpoint(address, 1, false).Network);

    [Fact]
    public void Share_of_connects_is_there_again_after_a_second()
    {
        var broker = new TestBroker(new BrokerOptions { ConnectsPerSecondPerAddress = 1 });
        broker.Open(5, Elsewhere).Connect("a");
        broker.Pass(999);
        Assert.Equal("CONNACK ConnectionRateExceeded", broker.Open(5, Elsewhere).Connect("b"));
        broker.Pass(1);
        Assert.Equal("CONNACK Success", broker.Open(5, Elsewhere).Connect("b"));
    }

    private static (TestBroker, Action) Connected(BrokerOptions options, Func<TestBroker, TestPeer, Action> toTheEdge)
    {
        var broker = new TestBroker(options);
        return (broker, toTheEdge(broker, broker.Connect("s")));
    }

    private static (TestBroker, Action) Opened(BrokerOptions options, RemoteEndpoint remote)
    {
        var broker = new TestBroker(options);
        for (var i = 0; i < 3; i++) broker.Open(5, remote);
        return (broker, () => Assert.Null(broker.Core.Open(remote, broker.NowMs)));
    }

    private static (TestBroker, Action) Offline(BrokerOptions options, int messages, int payloadBytes)
    {
        var broker = new TestBroker(options);
        var peer = broker.Connect("s", expiry: 100);
        peer.Subscribe("t");
        peer.Drop();
        for (var i = 0; i < messages; i++) broker.Core.Publish("t", new byte[payloadBytes], QoS.AtLeastOnce, false);
        return (broker, () => broker.Core.Publish("t", ""u8, QoS.AtLeastOnce, false));
    }
}
