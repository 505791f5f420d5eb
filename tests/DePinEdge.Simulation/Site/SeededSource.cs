using DePinEdge.Gateway.Flow;

namespace DePinEdge.Simulation.Site;

/// <summary>The gateway's random bytes, from the run's seed.</summary>
public sealed class SeededSource(Dice dice) : IEntropySource
{
    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(dice.Next() >> 32);
    }
}
