// What all bad boards, links and thieves of one run share.
namespace DePinEdge.Simulator.Chaos;

/// <summary>The logs, the copiers' market, and whether the chaos has begun: before that everybody behaves.</summary>
public sealed class ChaosStage
{
    private volatile bool begun;

    /// <summary>What happened.</summary>
    public FaultLog Faults { get; } = new();

    /// <summary>Which false results were sent.</summary>
    public FalseLog Lies { get; } = new();

    /// <summary>What copiers copy.</summary>
    public Market Market { get; } = new();

    /// <summary>True from <see cref="Begin"/> to <see cref="End"/>.</summary>
    public bool Begun => begun;

    /// <summary>Lets loose what was planned.</summary>
    public void Begin() => begun = true;

    /// <summary>Everybody behaves again; what is held back stays back.</summary>
    public void End() => begun = false;
}
