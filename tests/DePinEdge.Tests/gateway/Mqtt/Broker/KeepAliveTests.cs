namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>Keep-alive: a client silent for one and a half times its keep-alive is taken for dead.</summary>
public class KeepAliveTests
{
    [Theory]
    [InlineData(5, "DISCONNECT KeepAliveTimeout")]
    [InlineData(4, "")]
    public void Silent_client_is_closed_at_one_and_a_half_times_and_not_before(int version, string farewell)
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s", version, keepAlive: 10);
        broker.Heard();
        broker.Pass(14_999);
        Assert.False(peer.Connection.CloseAfterFlush);
        broker.Pass(1);
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(farewell, string.Join("; ", peer.Take()));
        Assert.Equal(["lost s KeepAliveTimeout"], broker.Heard());
        Assert.Equal(1, broker.Counters.KeepAliveTimeouts);
    }

    [Fact]
    public void Any_whole_packet_starts_the_time_again_and_half_a_packet_does_not()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s", keepAlive: 10);
        broker.Pass(14_000);
        peer.Send([0xC0, 0]);
        broker.Pass(14_999);
        Assert.Equal(broker.NowMs + 1, broker.Core.NextTickMs);
        peer.Send([0xC0]);
        broker.Pass(1);
        Assert.True(peer.Connection.CloseAfterFlush);
    }

    [Fact]
    public void Keep_alive_0_never_ends()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("s", keepAlive: 0);
        broker.Pass(365L * 86_400_000);
        Assert.False(peer.Connection.CloseAfterFlush);
        Assert.Equal(long.MaxValue, broker.Core.NextTickMs);
    }

    [Fact]
    public void Servers_keep_alive_takes_the_place_of_the_clients()
    {
        var broker = new TestBroker(new DePinEdge.Mqtt.Broker.BrokerOptions { KeepAliveMaxSeconds = 10 });
        var peer = broker.Connect("s", keepAlive: 0);
        broker.Pass(15_000);
        Assert.True(peer.Connection.CloseAfterFlush);
    }
}
