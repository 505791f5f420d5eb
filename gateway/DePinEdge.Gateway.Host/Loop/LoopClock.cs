using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Loop;

/// <summary>The shell's two clocks as one reading: milliseconds since the process began (never back) and UTC.</summary>
public sealed class LoopClock(TimeProvider provider)
{
    private readonly long started = provider.GetTimestamp();

    /// <summary>The moment now.</summary>
    public Instant Now => new(Ms, provider.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Milliseconds of the clock that deadlines are compared with; starts at 1, as 0 often means never.</summary>
    public long Ms => 1 + (long)provider.GetElapsedTime(started).TotalMilliseconds;
}
