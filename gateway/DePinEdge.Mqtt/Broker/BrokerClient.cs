namespace DePinEdge.Mqtt.Broker;

/// <summary>One connected client as the application sees it: a new object for every accepted CONNECT.</summary>
public sealed class BrokerClient
{
    internal BrokerClient(in ConnectRequest request, object? identity, bool sessionPresent)
    {
        ClientId = request.ClientId;
        UserName = request.UserName;
        Remote = request.Remote;
        ProtocolVersion = request.ProtocolVersion;
        CleanStart = request.CleanStart;
        Identity = identity;
        SessionPresent = sessionPresent;
        Connected = true;
    }

    /// <summary>The client's id, the one the broker made included.</summary>
    public string ClientId { get; }

    /// <summary>The user name it logged in with, or null.</summary>
    public string? UserName { get; }

    /// <summary>What the application put into its verdict.</summary>
    public object? Identity { get; set; }

    /// <summary>Where it connected from.</summary>
    public RemoteEndpoint Remote { get; }

    /// <summary>4 for MQTT 3.1.1, 5 for MQTT 5.0.</summary>
    public int ProtocolVersion { get; }

    /// <summary>True when the client wanted nothing of an earlier session.</summary>
    public bool CleanStart { get; }

    /// <summary>True when an earlier session was resumed, with its subscriptions.</summary>
    public bool SessionPresent { get; }

    /// <summary>False from the moment the connection is given up; SessionLost follows.</summary>
    public bool Connected { get; internal set; }
}
