namespace DePinEdge.Tasks;

/// <summary>What a run gave; two runs agree when all four are equal.</summary>
/// <param name="Status">The value <c>run</c> returned; 0 is success. 0 as well when a trap ended the run.</param>
/// <param name="Trap">One of <see cref="Agent.Tasks.TrapCode"/>.</param>
/// <param name="Fuel">Fuel consumed.</param>
/// <param name="Output">The bytes written; empty when a trap ended the run.</param>
public sealed record TaskOutcome(int Status, byte Trap, long Fuel, byte[] Output);
