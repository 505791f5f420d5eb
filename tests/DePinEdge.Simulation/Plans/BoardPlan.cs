using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Simulation.Plans;

/// <summary>One board of a fleet.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Name">The name it is invited under; empty: the gateway takes one from the board.</param>
/// <param name="JoinsAtMs">When it is switched on for the first time.</param>
/// <param name="DriftPpm">How much its clock runs fast (or slow), parts per million.</param>
/// <param name="SlowPercent">How long its work really takes, percent of what it announces.</param>
/// <param name="Window">Batches it takes at once.</param>
/// <param name="MqttVersion">4 or 5.</param>
/// <param name="LatencyMs">Least time of a packet on its link.</param>
/// <param name="JitterMs">Most that is added to it.</param>
/// <param name="FragmentPermille">Packets that arrive in two pieces.</param>
/// <param name="RelayPermille">PUBLISH packets that a bad relay duplicates, swallows or swaps.</param>
/// <param name="LeavesAtMs">When it goes for good; <see cref="long.MaxValue"/>: never.</param>
public sealed record BoardPlan(
    int Number, BoardProfile Profile, string Name, string Owner, long JoinsAtMs, int DriftPpm, int SlowPercent, int Window, LieStyle Lies, int LiePermille,
    int KeepAliveSeconds, int MqttVersion, int LatencyMs, int JitterMs, int FragmentPermille, int RelayPermille, long LeavesAtMs)
{
    /// <summary>Every result it sends is a true one.</summary>
    public bool Truthful => Lies is LieStyle.Honest or LieStyle.HalfAnswers or LieStyle.Duplicates or LieStyle.Late;

    /// <summary>It works to the end, and does nothing but what its agent says.</summary>
    public bool Reliable => Lies == LieStyle.Honest && LeavesAtMs == long.MaxValue;
}
