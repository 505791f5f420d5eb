namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// How fast one client may publish: a bucket of tokens that fills at its rate up to two seconds' worth. Every PUBLISH takes one, also
/// those that were received together with the one that emptied it; the debt, ten seconds' worth at most, is paid by not reading until
/// a token is there again, so TCP slows the client and nothing is lost.
/// </summary>
internal struct PublishMeter
{
    private const int BurstSeconds = 2;
    private const int DebtSeconds = 10;
    private double _tokens;
    private long _filledAtMs;

    /// <summary>Publishes per second; 0 without limit.</summary>
    public int PerSecond { get; private set; }

    /// <summary>Starts with a full bucket.</summary>
    public static PublishMeter Start(int perSecond, long nowMs) =>
        new() { PerSecond = perSecond, _tokens = (double)perSecond * BurstSeconds, _filledAtMs = nowMs };

    /// <summary>Takes a token; false when there was none, which leaves a debt.</summary>
    public bool Take(long nowMs)
    {
        if (PerSecond == 0) return true;
        _tokens = Math.Min((double)PerSecond * BurstSeconds, _tokens + (nowMs - _filledAtMs) * PerSecond / 1_000.0);
        _filledAtMs = nowMs;
        // A debt without bound would close a client's ears for as long as it likes; keep-alive is not checked meanwhile.
        _tokens = Math.Max(_tokens - 1, -(double)PerSecond * DebtSeconds);
        return _tokens >= 0;
    }

    /// <summary>When the next token is there.</summary>
    public readonly long ReadyAtMs => _filledAtMs + Math.Max(1, (long)Math.Ceiling((1 - _tokens) * 1_000 / PerSecond));
}
