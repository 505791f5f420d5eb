// Where a simulated board gets its random bytes.
using DePinEdge.Agent.Ports;

namespace DePinEdge.Simulator.Hardware;

/// <summary>
/// Repeatable bytes from a seed, so that a run can be replayed. Good for simulated boards only: whoever knows the seed knows the
/// nonces. Give two boards two seeds.
/// </summary>
public sealed class SeededEntropy(ulong seed) : IEntropy
{
    private ulong counter;

    /// <inheritdoc/>
    public void Fill(byte[] buffer, int offset, int count)
    {
        for (var i = 0; i < count; i += 8)
        {
            var word = SmoothNoise.Mix(seed ^ SmoothNoise.Mix(++counter));
            for (var j = i; j < i + 8 && j < count; j++, word >>= 8)
                buffer[offset + j] = (byte)word;
        }
    }
}
