namespace DePinEdge.Simulation;

/// <summary>
/// The only source of chance in a run: SplitMix64 from a seed. Each part of a run has a fork of its own, named by a text, so that what
/// one part draws does not shift what another does.
/// </summary>
public sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>A number from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public long Between(long least, long most) => least + (long)(Next() % (ulong)(most - least + 1));

    /// <summary>True so many times out of a thousand.</summary>
    public bool Permille(int times) => Below(1_000) < times;

    /// <summary>One of these.</summary>
    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>Dice of their own for what the name says.</summary>
    public Dice Fork(string name)
    {
        // FNV-1a: a text's own hash code differs from process to process.
        var hash = 0xCBF29CE484222325;
        foreach (var c in name)
            hash = (hash ^ c) * 0x100000001B3;
        return new Dice(Mix(state ^ hash));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
