using DePinEdge.Agent.Ports;

namespace DePinEdge.Simulation.Boards;

/// <summary>A board's random bytes; each boot draws others, as a real board does.</summary>
public sealed class BoardEntropy(Dice dice) : IEntropy
{
    public void Fill(byte[] buffer, int offset, int count)
    {
        for (var i = 0; i < count; i++)
            buffer[offset + i] = (byte)(dice.Next() >> 32);
    }
}
