namespace DePinEdge.Mqtt.Client;

/// <summary>A message from the server.</summary>
/// <param name="Topic">The topic it was published to.</param>
/// <param name="Payload">The payload, the receiver's own copy.</param>
/// <param name="QoS">The quality it was delivered with.</param>
/// <param name="Retain">True for a retained message sent because of a new subscription.</param>
/// <param name="Duplicate">True when the server sent it before.</param>
/// <param name="Properties">The MQTT 5 properties as they stand in the packet, without their length; empty for 3.1.1. Read with
/// Codec.PropertyReader.</param>
public sealed record MqttMessage(string Topic, byte[] Payload, QoS QoS, bool Retain, bool Duplicate, byte[] Properties);
