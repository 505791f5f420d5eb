using DePinEdge.Simulation.Plans;

namespace DePinEdge.Simulation.Network;

/// <summary>What all connections of one board share: the quality of its way to the gateway, now.</summary>
public sealed class Line(BoardPlan plan)
{
    /// <summary>Least time of a packet.</summary>
    public int LatencyMs { get; private set; } = plan.LatencyMs;

    /// <summary>Most that is added.</summary>
    public int JitterMs { get; private set; } = plan.JitterMs;

    /// <summary>Packets that arrive in two pieces.</summary>
    public int FragmentPermille { get; private set; } = plan.FragmentPermille;

    /// <summary>PUBLISH packets that a bad relay spoils.</summary>
    public int RelayPermille { get; private set; } = plan.RelayPermille;

    /// <summary>The board is cut off until then; what is sent meanwhile arrives afterwards.</summary>
    public long BlockedUntilMs { get; set; }

    /// <summary>Everything is well from now on.</summary>
    public void Heal(long nowMs)
    {
        (LatencyMs, JitterMs, FragmentPermille, RelayPermille) = (5, 0, 0, 0);
        BlockedUntilMs = Math.Min(BlockedUntilMs, nowMs);
    }
}
