namespace DePinEdge.Simulation.Plans;

/// <summary>One fault.</summary>
/// <param name="Boards">Bit n: board n.</param>
/// <param name="LengthMs">How long it lasts, where it lasts.</param>
/// <param name="Value">What the kind makes of it: the jump of a clock, ms.</param>
public sealed record Fault(long AtMs, FaultKind Kind, int Boards, long LengthMs, long Value);
