using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>What the application says of its messages' form reaches MQTT 5 subscribers, live, queued and retained.</summary>
public class PublishPropertiesTests
{
    private static readonly PublishProperties Json = PublishProperties.Of("application/json", true);

    [Fact]
    public void Content_type_and_format_go_with_the_message()
    {
        var broker = new TestBroker();
        var five = broker.Connect("five");
        var three = broker.Connect("three", 4);
        five.Subscribe("t", identifier: 9);
        three.Subscribe("t");
        broker.Core.Publish("t", "{}"u8, QoS.AtMostOnce, false, Json);
        Assert.Equal(["PUBLISH t {} [PayloadFormatIndicator 1, ContentType application/json, SubscriptionIdentifier 9]"], five.Take());
        Assert.Equal(["PUBLISH t {}"], three.Take());
    }

    [Fact]
    public void They_stay_with_a_retained_and_a_queued_message()
    {
        var broker = new TestBroker();
        var away = broker.Connect("away", expiry: 100);
        away.Subscribe("t");
        away.Drop();
        broker.Core.Publish("t", "{}"u8, QoS.AtLeastOnce, true, Json);
        Assert.Equal(
            "SUBACK 01; PUBLISH t {} retain #1 [PayloadFormatIndicator 1, ContentType application/json]", broker.Connect("late").Subscribe("t"));
        Assert.Equal(
            "CONNACK Success present; PUBLISH t {} #1 [PayloadFormatIndicator 1, ContentType application/json]", broker.Open().Connect("away", clean: false));
    }

    [Fact]
    public void Bytes_have_no_format()
    {
        var broker = new TestBroker();
        var five = broker.Connect("five");
        five.Subscribe("t");
        broker.Core.Publish("t", [0xFF], QoS.AtMostOnce, false, PublishProperties.Of("application/octet-stream", false));
        Assert.EndsWith("[ContentType application/octet-stream]", five.Take().Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Longest_content_type_is_256_characters()
    {
        Assert.NotNull(PublishProperties.Of(new string('x', 256), true));
        Assert.Throws<InvalidOperationException>(() => PublishProperties.Of(new string('x', 257), true));
        Assert.Throws<InvalidOperationException>(() => PublishProperties.Of("", true));
    }
}
