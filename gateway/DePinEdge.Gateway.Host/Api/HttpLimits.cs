namespace DePinEdge.Gateway.Host.Api;

/// <summary>How much of the API may be in use at once, and what it has answered. Used from many threads.</summary>
internal sealed class HttpLimits(int connectionsMax, int streamsMax)
{
    private readonly long[] byClass = new long[6];
    private long connections, connectionsOpened, connectionsRefused, streams, streamsRefused, bodiesRefused;

    /// <summary>Connections open.</summary>
    public long Connections => Volatile.Read(ref connections);

    /// <summary>Connections taken since the start.</summary>
    public long ConnectionsOpened => Volatile.Read(ref connectionsOpened);

    /// <summary>Event streams open.</summary>
    public long Streams => Volatile.Read(ref streams);

    /// <summary>Takes a connection; false when there are too many: the transport is closed.</summary>
    public bool TryOpenConnection()
    {
        if (!TryTake(ref connections, connectionsMax, ref connectionsRefused))
            return false;
        Interlocked.Increment(ref connectionsOpened);
        return true;
    }

    public void CloseConnection() => Interlocked.Decrement(ref connections);

    /// <summary>Takes an event stream; false when there are too many: the request is answered with 429.</summary>
    public bool TryOpenStream() => TryTake(ref streams, streamsMax, ref streamsRefused);

    public void CloseStream() => Interlocked.Decrement(ref streams);

    /// <summary>A body was larger than it may be.</summary>
    public void CountBodyRefused() => Interlocked.Increment(ref bodiesRefused);

    /// <summary>A request was answered.</summary>
    public void CountAnswer(int status) => Interlocked.Increment(ref byClass[status / 100 is > 0 and < 6 and var one ? one : 0]);

    /// <summary>Requests answered: 2xx, 4xx and so on.</summary>
    public IEnumerable<KeyValuePair<string, long>> ByStatus() =>
        Enumerable.Range(1, 5).Select(one => new KeyValuePair<string, long>($"{one}xx", Volatile.Read(ref byClass[one])));

    /// <summary>How often each limit was met, by its option's or constant's name.</summary>
    public IEnumerable<KeyValuePair<string, long>> Reached() =>
    [
        new("HttpConnectionsMax", Volatile.Read(ref connectionsRefused)), new("EventStreamsMax", Volatile.Read(ref streamsRefused)),
        new("JsonBytesMax", Volatile.Read(ref bodiesRefused)),
    ];

    private static bool TryTake(ref long used, int most, ref long refused)
    {
        if (Interlocked.Increment(ref used) <= most)
            return true;
        Interlocked.Decrement(ref used);
        Interlocked.Increment(ref refused);
        return false;
    }
}
