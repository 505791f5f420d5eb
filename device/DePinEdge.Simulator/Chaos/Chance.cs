// Numbers from a seed.
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Simulator.Chaos;

/// <summary>A small repeatable generator (SplitMix64): the same seed gives the same numbers on every machine and version.</summary>
/// <param name="seed">Any number.</param>
public sealed class Chance(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => SmoothNoise.Mix(state++ ^ 0x5DEECE66D);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + (int)(Next() % (ulong)(most - least + 1));

    /// <summary>True in that share of all cases, 0 to 1.</summary>
    public bool In(double share) => (Next() >> 11) * (1.0 / (1UL << 53)) < share;

    /// <summary>That many bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)Next();
        return bytes;
    }

    /// <summary>0 to count - 1 in a drawn order.</summary>
    public int[] Shuffled(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Between(0, i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>A generator of its own for one thing among many, whatever was drawn before.</summary>
    public static Chance For(ulong seed, long a, long b) => new(SmoothNoise.Mix(seed ^ SmoothNoise.Mix((ulong)a ^ SmoothNoise.Mix((ulong)b))));
}
