// One false result, as it left its board.
namespace DePinEdge.Simulator.Chaos;

/// <summary>A result that differs from what the real agent computed on the same board, or that answers what the board was not asked.</summary>
/// <param name="Device">Who sent it.</param>
/// <param name="Batch">The batch that it names.</param>
/// <param name="Kind">How it was made.</param>
/// <param name="Said">Task, status, trap, fuel and output as sent.</param>
/// <param name="Acknowledged">The gateway acknowledged a frame that carried it; otherwise nobody here knows whether it arrived.</param>
public sealed record FalseResult(string Device, long Batch, FaultKind Kind, TaskAnswer Said, bool Acknowledged);
