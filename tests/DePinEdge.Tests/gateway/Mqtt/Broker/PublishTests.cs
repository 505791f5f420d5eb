using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Mqtt.Codec;
using static DePinEdge.Tests.Gateway.MqttTests.Codec.GoldenBytesTests;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>PUBLISH: routes, acknowledgements, properties, what is refused.</summary>
public class PublishTests
{
    [Theory]
    [InlineData(QoS.AtMostOnce, QoS.AtMostOnce, "PUBLISH t x")]
    [InlineData(QoS.AtMostOnce, QoS.AtLeastOnce, "PUBLISH t x")]
    [InlineData(QoS.AtLeastOnce, QoS.AtMostOnce, "PUBLISH t x")]
    [InlineData(QoS.AtLeastOnce, QoS.AtLeastOnce, "PUBLISH t x #1")]
    public void Message_arrives_with_the_lower_of_both_qualities(QoS published, QoS granted, string expected)
    {
        var broker = new TestBroker();
        foreach (var version in (int[])[4, 5])
        {
            var subscriber = broker.Connect($"s{version}", version);
            subscriber.Subscribe("t", granted);
            var publisher = broker.Connect($"p{version}", version);
            publisher.Publish("t", "x", published);
            Assert.Equal([expected], subscriber.Take());
            Assert.Equal(published == QoS.AtLeastOnce ? ["PUBACK #1 Success"] : [], publisher.Take());
            subscriber.Disconnect();
        }
    }

    [Fact]
    public void Properties_of_a_message_are_forwarded_unaltered_to_version_5_and_left_out_for_3_1_1()
    {
        var broker = new TestBroker();
        var five = broker.Connect("five");
        var three = broker.Connect("three", 4);
        five.Subscribe("t");
        three.Subscribe("t");
        var properties = new PropertyWriter(new byte[200]);
        properties.AddUser("k", "1");
        properties.Add(PropertyId.PayloadFormatIndicator, 1);
        properties.Add(PropertyId.MessageExpiryInterval, 77);
        properties.Add(PropertyId.ContentType, "text");
        properties.Add(PropertyId.ResponseTopic, "answer");
        properties.Add(PropertyId.CorrelationData, "c"u8);
        properties.AddUser("k", "2");
        broker.Connect("p").Publish("t", "x", properties: properties.Written);
        Assert.Equal(["PUBLISH t x [k=1, PayloadFormatIndicator 1, ContentType text, ResponseTopic answer, CorrelationData c, k=2, MessageExpiryInterval 77]"], five.Take());
        Assert.Equal(["PUBLISH t x"], three.Take());
    }

    [Fact]
    public void Publish_to_nobody_is_told_to_version_5()
    {
        var broker = new TestBroker();
        var five = broker.Connect("five");
        five.Publish("t", "x", QoS.AtLeastOnce);
        Assert.Equal(["PUBACK #1 NoMatchingSubscribers"], five.Take());
        var three = broker.Connect("three", 4);
        three.Publish("t", "x", QoS.AtLeastOnce);
        Assert.Equal(["PUBACK #1 Success"], three.Take());
    }

    [Theory]
    [InlineData(5, "PUBACK #1 NotAuthorized")]
    [InlineData(4, "PUBACK #1 Success")]
    public void Refused_publish_reaches_nobody_and_is_counted(int version, string answer)
    {
        var broker = new TestBroker();
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.Refuse;
        var all = broker.Connect("all");
        all.Subscribe("#");
        broker.Heard();
        var peer = broker.Connect("p", version);
        peer.Publish("t", "x", QoS.AtLeastOnce, retain: true);
        peer.Publish("t", "x");
        Assert.Equal([answer], peer.Take());
        Assert.Empty(all.Take());
        Assert.Equal(2, broker.Counters.PublishesRefused);
        Assert.Equal(0, broker.Counters.RetainedMessages);
        Assert.Equal(["opened p"], broker.Heard());
        Assert.False(peer.Connection.CloseAfterFlush);
    }

    [Fact]
    public void Message_for_the_application_goes_to_it_alone_and_is_not_retained()
    {
        var broker = new TestBroker();
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.ToApplication;
        var all = broker.Connect("all");
        all.Subscribe("#");
        broker.Heard();
        var peer = broker.Connect("p");
        peer.Publish("t", "x", QoS.AtLeastOnce, retain: true);
        Assert.Equal(["PUBACK #1 Success"], peer.Take());
        Assert.Equal(["opened p", "message p t x 1 retain"], broker.Heard());
        Assert.Empty(all.Take());
        Assert.Equal(0, broker.Counters.RetainedMessages);
    }

    [Fact]
    public void Message_for_both_reaches_subscribers_and_application()
    {
        var broker = new TestBroker();
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.ToBoth;
        var all = broker.Connect("all");
        all.Subscribe("#");
        broker.Heard();
        broker.Connect("p").Publish("t", "x");
        Assert.Equal(["PUBLISH t x"], all.Take());
        Assert.Equal(["opened p", "message p t x 0"], broker.Heard());
    }

    [Fact]
    public void Decision_is_asked_once_for_a_topic_and_again_when_it_had_to_make_room()
    {
        var broker = new TestBroker(new BrokerOptions { MaxCachedRoutes = 2 });
        var peer = broker.Connect("p");
        for (var i = 0; i < 3; i++)
        {
            peer.Publish("a", "x");
            peer.Publish("b", "x");
        }
        Assert.Equal(2, broker.Application.PublishesAsked);
        peer.Publish("c", "x"); // in the place of a
        peer.Publish("b", "x");
        Assert.Equal(3, broker.Application.PublishesAsked);
        peer.Publish("a", "x");
        Assert.Equal(4, broker.Application.PublishesAsked);
        peer.Publish("a", "x", retain: true); // not the same question
        Assert.Equal(5, broker.Application.PublishesAsked);
    }

    [Theory]
    [InlineData("34 05 0001 61 0001", "", 4)] // QoS 2
    [InlineData("34 06 0001 61 0001 00", "DISCONNECT QoSNotSupported", 5)]
    [InlineData("30 07 0001 61 03 23 0001", "DISCONNECT TopicAliasInvalid", 5)]
    [InlineData("30 06 0000 03 23 0001", "DISCONNECT TopicAliasInvalid", 5)]
    [InlineData("30 04 0001 2B 00", "DISCONNECT TopicNameInvalid", 5)]
    [InlineData("30 06 0001 61 02 0B 01", "DISCONNECT ProtocolError", 5)]
    [InlineData("30 06 0001 61 02 24 01", "DISCONNECT MalformedPacket", 5)]
    [InlineData("30 03 0001 2B", "", 4)]
    public void Publish_that_breaks_the_rules_closes_its_connection(string hex, string answer, int version)
    {
        var broker = new TestBroker();
        var all = broker.Connect("all");
        all.Subscribe("#");
        var peer = broker.Connect("p", version);
        peer.Send(Hex(hex));
        Assert.Equal(answer, string.Join("; ", peer.Take()));
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(1, broker.Counters.ProtocolErrors);
        Assert.Empty(all.Take());
    }

    [Fact]
    public void Topic_of_the_most_levels_is_taken_and_one_more_refused()
    {
        var broker = new TestBroker(new BrokerOptions { MaxTopicLevels = 3 });
        broker.Connect("all").Subscribe("#");
        var peer = broker.Connect("p");
        peer.Publish("a/b/c", "x", QoS.AtLeastOnce);
        peer.Publish("a/b/c/d", "x", QoS.AtLeastOnce, id: 2);
        Assert.Equal(["PUBACK #1 Success", "PUBACK #2 TopicNameInvalid"], peer.Take());
        Assert.Equal(1, broker.Counters.PublishesRefused);
    }

    [Fact]
    public void Packet_of_the_largest_size_is_taken_and_one_byte_more_closes()
    {
        var broker = new TestBroker(new BrokerOptions { MaxPacketBytes = 200, MaxConnectPacketBytes = 200 });
        var bytes = TestPeer.PublishBytes(5, "t", new string('x', 193));
        Assert.Equal(200, bytes.Length);
        var peer = broker.Connect("p");
        peer.Send(bytes);
        Assert.Empty(peer.Take());
        peer.Send(TestPeer.PublishBytes(5, "t", new string('x', 194)));
        Assert.Equal(["DISCONNECT PacketTooLarge"], peer.Take());
        Assert.Equal(1, broker.Counters.PublishesIn);
    }

    [Fact]
    public void Stream_cut_anywhere_gives_the_same_answers()
    {
        var stream = new List<byte>();
        for (ushort i = 1; i <= 3; i++) stream.AddRange(TestPeer.PublishBytes(5, "t", new string('x', 150 * i), QoS.AtLeastOnce, id: i));
        stream.AddRange([0xC0, 0]);
        string[] expected = ["PUBACK #1 NoMatchingSubscribers", "PUBACK #2 NoMatchingSubscribers", "PUBACK #3 NoMatchingSubscribers", "PINGRESP"];
        for (var cut = 1; cut <= 400; cut += cut < 12 ? 1 : 37)
        {
            var broker = new TestBroker();
            var peer = broker.Connect("p");
            foreach (var piece in stream.Chunk(cut)) peer.Send(piece);
            Assert.Equal(expected, peer.Take());
        }
    }

    [Fact]
    public void Application_may_answer_from_inside_its_callbacks()
    {
        var broker = new TestBroker();
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.ToApplication;
        broker.Application.OnMessage = (client, _, payload) => Assert.True(broker.Core.SendTo(client.ClientId, "down", System.Text.Encoding.UTF8.GetBytes($"re:{payload}"), QoS.AtLeastOnce));
        broker.Application.OnSubscribed = (client, _) => broker.Core.SendTo(client.ClientId, "down", "welcome"u8, QoS.AtLeastOnce);
        var peer = broker.Connect("p");
        Assert.Equal("SUBACK 01; PUBLISH down welcome #1", peer.Subscribe("down"));
        peer.Publish("up", "x", QoS.AtLeastOnce, id: 9);
        Assert.Equal(["PUBACK #9 Success", "PUBLISH down re:x #2"], peer.Take());
    }

    [Fact]
    public void Application_may_disconnect_a_client_from_inside_any_callback()
    {
        for (var at = 0; at < 4; at++)
        {
            var broker = new TestBroker();
            void Kick() => Assert.True(broker.Core.Disconnect("p", ReasonCode.AdministrativeAction, "out"));
            broker.Application.OnAuthorizePublish = (_, _) =>
            {
                if (at == 0) Kick();
                return PublishRoute.ToBoth;
            };
            broker.Application.OnMessage = (_, _, _) =>
            {
                if (at == 1) Kick();
            };
            broker.Application.OnAuthorizeSubscribe = (_, _) =>
            {
                if (at == 2) Kick();
                return ReasonCode.Success;
            };
            broker.Application.OnSubscribed = (_, _) => Kick();
            var peer = broker.Connect("p");
            broker.Heard();
            if (at < 2) peer.Publish("t", "x");
            else peer.SendSubscribe("t");
            Assert.EndsWith("DISCONNECT AdministrativeAction", string.Join("; ", peer.Take()), StringComparison.Ordinal);
            Assert.Equal("lost p AdministrativeAction", broker.Heard()[^1]);
            Assert.Equal(0, broker.Counters.Subscriptions);
            Assert.Equal(0, broker.Counters.Sessions);
        }
    }
}
