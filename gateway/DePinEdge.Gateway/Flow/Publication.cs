namespace DePinEdge.Gateway.Flow;

/// <summary>A message for whoever subscribed: what Telemetry asks the broker to publish.</summary>
/// <param name="Topic">The whole topic name.</param>
/// <param name="Payload">JSON or plain text, UTF-8.</param>
/// <param name="Retain">Kept for late subscribers.</param>
/// <param name="AtLeastOnce">QoS 1 instead of 0.</param>
public sealed record Publication(string Topic, byte[] Payload, bool Retain, bool AtLeastOnce);
