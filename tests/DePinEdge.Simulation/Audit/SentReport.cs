namespace DePinEdge.Simulation.Audit;

/// <summary>A report on a batch as it left a board, and when it reached the gateway's machine.</summary>
public sealed class SentReport(string device, long batch, IReadOnlyList<SentTask> tasks)
{
    public string Device { get; } = device;

    public long Batch { get; } = batch;

    public IReadOnlyList<SentTask> Tasks { get; } = tasks;

    /// <summary>Simulated moments of arrival, ascending; none while it is on its way.</summary>
    public List<long> ArrivedMs { get; } = [];
}

/// <summary>One task's result as it left a board.</summary>
public sealed record SentTask(long Task, int Status, byte Trap, long Fuel, byte[] Output)
{
    /// <summary>The same in every field that is compared.</summary>
    public bool Says(SentTask other) => Status == other.Status && Trap == other.Trap && Fuel == other.Fuel && Output.AsSpan().SequenceEqual(other.Output);
}
