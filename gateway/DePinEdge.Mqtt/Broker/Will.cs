namespace DePinEdge.Mqtt.Broker;

/// <summary>What a client wants to be published when it is lost (section 3.1.2.5).</summary>
internal sealed record Will(Message Message, uint DelaySeconds);
