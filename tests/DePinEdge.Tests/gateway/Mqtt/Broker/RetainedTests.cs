using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>Retained messages.</summary>
public class RetainedTests
{
    [Fact]
    public void Late_subscriber_gets_the_latest_message_and_an_empty_one_clears_it()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("p", 4);
        peer.Publish("a", "1", retain: true);
        peer.Publish("a", "2", QoS.AtLeastOnce, retain: true);
        peer.Take();
        Assert.Equal("SUBACK 01; PUBLISH a 2 retain #1", broker.Connect("s", 4).Subscribe("a"));
        Assert.Equal("SUBACK 00; PUBLISH a 2 retain", broker.Connect("t", 4).Subscribe("+", QoS.AtMostOnce));
        var live = broker.Connect("l");
        live.Subscribe("a", retainHandling: 2);
        peer.Publish("a", "", retain: true);
        Assert.Equal(["PUBLISH a "], live.Take());
        Assert.Equal("SUBACK 01", broker.Connect("u").Subscribe("#"));
        Assert.Equal((0L, 0L), (broker.Counters.RetainedMessages, broker.Counters.RetainedBytes));
    }

    [Theory]
    [InlineData("#", "a a/b a/b/c /x")]
    [InlineData("a/#", "a a/b a/b/c")]
    [InlineData("+", "a")]
    [InlineData("+/+", "a/b /x")]
    [InlineData("a/+/c", "a/b/c")]
    [InlineData("$SYS/#", "$SYS/b")]
    [InlineData("+/b", "a/b")]
    [InlineData("b", "")]
    public void Wildcards_find_the_retained_messages_they_match(string filter, string topics)
    {
        var broker = new TestBroker();
        foreach (var topic in (string[])["a", "a/b", "a/b/c", "/x", "$SYS/b"]) broker.Core.Publish(topic, "r"u8, QoS.AtMostOnce, true);
        var peer = broker.Connect("s");
        peer.SendSubscribe(filter);
        Assert.Equal(topics.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), peer.Take().Skip(1).Select(line => line.Split(' ')[1]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(5, "PUBACK #3 QuotaExceeded")]
    [InlineData(4, "PUBACK #3 Success")]
    public void Full_store_refuses_a_new_topic_and_takes_a_known_one(int version, string answer)
    {
        var broker = new TestBroker(new BrokerOptions { MaxRetainedMessages = 2 });
        var all = broker.Connect("all");
        all.Subscribe("#");
        var peer = broker.Connect("p", version);
        peer.Publish("a", "1", QoS.AtLeastOnce, true, 1);
        peer.Publish("b", "1", QoS.AtLeastOnce, true, 2);
        peer.Take();
        all.Take();
        peer.Publish("c", "1", QoS.AtLeastOnce, true, 3);
        Assert.Equal([answer], peer.Take());
        Assert.Empty(all.Take());
        Assert.Equal((1L, 1L, 2L), (broker.Counters.RetainedRefused, broker.Counters.PublishesRefused, broker.Counters.RetainedMessages));
        peer.Publish("b", "2", QoS.AtLeastOnce, true, 4);
        Assert.Equal(["PUBACK #4 Success"], peer.Take());
        peer.Publish("a", "", QoS.AtLeastOnce, true, 5);
        peer.Publish("c", "1", QoS.AtLeastOnce, true, 6);
        Assert.Equal(["PUBACK #5 Success", "PUBACK #6 Success"], peer.Take());
    }

    [Fact]
    public void Bytes_of_the_store_are_bounded_at_the_byte()
    {
        var broker = new TestBroker(new BrokerOptions { MaxRetainedBytes = 20 });
        broker.Core.Publish("a", "123456789"u8, QoS.AtMostOnce, true);
        broker.Core.Publish("b", "123456789"u8, QoS.AtMostOnce, true);
        Assert.Equal(20, broker.Counters.RetainedBytes);
        broker.Core.Publish("b", "1234567890"u8, QoS.AtMostOnce, true);
        Assert.Equal((20L, 1L), (broker.Counters.RetainedBytes, broker.Counters.RetainedRefused));
        broker.Core.Publish("b", "12345678"u8, QoS.AtMostOnce, true);
        Assert.Equal(19, broker.Counters.RetainedBytes);
    }

    [Fact]
    public void Broker_without_retained_messages_says_so()
    {
        var broker = new TestBroker(new BrokerOptions { MaxRetainedMessages = 0 });
        var five = broker.Connect("five");
        five.Publish("a", "x", retain: true);
        Assert.Equal(["DISCONNECT RetainNotSupported"], five.Take());
        var live = broker.Connect("live");
        live.Subscribe("a");
        var three = broker.Connect("three", 4);
        three.Publish("a", "x", retain: true);
        Assert.Equal(["PUBLISH a x"], live.Take());
        Assert.Equal(0, broker.Counters.RetainedMessages);
    }

    [Fact]
    public void Many_retained_messages_wait_for_a_slow_subscriber_and_none_is_lost()
    {
        var broker = new TestBroker(new BrokerOptions { MaxOutputBytesPerConnection = 1_024 });
        for (var i = 0; i < 100; i++) broker.Core.Publish($"t/{i}", new byte[50], i % 2 == 0 ? QoS.AtMostOnce : QoS.AtLeastOnce, true);
        var peer = broker.Connect("s", 4);
        peer.SendSubscribe("t/#");
        Assert.InRange(peer.Connection.PendingBytes, 900, 1_024);
        peer.Stuck = true;
        peer.Take();
        Assert.InRange(peer.Connection.InFlightBytes, 900, 1_024);
        Assert.Equal(0, peer.Connection.PendingBytes);
        var news = new string('n', 200);
        broker.Core.Publish("t/98", System.Text.Encoding.UTF8.GetBytes(news), QoS.AtMostOnce, true); // dropped for this slow one; the waiting one is then the new one
        Assert.Equal(1, broker.Counters.DroppedSlowSubscriber);
        peer.Unstick();
        var lines = peer.Take();
        Assert.Equal($"PUBLISH t/98 {news} retain", lines[^2]);
        Assert.All(lines, line => Assert.Contains(" retain", line, StringComparison.Ordinal));
        Assert.Equal(100, broker.Counters.PublishesOut);
    }

    [Fact]
    public void Client_that_asks_for_everything_without_reading_is_closed_at_twice_the_store()
    {
        var broker = new TestBroker(new BrokerOptions { MaxOutputBytesPerConnection = 1_024, MaxRetainedMessages = 100 });
        for (var i = 0; i < 100; i++) broker.Core.Publish($"t/{i}", new byte[900], QoS.AtMostOnce, true);
        var peer = broker.Connect("s");
        peer.Stuck = true;
        peer.SendSubscribe("t/#");
        peer.SendSubscribe("t/#");
        Assert.False(peer.Connection.CloseAfterFlush);
        peer.SendSubscribe("t/#");
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(1, broker.Counters.QuotaDisconnects);
    }
}
