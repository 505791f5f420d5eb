namespace DePinEdge.Mqtt.Broker;

/// <summary>What the application says to a CONNECT.</summary>
/// <param name="Code"><see cref="ReasonCode.Success"/> lets the client in, any code from 0x80 on refuses it.</param>
/// <param name="Identity">The application's own object for this client, found again at <see cref="BrokerClient.Identity"/>.</param>
/// <param name="Reason">A sentence for the client (MQTT 5 reason string) when refused; null says nothing more than the code.</param>
/// <param name="MaxPacketBytes">Largest packet taken from this client; 0 means the broker's own limit, which also caps it.</param>
/// <param name="AllowPersistentSession">False ends the session with the connection, whatever the client asked for; MQTT 5 clients are
/// told.</param>
/// <param name="PublishesPerSecond">Most PUBLISH packets a second; 0 means the broker's own limit, which also caps it.</param>
/// <param name="ServerReference">Another broker to go to, told to a refused MQTT 5 client (with UseAnotherServer or ServerMoved).</param>
public readonly record struct ConnectVerdict(
    ReasonCode Code, object? Identity, string? Reason, int MaxPacketBytes = 0, bool AllowPersistentSession = true, int PublishesPerSecond = 0,
    string? ServerReference = null)
{
    /// <summary>Lets the client in.</summary>
    public static ConnectVerdict Accept(object? identity) => new(ReasonCode.Success, identity, null);

    /// <summary>Refuses the client with a code from 0x80 on.</summary>
    public static ConnectVerdict Refuse(ReasonCode code, string? reason) => new(code, null, reason);
}
