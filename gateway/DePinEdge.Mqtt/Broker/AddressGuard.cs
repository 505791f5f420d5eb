namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// What one address (<see cref="RemoteEndpoint.Network"/>) may have: connections at once, and CONNECT packets within a second. Peers on this machine are exempt, as they could
/// take all of it anyway. The tables hold an entry for each address that is connected, and for each that sent a CONNECT within the second.
/// </summary>
internal sealed class AddressGuard(BrokerOptions options)
{
    private const int WindowMs = 1_000;
    private readonly Dictionary<string, int> _connections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _connects = new(StringComparer.Ordinal);
    private long _windowEndsMs = long.MinValue;

    /// <summary>Counts a connection in; false when its address has its share.</summary>
    public bool TryOpen(RemoteEndpoint remote)
    {
        if (remote.IsLoopback) return true;
        var network = remote.Network;
        var open = _connections.GetValueOrDefault(network);
        if (open >= options.MaxConnectionsPerAddress) return false;
        _connections[network] = open + 1;
        return true;
    }

    /// <summary>Counts a connection out.</summary>
    public void Close(RemoteEndpoint remote)
    {
        if (remote.IsLoopback) return;
        var network = remote.Network;
        var open = _connections[network];
        if (open == 1) _connections.Remove(network);
        else _connections[network] = open - 1;
    }

    /// <summary>Counts a CONNECT; false when its address had its share of this second.</summary>
    public bool MayConnect(RemoteEndpoint remote, long nowMs)
    {
        if (remote.IsLoopback) return true;
        if (nowMs >= _windowEndsMs)
        {
            _connects.Clear();
            _windowEndsMs = nowMs + WindowMs;
        }
        var network = remote.Network;
        var before = _connects.GetValueOrDefault(network);
        if (before >= options.ConnectsPerSecondPerAddress) return false;
        _connects[network] = before + 1;
        return true;
    }
}
