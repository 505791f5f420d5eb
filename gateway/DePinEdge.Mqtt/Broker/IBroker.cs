namespace DePinEdge.Mqtt.Broker;

/// <summary>What an application may ask of a broker. Called on the thread that owns it; none of these calls back into the
/// application.</summary>
public interface IBroker
{
    /// <summary>
    /// Sends a message to whoever subscribed. With <paramref name="retain"/> it also becomes the topic's retained message; an empty
    /// payload then clears
    /// it. QoS 2 is delivered as QoS 1. The properties reach MQTT 5 subscribers and stay with a retained message. Throws when the topic is not a valid topic name: that is the caller's fault.
    /// </summary>
    void Publish(string topic, ReadOnlySpan<byte> payload, QoS qos, bool retain, PublishProperties? properties = null);

    /// <summary>
    /// Sends a message to one client only: when it is connected and holds a subscription that matches. Not matched against other
    /// subscriptions, never
    /// retained, never kept for an offline session. True when the message stands in the client's output or in its bounded queue; it then
    /// ends with the connection.
    /// </summary>
    bool SendTo(string clientId, string topic, ReadOnlySpan<byte> payload, QoS qos);

    /// <summary>Closes a client's connection; an MQTT 5 client reads the code and the reason. False when no such client is
    /// connected.</summary>
    bool Disconnect(string clientId, ReasonCode code, string reason);

    /// <summary>What happened since the start.</summary>
    BrokerCounters Counters { get; }
}
