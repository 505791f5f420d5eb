using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>A broker core with its application, driven by hand: bytes in, bytes out, and a clock that the test moves.</summary>
internal sealed class TestBroker
{
    public TestBroker(BrokerOptions? options = null)
    {
        Core = new BrokerCore(options ?? new BrokerOptions());
        Core.Attach(Application);
    }

    public TestApplication Application { get; } = new();

    public BrokerCore Core { get; }

    public BrokerCounters Counters => Core.Counters;

    public long NowMs { get; set; } = 1_000_000;

    /// <summary>A new transport connection, without CONNECT.</summary>
    public TestPeer Open(int version = 5, RemoteEndpoint? remote = null) => new(this, version, remote);

    /// <summary>A connected client whose CONNACK has been read.</summary>
    public TestPeer Connect(string clientId, int version = 5, bool clean = true, uint expiry = 0, ushort keepAlive = 0)
    {
        var peer = Open(version);
        Assert.Equal("CONNACK Success", peer.Connect(clientId, clean, expiry, keepAlive).Replace(" present", "", StringComparison.Ordinal));
        return peer;
    }

    /// <summary>Lets time pass and ticks.</summary>
    public void Pass(long ms)
    {
        NowMs += ms;
        Core.Tick(NowMs);
    }

    /// <summary>What the application heard since the last look.</summary>
    public List<string> Heard()
    {
        var heard = Application.Heard.ToList();
        Application.Heard.Clear();
        return heard;
    }
}
