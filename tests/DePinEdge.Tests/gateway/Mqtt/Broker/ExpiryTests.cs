using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>Message Expiry Interval (MQTT 5.0, section 3.3.2.3.3): who waits too long gets nothing, everybody else the time that is left.</summary>
public class ExpiryTests
{
    private static byte[] Seconds(uint seconds)
    {
        var writer = new PropertyWriter(new byte[8]);
        writer.Add(PropertyId.MessageExpiryInterval, seconds);
        return writer.Written.ToArray();
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)] // a begun second counts whole
    [InlineData(1_000, 9)]
    [InlineData(9_999, 1)]
    [InlineData(10_000, 0)]
    public void Who_comes_late_is_told_what_is_left(int laterMs, int left)
    {
        var broker = new TestBroker();
        var away = broker.Connect("s", expiry: 100);
        away.Subscribe("t");
        away.Drop();
        broker.Connect("p").Publish("t", "x", QoS.AtLeastOnce, properties: Seconds(10));
        broker.Pass(laterMs);
        Assert.Equal($"CONNACK Success present; PUBLISH t x #1 [MessageExpiryInterval {left}]", broker.Open().Connect("s", clean: false));
    }

    [Fact]
    public void Queued_message_is_dropped_when_its_time_is_over_and_those_behind_it_are_not()
    {
        var broker = new TestBroker();
        var away = broker.Connect("s", expiry: 100);
        away.Subscribe("t");
        away.Drop();
        var publisher = broker.Connect("p");
        publisher.Publish("t", "short", QoS.AtLeastOnce, properties: Seconds(10));
        publisher.Publish("t", "long", QoS.AtLeastOnce, properties: Seconds(11));
        publisher.Publish("t", "ever", QoS.AtLeastOnce);
        broker.Pass(10_001);
        var back = broker.Open();
        Assert.Equal("CONNACK Success present; PUBLISH t long #2 [MessageExpiryInterval 1]; PUBLISH t ever #3", back.Connect("s", clean: false));
        Assert.Equal((1L, 0L), (broker.Counters.Expired, broker.Counters.QueuedMessages));
        // The identifiers behind the hole are found all the same.
        back.Acknowledge(2);
        back.Acknowledge(3);
        broker.Core.Publish("t", "y"u8, QoS.AtLeastOnce, false);
        Assert.Equal(["PUBLISH t y #4"], back.Take());
    }

    [Fact]
    public void One_that_was_sent_before_is_sent_again_whatever_its_age()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s", expiry: 100);
        peer.Subscribe("t");
        broker.Connect("p").Publish("t", "x", QoS.AtLeastOnce, properties: Seconds(1));
        Assert.Equal(["PUBLISH t x #1 [MessageExpiryInterval 1]"], peer.Take());
        peer.Drop();
        broker.Pass(2_000);
        Assert.Equal("CONNACK Success present; PUBLISH t x dup #1 [MessageExpiryInterval 0]", broker.Open().Connect("s", clean: false));
    }

    [Theory]
    [InlineData(4_999, "SUBACK 01; PUBLISH t x retain #1 [MessageExpiryInterval 1]", 1, 0)]
    [InlineData(5_000, "SUBACK 01; PUBLISH t x retain #1 [MessageExpiryInterval 0]", 1, 0)]
    [InlineData(5_001, "SUBACK 01", 0, 1)]
    public void Retained_message_is_forgotten_when_its_time_is_over(int laterMs, string answer, int kept, int expired)
    {
        var broker = new TestBroker();
        broker.Connect("p").Publish("t", "x", QoS.AtLeastOnce, retain: true, properties: Seconds(5));
        Assert.Equal(broker.NowMs + 5_001, broker.Core.NextTickMs);
        broker.Pass(laterMs);
        Assert.Equal(answer, broker.Connect("s").Subscribe("t"));
        Assert.Equal(((long)kept, (long)expired), (broker.Counters.RetainedMessages, broker.Counters.Expired));
        Assert.Equal(kept * 2, broker.Counters.RetainedBytes);
    }

    [Fact]
    public void Retained_message_that_takes_its_place_does_not_inherit_its_time()
    {
        var broker = new TestBroker();
        var publisher = broker.Connect("p");
        publisher.Publish("t", "x", retain: true, properties: Seconds(5));
        publisher.Publish("t", "y", retain: true);
        broker.Pass(6_000);
        Assert.Equal("SUBACK 00; PUBLISH t y retain", broker.Connect("s").Subscribe("t", QoS.AtMostOnce));
        Assert.Equal(0, broker.Counters.Expired);
    }

    [Fact]
    public void Interval_of_0_reaches_those_who_are_there()
    {
        var broker = new TestBroker();
        var here = broker.Connect("here");
        here.Subscribe("t");
        var away = broker.Connect("away", expiry: 100);
        away.Subscribe("t");
        away.Drop();
        broker.Connect("p").Publish("t", "x", QoS.AtLeastOnce, properties: Seconds(0));
        Assert.Equal(["PUBLISH t x #1 [MessageExpiryInterval 0]"], here.Take());
        broker.Pass(1);
        Assert.Equal("CONNACK Success present", broker.Open().Connect("away", clean: false));
    }

    [Fact]
    public void Version_3_1_1_gets_the_message_without_the_number_and_not_too_late_either()
    {
        var broker = new TestBroker();
        var away = broker.Connect("s", 4, clean: false);
        away.Subscribe("t");
        away.Drop();
        var publisher = broker.Connect("p");
        publisher.Publish("t", "short", QoS.AtLeastOnce, properties: Seconds(1));
        publisher.Publish("t", "long", QoS.AtLeastOnce, properties: Seconds(5));
        broker.Pass(1_001);
        Assert.Equal("CONNACK Success present; PUBLISH t long #2", broker.Open(4).Connect("s", clean: false));
    }

    [Fact]
    public void Wills_time_begins_when_it_is_published()
    {
        var broker = new TestBroker();
        var watcher = broker.Connect("w");
        watcher.Subscribe("t");
        var peer = broker.Open();
        peer.Connect("s", expiry: 100, willExpiry: 7, will: ("t", "gone", QoS.AtLeastOnce, false, 3));
        peer.Drop();
        broker.Pass(3_000);
        Assert.Equal(["PUBLISH t gone #1 [MessageExpiryInterval 7]"], watcher.Take());
    }
}
