// One accident of a link.
namespace DePinEdge.Simulator.Chaos;

/// <summary>What happens, and when.</summary>
/// <param name="Kind"><see cref="FaultKind.LinkCut"/>, <see cref="FaultKind.LinkStall"/>, <see cref="FaultKind.LinkDelay"/> or <see cref="FaultKind.LinkHalfOpen"/>.</param>
/// <param name="AtChunk">After so many reads from the board's socket, counted since the chaos began and over all connections.</param>
/// <param name="Ms">How long a stall lasts, how long a link is slow, or how long the gateway's half stays open; 0 for a cut.</param>
public sealed record LinkFault(FaultKind Kind, int AtChunk, int Ms);
