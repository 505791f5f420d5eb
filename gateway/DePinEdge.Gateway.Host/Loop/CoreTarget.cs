using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Loop;

/// <summary>The gateway's core as the target of a connection shell: each input gets its own moment.</summary>
internal sealed class CoreTarget(GatewayCore core, LoopClock clock) : IConnectionTarget
{
    public BrokerCore Broker => core.Broker;

    public BrokerConnection? Opened(RemoteEndpoint remote) => core.ConnectionOpened(remote, clock.Now);

    public void Received(BrokerConnection connection, ReadOnlySpan<byte> bytes) => core.BytesReceived(connection, bytes, clock.Now);

    public void Closed(BrokerConnection connection, string reason) => core.ConnectionClosed(connection, reason, clock.Now);
}
