using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>Wills: published when a client is lost, not when it says goodbye.</summary>
public class WillTests
{
    private static (TestBroker Broker, TestPeer Watcher, TestPeer Peer) Start(int version = 5, uint expiry = 0, uint delayS = 0, ushort keepAlive = 0)
    {
        var broker = new TestBroker();
        var watcher = broker.Connect("w");
        watcher.Subscribe("#");
        var peer = broker.Open(version);
        Assert.Equal("CONNACK Success", peer.Connect("p", expiry: expiry, keepAlive: keepAlive, will: ("gone", "p", QoS.AtLeastOnce, true, delayS)));
        return (broker, watcher, peer);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Broken_connection_publishes_the_will(int version)
    {
        var (broker, watcher, peer) = Start(version);
        peer.Drop();
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
        Assert.Equal("SUBACK 01; PUBLISH gone p retain #1", broker.Connect("late").Subscribe("gone"));
        Assert.Equal(1, broker.Counters.WillsPublished);
    }

    [Fact]
    public void Goodbye_forgets_the_will_unless_it_asks_for_it()
    {
        var (_, watcher, peer) = Start();
        peer.Disconnect();
        peer.Drop();
        Assert.Empty(watcher.Take());
        (_, watcher, peer) = Start();
        peer.Send([0xE0, 1, 4]);
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
    }

    [Fact]
    public void Keep_alive_protocol_error_take_over_and_the_applications_disconnect_publish_the_will()
    {
        var (broker, watcher, _) = Start(keepAlive: 10);
        broker.Pass(15_000);
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
        (_, watcher, var peer) = Start();
        peer.Send([0xF0, 0]);
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
        (broker, watcher, _) = Start();
        broker.Connect("p");
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
        (broker, watcher, _) = Start();
        broker.Core.Disconnect("p", ReasonCode.AdministrativeAction, "");
        Assert.Empty(watcher.Take());
        broker.Pass(0);
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
    }

    [Fact]
    public void Refused_will_reaches_nobody()
    {
        var (broker, watcher, peer) = Start();
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.Refuse;
        peer.Drop();
        Assert.Empty(watcher.Take());
        Assert.Equal((1L, 0L), (broker.Counters.PublishesRefused, broker.Counters.WillsPublished));
    }

    [Fact]
    public void Will_for_the_application_comes_after_the_news_of_the_loss()
    {
        var (broker, _, peer) = Start();
        broker.Application.OnAuthorizePublish = (_, _) => PublishRoute.ToApplication;
        broker.Heard();
        peer.Drop();
        Assert.Equal(["lost p UnspecifiedError", "message p gone p 1 retain"], broker.Heard());
    }

    [Fact]
    public void Delayed_will_comes_at_its_instant()
    {
        var (broker, watcher, peer) = Start(expiry: 100, delayS: 10);
        peer.Drop();
        broker.Pass(9_999);
        Assert.Empty(watcher.Take());
        broker.Pass(1);
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
        broker.Pass(90_000);
        Assert.Equal((1L, 1L), (broker.Counters.SessionsExpired, broker.Counters.WillsPublished));
    }

    [Fact]
    public void Delayed_will_is_forgotten_when_the_client_is_back_in_time()
    {
        var (broker, watcher, peer) = Start(expiry: 100, delayS: 10);
        peer.Drop();
        broker.Pass(9_999);
        broker.Open().Connect("p", clean: false);
        broker.Pass(1_000_000);
        Assert.Empty(watcher.Take());
    }

    [Fact]
    public void End_of_the_session_does_not_wait_for_the_delay()
    {
        var (broker, watcher, peer) = Start(expiry: 5, delayS: 10);
        peer.Drop();
        broker.Pass(5_000);
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
        (broker, watcher, peer) = Start(expiry: 100, delayS: 10);
        peer.Drop();
        broker.Connect("p"); // a clean start ends the old session
        Assert.Equal(["PUBLISH gone p #1"], watcher.Take());
    }
}
