namespace DePinEdge.Benchmarks.Hostile;

/// <summary>What the attackers share: how much is left to send, what was sent, and how often the gateway ended a connection.</summary>
internal sealed class Attack(int count)
{
    private long left = count, sent, closedByGateway, connections;

    /// <summary>Mutations sent.</summary>
    public long Sent => Volatile.Read(ref sent);

    /// <summary>Connections that the gateway ended.</summary>
    public long ClosedByGateway => Volatile.Read(ref closedByGateway);

    /// <summary>Connections made.</summary>
    public long Connections => Volatile.Read(ref connections);

    /// <summary>True while there is one more to send; takes it.</summary>
    public bool Take() => Interlocked.Decrement(ref left) >= 0;

    /// <summary>What was taken could not be sent: somebody else may.</summary>
    public void GiveBack() => Interlocked.Increment(ref left);

    /// <summary>True while <see cref="Take"/> would find one.</summary>
    public bool More => Volatile.Read(ref left) > 0;

    public void CountSent() => Interlocked.Increment(ref sent);

    public void CountClosed() => Interlocked.Increment(ref closedByGateway);

    public void CountConnection() => Interlocked.Increment(ref connections);
}
