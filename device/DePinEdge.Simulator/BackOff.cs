// How long a board waits before it tries again.
using DePinEdge.Agent.Ports;

namespace DePinEdge.Simulator;

/// <summary>
/// Doubling waits with chance in them: a thousand boards that lost one gateway come back spread out, not in one wave.
/// </summary>
internal sealed class BackOff(int firstMs, int maxMs, IEntropy entropy)
{
    private readonly byte[] random = new byte[4];
    private int failures;

    /// <summary>The next attempt may follow the usual first wait again.</summary>
    public void Reset() => failures = 0;

    /// <summary>The wait after one more failure, ms: between half of min(max, first * 2^failures) and all of it.</summary>
    public int NextMs()
    {
        var whole = failures < 20 ? Math.Min(maxMs, (long)firstMs << failures) : maxMs;
        failures++;
        entropy.Fill(random, 0, random.Length);
        return (int)Math.Ceiling(whole * (0.5 + (0.5 * BitConverter.ToUInt32(random) / uint.MaxValue)));
    }
}
