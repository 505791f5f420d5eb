using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Transport;

/// <summary>What a shell hands its inputs to: a broker, alone or inside the gateway's core. The target reads the clock, once for each call.</summary>
public interface IConnectionTarget
{
    /// <summary>A transport connection came; null turns it away.</summary>
    BrokerConnection? Opened(RemoteEndpoint remote);

    /// <summary>A fragment of a connection's stream.</summary>
    void Received(BrokerConnection connection, ReadOnlySpan<byte> bytes);

    /// <summary>The transport ended, whoever closed it.</summary>
    void Closed(BrokerConnection connection, string reason);

    /// <summary>The broker, for taking outputs only.</summary>
    BrokerCore Broker { get; }
}
