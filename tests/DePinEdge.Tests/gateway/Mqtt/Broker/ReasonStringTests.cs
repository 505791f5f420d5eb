using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>Reason strings and server references: who is refused is told why, unless it asked not to be (MQTT 5.0, section 3.1.2.11.7).</summary>
public class ReasonStringTests
{
    [Fact]
    public void Refused_publish_says_why()
    {
        var broker = new TestBroker();
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.Refuse;
        var peer = broker.Connect("s");
        peer.Reasons = true;
        peer.Publish("t", "x", QoS.AtLeastOnce);
        Assert.Equal(["PUBACK #1 NotAuthorized [ReasonString this client may not publish to this topic]"], peer.Take());
        Assert.Equal("SUBACK 01", peer.Subscribe("t")); // nothing is said of what is granted
    }

    [Fact]
    public void Refused_subscription_says_why_the_first_one_was()
    {
        var broker = new TestBroker(new BrokerOptions { MaxSubscriptionsPerSession = 1 });
        var peer = broker.Connect("s");
        peer.Reasons = true;
        Assert.Equal("SUBACK 01", peer.Subscribe("a"));
        Assert.Equal("SUBACK 97 [ReasonString the session has as many subscriptions as it may]", peer.Subscribe("b"));
        Assert.Equal("SUBACK 9E [ReasonString shared subscriptions are not served]", peer.Subscribe("$share/g/a"));
    }

    [Fact]
    public void Client_that_wants_no_problem_information_gets_codes_alone()
    {
        var broker = new TestBroker(new BrokerOptions { MaxSubscriptionsPerSession = 1 });
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.Refuse;
        var peer = broker.Open();
        peer.Connect("s", problemInformation: false);
        peer.Reasons = true;
        peer.Publish("t", "x", QoS.AtLeastOnce);
        Assert.Equal(["PUBACK #1 NotAuthorized"], peer.Take());
        Assert.Equal("SUBACK 8F", peer.Subscribe("a/#/b"));
    }

    [Fact]
    public void Version_3_1_1_gets_codes_alone()
    {
        var broker = new TestBroker(new BrokerOptions { MaxSubscriptionsPerSession = 1 });
        var peer = broker.Connect("s", 4);
        peer.Reasons = true;
        peer.Subscribe("a");
        Assert.Equal("SUBACK 80", peer.Subscribe("b"));
    }

    [Fact]
    public void Reason_is_left_out_where_the_client_takes_no_packet_of_that_size()
    {
        var broker = new TestBroker();
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.Refuse;
        var peer = broker.Open();
        peer.Connect("s", maximumPacket: 49);
        peer.Reasons = true;
        peer.Publish("t", "x", QoS.AtLeastOnce);
        Assert.Equal(["PUBACK #1 NotAuthorized"], peer.Take());
    }

    [Fact]
    public void Refused_client_is_told_why_and_where_to_go_even_without_problem_information()
    {
        var broker = new TestBroker();
        broker.Application.OnAuthenticate = _ => ConnectVerdict.Refuse(ReasonCode.UseAnotherServer, "this site has moved") with { ServerReference = "mqtt.example:1883" };
        var peer = broker.Open();
        Assert.Equal("CONNACK UseAnotherServer", peer.Connect("s", problemInformation: false));
        Assert.Equal("ReasonString this site has moved, ServerReference mqtt.example:1883", peer.ConnAckProperties);
    }
}
