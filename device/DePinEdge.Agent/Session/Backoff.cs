// How long to wait before the next attempt to connect.
using DePinEdge.Agent.Ports;

namespace DePinEdge.Agent.Session;

/// <summary>Doubling waits from 1 s to 32 s, up to 5 minutes for a board that is refused, each longer by a random part of up to a
/// quarter: a gateway that comes back is not met by all boards at once.</summary>
public sealed class Backoff
{
    private const int FirstMs = 1000;
    private const int DoublingsMax = 5;
    private const int RefusedMs = 300000;

    private readonly IEntropy entropy;
    private readonly byte[] chance = new byte[1];
    private int attempts;

    public Backoff(IEntropy entropy)
    {
        this.entropy = entropy;
    }

    /// <summary>The wait after one more attempt that led nowhere, ms.</summary>
    public int Next(bool refused)
    {
        int wait = refused ? RefusedMs : FirstMs << attempts;
        if (attempts < DoublingsMax)
            attempts++;
        entropy.Fill(chance, 0, 1);
        return wait + (wait >> 2) * chance[0] / 256;
    }

    /// <summary>A session opened.</summary>
    public void Reset() => attempts = 0;
}
