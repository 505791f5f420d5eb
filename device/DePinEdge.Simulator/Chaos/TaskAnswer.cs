// One task's result as a report carries it.
namespace DePinEdge.Simulator.Chaos;

/// <summary>A copy of a result; the fields are those of <see cref="Agent.Wire.Report"/>.</summary>
public sealed record TaskAnswer(long Task, int Status, byte Trap, long Fuel, byte[] Output)
{
    /// <summary>True when another result says the same, whatever task it is of.</summary>
    public bool SaysAs(TaskAnswer other) =>
        Status == other.Status && Trap == other.Trap && Fuel == other.Fuel && Output.AsSpan().SequenceEqual(other.Output);
}
