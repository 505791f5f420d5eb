namespace DePinEdge.Mqtt.Broker;

/// <summary>A well-formed CONNECT, for the application to judge.</summary>
/// <param name="ClientId">The client's id, or the one the broker made when the client sent none.</param>
/// <param name="UserName">The user name, or null when absent.</param>
/// <param name="Password">The password's bytes; valid only during the call.</param>
/// <param name="HasPassword">False when the field was absent, which is not the same as empty.</param>
/// <param name="Remote">Where the connection comes from.</param>
/// <param name="ProtocolVersion">4 for MQTT 3.1.1, 5 for MQTT 5.0.</param>
/// <param name="CleanStart">True when the client wants nothing of an earlier session.</param>
public readonly record struct ConnectRequest(
    string ClientId,
    string? UserName,
    ReadOnlyMemory<byte> Password,
    bool HasPassword,
    RemoteEndpoint Remote,
    int ProtocolVersion,
    bool CleanStart);
