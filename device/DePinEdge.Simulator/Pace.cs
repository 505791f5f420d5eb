// How fast simulated boards work.
namespace DePinEdge.Simulator;

/// <summary>What limits a simulated board's speed.</summary>
public enum Pace
{
    /// <summary>Nothing but this machine: boards run flat out.</summary>
    None,

    /// <summary>The profile: a result is ready only after fuel / fuel per second of time on the fleet's clock.</summary>
    Board,
}
