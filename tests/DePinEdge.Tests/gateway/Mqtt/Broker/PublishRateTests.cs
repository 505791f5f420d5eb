using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>A client that publishes too fast is not read for a while; nothing that it sent is lost.</summary>
public class PublishRateTests
{
    [Fact]
    public void Two_seconds_worth_may_come_at_once_and_the_next_pauses_reading_until_its_share_is_there()
    {
        var broker = new TestBroker(new BrokerOptions { PublishesPerSecond = 10 });
        var peer = broker.Connect("s");
        for (var i = 0; i < 20; i++) peer.Publish("t", "x");
        Assert.Equal((false, 0L), (peer.Connection.ReadPaused, broker.Counters.Reached(BrokerLimit.PublishesPerSecond)));
        peer.Publish("t", "x");
        Assert.Equal((true, 1L, 21L), (peer.Connection.ReadPaused, broker.Counters.Reached(BrokerLimit.PublishesPerSecond), broker.Counters.PublishesIn));
        Assert.Equal(broker.NowMs + 200, broker.Core.NextTickMs); // one for the debt, one for the next
        broker.Pass(199);
        Assert.True(peer.Connection.ReadPaused);
        broker.Pass(1);
        Assert.False(peer.Connection.ReadPaused);
        var dirty = new List<BrokerConnection>();
        broker.Core.TakeDirty(dirty);
        Assert.Contains(peer.Connection, dirty); // the shell hears that it may read again
        peer.Publish("t", "x");
        Assert.False(peer.Connection.ReadPaused);
    }

    [Fact]
    public void Debt_never_pauses_for_longer_than_ten_seconds_and_the_next_token()
    {
        var broker = new TestBroker(new BrokerOptions { PublishesPerSecond = 10 });
        var peer = broker.Connect("s");
        for (var i = 0; i < 5_000; i++) peer.Publish("t", "x");
        Assert.Equal(broker.NowMs + 10_100, broker.Core.NextTickMs);
        broker.Pass(10_099);
        Assert.True(peer.Connection.ReadPaused);
        broker.Pass(1);
        Assert.False(peer.Connection.ReadPaused);
    }

    [Fact]
    public void Verdict_may_give_less_than_the_broker_and_not_more()
    {
        var broker = new TestBroker(new BrokerOptions { PublishesPerSecond = 10 });
        broker.Application.OnAuthenticate = request => ConnectVerdict.Accept(null) with { PublishesPerSecond = request.ClientId == "less" ? 1 : 1_000 };
        var less = broker.Connect("less");
        var more = broker.Connect("more");
        for (var i = 0; i < 20; i++)
        {
            if (i < 2) less.Publish("t", "x");
            more.Publish("t", "x");
        }
        Assert.Equal((false, false), (less.Connection.ReadPaused, more.Connection.ReadPaused));
        less.Publish("t", "x");
        more.Publish("t", "x");
        Assert.Equal((true, true), (less.Connection.ReadPaused, more.Connection.ReadPaused));
    }

    [Fact]
    public void Without_a_limit_nothing_pauses()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s");
        for (var i = 0; i < 10_000; i++) peer.Publish("t", "x");
        Assert.False(peer.Connection.ReadPaused);
    }

    [Fact]
    public void Pause_of_ours_is_no_silence_of_the_clients()
    {
        var broker = new TestBroker(new BrokerOptions { PublishesPerSecond = 1 });
        var peer = broker.Connect("s", keepAlive: 2);
        for (var i = 0; i < 7; i++) peer.Publish("t", "x");
        broker.Pass(3_000);
        broker.Pass(3_000); // the debt of five is paid at 6 s, twice its silence
        Assert.False(peer.Connection.ReadPaused);
        broker.Pass(2_999);
        Assert.False(peer.Connection.CloseAfterFlush);
        broker.Pass(1);
        Assert.True(peer.Connection.CloseAfterFlush);
    }

    [Fact]
    public void Connection_that_ends_while_it_waits_is_forgotten()
    {
        var broker = new TestBroker(new BrokerOptions { PublishesPerSecond = 1 });
        var peer = broker.Connect("s");
        for (var i = 0; i < 3; i++) peer.Publish("t", "x");
        peer.Drop();
        broker.Pass(10_000);
        Assert.Equal(long.MaxValue, broker.Core.NextTickMs);
    }
}
