namespace DePinEdge.Mqtt.Broker;

/// <summary>What a client wants to be published when it is lost (section 3.1.2.5).</summary>
/// <param name="ExpirySeconds">Its Message Expiry Interval, counted from when it is published; null when it has none.</param>
internal sealed record Will(Message Message, uint DelaySeconds, uint? ExpirySeconds);
