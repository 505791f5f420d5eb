namespace DePinEdge.Mqtt.Broker;

/// <summary>Where a connection comes from, as the transport saw it.</summary>
/// <param name="Address">The address as text, without port; for a log line or a limit per address.</param>
/// <param name="Port">The remote port.</param>
/// <param name="IsLoopback">True when the peer runs on this machine, which an application may trust more.</param>
public readonly record struct RemoteEndpoint(string Address, int Port, bool IsLoopback)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}:{Port}";
}
