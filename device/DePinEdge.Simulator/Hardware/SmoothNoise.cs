// Randomness that is smooth in time: what weather and batteries look like from one minute to the next.
namespace DePinEdge.Simulator.Hardware;

/// <summary>
/// A repeatable function of time between -1 and 1: seeded random values one period apart, joined by the curve 3f² - 2f³, which has
/// no step and no kink. Any moment can be asked for in any order, because nothing is remembered.
/// </summary>
/// <param name="seed">Two functions with different seeds have nothing in common.</param>
/// <param name="periodMs">Distance of two random values, milliseconds; at least 1.</param>
public readonly struct SmoothNoise(ulong seed, long periodMs)
{
    /// <summary>The value at <paramref name="ms"/>, -1 to 1. Changes by at most 3 / period per millisecond.</summary>
    public double At(long ms)
    {
        var step = Math.DivRem(ms, periodMs, out var rest);
        if (rest < 0)
        {
            step--;
            rest += periodMs;
        }

        var f = rest / (double)periodMs;
        var from = Knot(step);
        return from + ((Knot(step + 1) - from) * f * f * (3 - (2 * f)));
    }

    /// <summary>Mixes a number so that neighbours have nothing in common (the finaliser of SplitMix64).</summary>
    internal static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private double Knot(long step) => ((Mix(seed ^ Mix((ulong)step)) >> 11) * (2.0 / (1UL << 53))) - 1;
}
