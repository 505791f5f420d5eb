using DePinEdge.Mqtt;

namespace DePinEdge.Simulation.Network;

/// <summary>A message as it reached a client's end.</summary>
public readonly record struct EndMessage(string Topic, byte[] Payload, QoS QoS, bool Retain);
