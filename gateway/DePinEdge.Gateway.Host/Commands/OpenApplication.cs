using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>Lets everybody in and everything through: the application behind `broker run`.</summary>
internal sealed class OpenApplication : IBrokerApplication
{
    public ConnectVerdict Authenticate(in ConnectRequest request, long nowMs) => ConnectVerdict.Accept(null);

    public PublishRoute AuthorizePublish(BrokerClient client, string topic, QoS qos, bool retain) => PublishRoute.ToSubscribers;

    public ReasonCode AuthorizeSubscribe(BrokerClient client, string filter) => ReasonCode.Success;

    public void MessageReceived(BrokerClient client, string topic, ReadOnlySpan<byte> payload, QoS qos, bool retain, long nowMs)
    {
    }

    public void SessionOpened(BrokerClient client, long nowMs)
    {
    }

    public void Subscribed(BrokerClient client, string filter, long nowMs)
    {
    }

    public void SessionLost(BrokerClient client, ReasonCode why, string reason, long nowMs)
    {
    }
}
