// The sums over a fleet.
namespace DePinEdge.Simulator;

/// <summary>What a fleet's boards have done together; see <see cref="BoardCounters"/> for the meaning of each.</summary>
public sealed record FleetCounters(
    int Boards, int Online, int Joined, long TasksDone, long BatchesDone, long Fuel, long Connects, long ConnectionsLost,
    long Unreached, long Refused, long FramesIgnored);
