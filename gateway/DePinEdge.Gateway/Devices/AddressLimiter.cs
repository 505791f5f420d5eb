namespace DePinEdge.Gateway.Devices;

/// <summary>Counts attempts for each remote address within a window. Bounded: when full, the table starts anew with the next window.</summary>
public sealed class AddressLimiter(int attemptsMax, long windowMs)
{
    private const int AddressesMax = 10_000;

    private readonly Dictionary<string, int> attempts = new(StringComparer.Ordinal);
    private long windowEndMs = long.MinValue;

    /// <summary>Attempts refused since the start.</summary>
    public long Refused { get; private set; }

    /// <summary>Counts one attempt; false when the address has had its share of this window, or too many addresses have come.</summary>
    public bool Allow(string address, long nowMs)
    {
        if (nowMs >= windowEndMs)
        {
            attempts.Clear();
            windowEndMs = nowMs + windowMs;
        }
        var before = attempts.GetValueOrDefault(address);
        if (before >= attemptsMax || (before == 0 && attempts.Count >= AddressesMax))
        {
            Refused++;
            return false;
        }
        attempts[address] = before + 1;
        return true;
    }
}
