namespace DePinEdge.Gateway.Host.Loop;

/// <summary>The core loop has ended or is full; the question was not answered, and nothing of it is stored unless it says so.</summary>
public sealed class GatewayStoppedException(string message) : Exception(message);
