namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>What the page's live stream has done since the start. A reader may see values of different moments.</summary>
public sealed class LiveCounters
{
    private long viewers, opened, refused, lagged, looks, changes;

    /// <summary>Streams open now.</summary>
    public long Viewers => Interlocked.Read(ref viewers);

    /// <summary>Streams ever opened.</summary>
    public long Opened => Interlocked.Read(ref opened);

    /// <summary>Streams refused because the limit was reached.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Whole states sent to viewers that were too slow for the changes.</summary>
    public long Lagged => Interlocked.Read(ref lagged);

    /// <summary>Questions put to the core, for all viewers together.</summary>
    public long Looks => Interlocked.Read(ref looks);

    /// <summary>Looks that found something new.</summary>
    public long Changes => Interlocked.Read(ref changes);

    internal void OnOpened()
    {
        Interlocked.Increment(ref viewers);
        Interlocked.Increment(ref opened);
    }

    internal void OnClosed() => Interlocked.Decrement(ref viewers);

    internal void OnRefused() => Interlocked.Increment(ref refused);

    internal void OnLagged() => Interlocked.Increment(ref lagged);

    internal void OnLook() => Interlocked.Increment(ref looks);

    internal void OnChange() => Interlocked.Increment(ref changes);
}
