namespace DePinEdge.Gateway.Host.Commands;

/// <summary>Credits as people write them, in micro-credits.</summary>
internal static class CreditAmount
{
    /// <summary>Throws <see cref="HostException"/> (usage) for a negative amount, more than six decimals, or one past the largest.</summary>
    public static long ToMicro(decimal credits, string option)
    {
        if (credits < 0)
            throw Bad($"{option} {credits} is negative");
        if (credits > long.MaxValue / 1_000_000m)
            throw Bad($"{option} {credits} is more than the ledger can hold");
        var micro = credits * 1_000_000m;
        return decimal.Truncate(micro) == micro ? (long)micro : throw Bad($"{option} {credits} has more than six decimals");
    }

    private static HostException Bad(string message) => new(message, "amounts are credits, for example 12.5", ExitCodes.Usage);
}
