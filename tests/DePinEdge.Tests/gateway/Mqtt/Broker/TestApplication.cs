using System.Text;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>An application whose answers a test sets and which writes down, in order, all it hears.</summary>
internal sealed class TestApplication : IBrokerApplication
{
    public List<string> Heard { get; } = [];

    public int PublishesAsked { get; private set; }

    public Func<ConnectRequest, ConnectVerdict> OnAuthenticate { get; set; } = request => ConnectVerdict.Accept(request.ClientId);

    public Func<BrokerClient, string, PublishRoute> OnAuthorizePublish { get; set; } = (_, _) => PublishRoute.ToSubscribers;

    public Func<BrokerClient, string, ReasonCode> OnAuthorizeSubscribe { get; set; } = (_, _) => ReasonCode.Success;

    public Action<BrokerClient, string, string>? OnMessage { get; set; }

    public Action<BrokerClient>? OnOpened { get; set; }

    public Action<BrokerClient, string>? OnSubscribed { get; set; }

    public Action<BrokerClient>? OnLost { get; set; }

    public ConnectVerdict Authenticate(in ConnectRequest request, long nowMs) => OnAuthenticate(request);

    public PublishRoute AuthorizePublish(BrokerClient client, string topic, QoS qos, bool retain)
    {
        PublishesAsked++;
        return OnAuthorizePublish(client, topic);
    }

    public ReasonCode AuthorizeSubscribe(BrokerClient client, string filter) => OnAuthorizeSubscribe(client, filter);

    public void MessageReceived(BrokerClient client, string topic, ReadOnlySpan<byte> payload, QoS qos, bool retain, long nowMs)
    {
        var text = Encoding.UTF8.GetString(payload);
        Heard.Add($"message {client.ClientId} {topic} {text} {(int)qos}{(retain ? " retain" : "")}");
        OnMessage?.Invoke(client, topic, text);
    }

    public void SessionOpened(BrokerClient client, long nowMs)
    {
        Heard.Add($"opened {client.ClientId}");
        OnOpened?.Invoke(client);
    }

    public void Subscribed(BrokerClient client, string filter, long nowMs)
    {
        Heard.Add($"subscribed {client.ClientId} {filter}");
        OnSubscribed?.Invoke(client, filter);
    }

    public void SessionLost(BrokerClient client, ReasonCode why, string reason, long nowMs)
    {
        Heard.Add($"lost {client.ClientId} {why}");
        OnLost?.Invoke(client);
    }
}
