// What the demo's answer is checked against.
namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// The number of primes below a limit, from two sources that share nothing with the program the boards run: the published values
/// for powers of ten, and a sieve of Eratosthenes in plain C# for every other limit.
/// </summary>
internal static class PrimeCount
{
    /// <summary>Largest limit that <see cref="Sieve"/> takes: one byte a number, so 1 GB.</summary>
    public const long SieveMax = 1_000_000_000;

    // OEIS A006880: primes below 10^0, 10^1, ... 10^10.
    private static readonly long[] BelowPowerOfTen = [0, 4, 25, 168, 1_229, 9_592, 78_498, 664_579, 5_761_455, 50_847_534, 455_052_511];

    /// <summary>The published count for a power of ten up to 10^10, otherwise null.</summary>
    public static long? Published(long limit)
    {
        long power = 1;
        foreach (var count in BelowPowerOfTen)
        {
            if (power == limit)
                return count;
            power *= 10;
        }

        return null;
    }

    /// <summary>Counts the primes p with p &lt; <paramref name="limit"/>, which is at most <see cref="SieveMax"/>. Memory: limit bytes.</summary>
    public static long Sieve(long limit)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, SieveMax);
        if (limit <= 2)
            return 0;
        var composite = new bool[limit];
        long count = 0;
        for (long n = 2; n < limit; n++)
        {
            if (composite[n])
                continue;
            count++;
            for (var multiple = n * n; multiple < limit; multiple += n)
                composite[multiple] = true;
        }

        return count;
    }
}
