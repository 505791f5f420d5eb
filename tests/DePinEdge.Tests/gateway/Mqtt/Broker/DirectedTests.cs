using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>What the application asks of the broker: publish, send to one, disconnect.</summary>
public class DirectedTests
{
    [Fact]
    public void Directed_message_reaches_one_client_only_and_only_under_a_matching_subscription()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("p");
        var other = broker.Connect("o");
        other.Subscribe("#");
        Assert.False(broker.Core.SendTo("p", "down", "x"u8, QoS.AtLeastOnce));
        peer.Subscribe("else");
        Assert.False(broker.Core.SendTo("p", "down", "x"u8, QoS.AtLeastOnce));
        peer.Subscribe("+", QoS.AtMostOnce);
        peer.Subscribe("down", QoS.AtLeastOnce, identifier: 9);
        Assert.True(broker.Core.SendTo("p", "down", "x"u8, QoS.AtLeastOnce));
        Assert.False(broker.Core.SendTo("nobody", "down", "x"u8, QoS.AtLeastOnce));
        Assert.Equal(["PUBLISH down x #1 [SubscriptionIdentifier 9]"], peer.Take());
        Assert.Empty(other.Take());
    }

    [Fact]
    public void Directed_message_ends_with_the_connection_and_is_never_kept()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("p", expiry: 100);
        peer.Subscribe("down");
        broker.Core.SendTo("p", "down", "directed"u8, QoS.AtLeastOnce);
        broker.Core.Publish("down", "to all"u8, QoS.AtLeastOnce, false);
        peer.Take();
        peer.Drop();
        Assert.False(broker.Core.SendTo("p", "down", "offline"u8, QoS.AtLeastOnce));
        Assert.Equal("CONNACK Success present; PUBLISH down to all dup #2", broker.Open().Connect("p", clean: false));
        Assert.Equal(0, broker.Counters.RetainedMessages);
    }

    [Fact]
    public void Directed_message_that_finds_no_room_is_false()
    {
        var broker = new TestBroker(new BrokerOptions { MaxOutputBytesPerConnection = 1_024, MaxQueuedPerSession = 1, MaxInflight = 1 });
        var peer = broker.Connect("p");
        peer.Subscribe("down");
        Assert.True(broker.Core.SendTo("p", "down", new byte[1_000], QoS.AtMostOnce));
        Assert.False(broker.Core.SendTo("p", "down", new byte[100], QoS.AtMostOnce));
        Assert.True(broker.Core.SendTo("p", "down", new byte[100], QoS.AtLeastOnce)); // waits
        Assert.False(broker.Core.SendTo("p", "down", new byte[100], QoS.AtLeastOnce));
        Assert.True(peer.Connection.CloseAfterFlush);
    }

    [Fact]
    public void Disconnect_says_the_code_and_the_application_hears_of_it_later()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("p");
        broker.Heard();
        Assert.True(broker.Core.Disconnect("p", ReasonCode.ServerShuttingDown, "the end"));
        Assert.False(broker.Core.Disconnect("p", ReasonCode.ServerShuttingDown, "the end"));
        Assert.Empty(broker.Heard());
        Assert.Equal(["DISCONNECT ServerShuttingDown"], peer.Take());
        Assert.True(broker.Core.NextTickMs <= broker.NowMs);
        broker.Pass(0);
        Assert.Equal(["lost p ServerShuttingDown"], broker.Heard());
        Assert.True(broker.Core.NextTickMs > broker.NowMs);
    }

    [Fact]
    public void Topic_that_cannot_be_published_to_is_the_applications_fault()
    {
        var broker = new TestBroker();
        Assert.Throws<InvalidOperationException>(() => broker.Core.Publish("a/+", "x"u8, QoS.AtMostOnce, false));
        Assert.Throws<InvalidOperationException>(() => broker.Core.Publish("", "x"u8, QoS.AtMostOnce, false));
    }

    [Fact]
    public void Quality_2_is_delivered_as_1()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("p");
        peer.Subscribe("a");
        broker.Core.Publish("a", "x"u8, QoS.ExactlyOnce, false);
        Assert.Equal(["PUBLISH a x #1"], peer.Take());
    }

    [Fact]
    public void Dirty_connections_are_listed_once_and_output_taken_whole()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("p", 4);
        peer.Subscribe("a");
        var dirty = new List<BrokerConnection>();
        broker.Core.TakeDirty(dirty);
        dirty.Clear();
        broker.Core.Publish("a", "1"u8, QoS.AtMostOnce, false);
        broker.Core.Publish("a", "2"u8, QoS.AtMostOnce, false);
        broker.Core.TakeDirty(dirty);
        Assert.Equal([peer.Connection], dirty);
        var first = broker.Core.TakeOutput(peer.Connection);
        Assert.Equal((12, 0, 12), (first.Count, peer.Connection.PendingBytes, peer.Connection.InFlightBytes));
        // The broker fills a fresh buffer while the first is on its way.
        broker.Core.Publish("a", "3"u8, QoS.AtMostOnce, false);
        var second = broker.Core.TakeOutput(peer.Connection);
        Assert.NotSame(first.Array, second.Array);
        Assert.Equal((byte)'1', first.Memory.Span[5]);
        Assert.Equal((byte)'3', second.Memory.Span[5]);
        first.Return();
        second.Return();
        Assert.Equal(0, broker.Core.TakeOutput(peer.Connection).Count);
        peer.Drop();
        dirty.Clear();
        broker.Core.TakeDirty(dirty);
        Assert.Empty(dirty);
    }
}
