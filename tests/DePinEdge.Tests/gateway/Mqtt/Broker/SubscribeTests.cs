using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>SUBSCRIBE and UNSUBSCRIBE.</summary>
public class SubscribeTests
{
    [Theory]
    [InlineData(5, "a", QoS.AtMostOnce, "00")]
    [InlineData(5, "a", QoS.AtLeastOnce, "01")]
    [InlineData(5, "a", QoS.ExactlyOnce, "01")]
    [InlineData(4, "a", QoS.ExactlyOnce, "01")]
    [InlineData(5, "a/#/b", QoS.AtMostOnce, "8F")]
    [InlineData(4, "a/#/b", QoS.AtMostOnce, "80")]
    [InlineData(5, "", QoS.AtMostOnce, "8F")]
    [InlineData(5, "$share/g/a", QoS.AtMostOnce, "9E")]
    [InlineData(4, "$share/g/a", QoS.AtMostOnce, "80")]
    [InlineData(5, "a/b/c/d", QoS.AtMostOnce, "8F")] // four levels of three
    [InlineData(5, "a/b/#", QoS.AtMostOnce, "00")]
    [InlineData(5, "no", QoS.AtMostOnce, "87")]
    [InlineData(4, "no", QoS.AtMostOnce, "80")]
    [InlineData(5, "odd", QoS.AtMostOnce, "80")] // the application's code is none of SUBACK's
    public void Answer_says_what_was_granted(int version, string filter, QoS qos, string code)
    {
        var broker = new TestBroker(new BrokerOptions { MaxTopicLevels = 3 });
        broker.Application.OnAuthorizeSubscribe = (_, f) => f switch { "no" => ReasonCode.NotAuthorized, "odd" => ReasonCode.Banned, _ => ReasonCode.Success };
        var peer = broker.Connect("s", version);
        Assert.Equal($"SUBACK {code}", peer.Subscribe(filter, qos));
        var granted = code[0] == '0';
        Assert.Equal(granted ? ["opened s", $"subscribed s {filter}"] : ["opened s"], broker.Heard());
        Assert.Equal(granted ? 1 : 0, broker.Counters.Subscriptions);
        Assert.Equal(granted ? 0 : 1, broker.Counters.SubscribesRefused);
    }

    [Fact]
    public void Subscription_limit_counts_filters_and_not_requests()
    {
        var broker = new TestBroker(new BrokerOptions { MaxSubscriptionsPerSession = 2 });
        var peer = broker.Connect("s");
        Assert.Equal("SUBACK 01", peer.Subscribe("a"));
        Assert.Equal("SUBACK 01", peer.Subscribe("b"));
        Assert.Equal("SUBACK 97", peer.Subscribe("c"));
        Assert.Equal("SUBACK 00", peer.Subscribe("b", QoS.AtMostOnce));
        Assert.Equal("UNSUBACK 00", peer.Unsubscribe("a"));
        Assert.Equal("SUBACK 01", peer.Subscribe("c"));
        Assert.Equal(2, broker.Counters.Subscriptions);
    }

    [Fact]
    public void Unsubscribed_client_gets_nothing_more()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s");
        peer.Subscribe("a");
        Assert.Equal("UNSUBACK 00", peer.Unsubscribe("a"));
        Assert.Equal("UNSUBACK 11", peer.Unsubscribe("a"));
        broker.Core.Publish("a", "x"u8, QoS.AtMostOnce, false);
        Assert.Empty(peer.Take());
        var old = broker.Connect("o", 4);
        Assert.Equal("UNSUBACK ", old.Unsubscribe("a"));
    }

    [Fact]
    public void Subscribing_again_replaces_the_options()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s");
        peer.Subscribe("a", QoS.AtLeastOnce, identifier: 3);
        peer.Subscribe("a", QoS.AtMostOnce);
        broker.Core.Publish("a", "x"u8, QoS.AtLeastOnce, false);
        Assert.Equal(["PUBLISH a x"], peer.Take());
    }

    [Fact]
    public void No_local_keeps_a_clients_own_messages_from_it()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s");
        var other = broker.Connect("o");
        peer.Subscribe("a", noLocal: true);
        peer.Publish("a", "own");
        other.Publish("a", "other");
        Assert.Equal(["PUBLISH a other"], peer.Take());
    }

    [Fact]
    public void Retain_as_published_keeps_the_flag_and_the_default_clears_it()
    {
        var broker = new TestBroker();
        var kept = broker.Connect("k");
        var cleared = broker.Connect("c");
        kept.Subscribe("a", retainAsPublished: true);
        cleared.Subscribe("a");
        broker.Core.Publish("a", "x"u8, QoS.AtLeastOnce, true);
        broker.Core.Publish("a", "y"u8, QoS.AtMostOnce, false);
        Assert.Equal(["PUBLISH a x retain #1", "PUBLISH a y"], kept.Take());
        Assert.Equal(["PUBLISH a x #1", "PUBLISH a y"], cleared.Take());
    }

    [Fact]
    public void Retain_handling_says_when_retained_messages_are_sent()
    {
        var broker = new TestBroker();
        broker.Core.Publish("a", "x"u8, QoS.AtMostOnce, true);
        var peer = broker.Connect("s");
        Assert.Equal("SUBACK 01", peer.Subscribe("a", retainHandling: 2));
        Assert.Equal("SUBACK 01", peer.Subscribe("a", retainHandling: 1)); // it stood already
        Assert.Equal("SUBACK 01; PUBLISH a x retain", peer.Subscribe("a", retainHandling: 0));
        peer.Unsubscribe("a");
        Assert.Equal("SUBACK 01; PUBLISH a x retain", peer.Subscribe("a", retainHandling: 1));
    }

    [Fact]
    public void Overlapping_subscriptions_give_one_copy_with_the_highest_quality_and_all_identifiers()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s");
        peer.Subscribe("a/b", QoS.AtMostOnce, identifier: 1);
        peer.Subscribe("a/+", QoS.AtLeastOnce, identifier: 268_435_455);
        peer.Subscribe("#", QoS.AtMostOnce);
        broker.Core.Publish("a/b", "x"u8, QoS.AtLeastOnce, false);
        Assert.Equal(["PUBLISH a/b x #1 [SubscriptionIdentifier 1, SubscriptionIdentifier 268435455]"], peer.Take());
    }

    [Fact]
    public void Identifier_goes_with_retained_and_queued_messages_too()
    {
        var broker = new TestBroker();
        broker.Core.Publish("a", "old"u8, QoS.AtLeastOnce, true);
        var peer = broker.Connect("s", expiry: 100);
        Assert.Equal("SUBACK 01; PUBLISH a old retain #1 [SubscriptionIdentifier 5]", peer.Subscribe("a", identifier: 5));
        peer.Acknowledge(1);
        peer.Drop();
        broker.Core.Publish("a", "new"u8, QoS.AtLeastOnce, false);
        Assert.Equal("CONNACK Success present; PUBLISH a new #2 [SubscriptionIdentifier 5]", broker.Open().Connect("s", clean: false, expiry: 100));
    }

    [Fact]
    public void Several_filters_in_one_packet_are_answered_in_their_order()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s", 4);
        peer.Send(Codec.GoldenBytesTests.Packet(0x82, Codec.GoldenBytesTests.Hex("0007 0001 61 00 0002 2361 00 0001 62 02")));
        Assert.Equal(["SUBACK 008001"], peer.Take());
        Assert.Equal(["opened s", "subscribed s a", "subscribed s b"], broker.Heard());
    }
}
