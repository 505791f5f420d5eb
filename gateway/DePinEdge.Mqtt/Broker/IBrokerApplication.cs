namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// What stands behind a broker: it says who may do what and takes the messages meant for it. Called synchronously, on the thread that
/// owns the broker. Inside every call but <see cref="Authenticate"/> the application may use <see cref="IBroker"/>; the broker never
/// calls back from inside an
/// <see cref="IBroker"/> call: a session that such a call ends is reported by the shell's next call (see
/// <see cref="BrokerCore.NextTickMs"/>).
/// </summary>
public interface IBrokerApplication
{
    /// <summary>Judges a CONNECT. Called once for each, before any older connection of the same client id is touched.</summary>
    ConnectVerdict Authenticate(in ConnectRequest request, long nowMs);

    /// <summary>Where a publish to this topic goes. The answer is kept for the connection, so it must not depend on more than the
    /// arguments.</summary>
    PublishRoute AuthorizePublish(BrokerClient client, string topic, QoS qos, bool retain);

    /// <summary><see cref="ReasonCode.Success"/>, or a code from 0x80 on for SUBACK. The filter is valid; it may hold wildcards.</summary>
    ReasonCode AuthorizeSubscribe(BrokerClient client, string filter);

    /// <summary>A message routed to the application. The payload is valid only during the call.</summary>
    void MessageReceived(BrokerClient client, string topic, ReadOnlySpan<byte> payload, QoS qos, bool retain, long nowMs);

    /// <summary>A client is in: its CONNACK stands in the output. Subscriptions of a resumed session are already in force.</summary>
    void SessionOpened(BrokerClient client, long nowMs);

    /// <summary>A subscription was granted or renewed: SUBACK stands in the output, and as many of the retained messages as it has room
    /// for.</summary>
    void Subscribed(BrokerClient client, string filter, long nowMs);

    /// <summary>The connection of a client is gone, once for each <see cref="SessionOpened"/>. <paramref name="why"/> is Success after an
    /// ordinary DISCONNECT.</summary>
    void SessionLost(BrokerClient client, ReasonCode why, string reason, long nowMs);
}
