// Random numbers that are the same on every machine.
namespace DePinEdge.Programs.Digits.Training;

/// <summary>The generator xorshift64* (Marsaglia; Vigna, 2016).</summary>
internal sealed class Chance(ulong seed)
{
    private ulong state = seed == 0 ? 1 : seed;

    private ulong Next()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545f4914f6cdd1d;
    }

    /// <summary>From 0 up to but not including <paramref name="end"/>.</summary>
    public int Below(int end) => (int)((Next() >> 32) * (ulong)end >> 32);

    /// <summary>From -1 up to 1.</summary>
    public double Symmetric() => (double)(Next() >> 11) / (1L << 52) - 1;
}
