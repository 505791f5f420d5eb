// What one simulated board has done so far.
namespace DePinEdge.Simulator;

/// <summary>A copy of a board's figures, taken between two steps of its loop.</summary>
/// <param name="DeviceId">The id the gateway gave it; empty before it joined.</param>
/// <param name="Online">In a session: takes work.</param>
/// <param name="Joined">Holds a key.</param>
/// <param name="TasksDone">Tasks run to an end, trapped ones included.</param>
/// <param name="BatchesDone">Batches answered.</param>
/// <param name="Fuel">Fuel used.</param>
/// <param name="Connects">Connections that the gateway accepted.</param>
/// <param name="ConnectionsLost">Connections that ended without the board wanting it.</param>
/// <param name="Unreached">Attempts that met nobody.</param>
/// <param name="Refused">Connections and joins that the gateway refused.</param>
/// <param name="FramesIgnored">Frames from the gateway's topic that did not fit the session: forged, damaged or out of order.</param>
/// <param name="LastRefusal">Why the last refusal, in the gateway's word; empty when there was none.</param>
public sealed record BoardCounters(
    string DeviceId, bool Online, bool Joined, long TasksDone, long BatchesDone, long Fuel, long Connects, long ConnectionsLost, long Unreached,
    long Refused, long FramesIgnored, string LastRefusal);
