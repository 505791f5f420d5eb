// What really happened, counted where it was done.
namespace DePinEdge.Simulator.Chaos;

/// <summary>Counts faults that took effect. Any thread.</summary>
public sealed class FaultLog
{
    private readonly long[] counts = new long[Enum.GetValues<FaultKind>().Length];

    /// <summary>One more of that kind.</summary>
    public void Add(FaultKind kind) => Interlocked.Increment(ref counts[(int)kind]);

    /// <summary>How many of that kind so far.</summary>
    public long this[FaultKind kind] => Interlocked.Read(ref counts[(int)kind]);

    /// <summary>Every kind that happened, with its number, in the order of the kinds.</summary>
    public IReadOnlyList<(FaultKind Kind, long Count)> Happened() =>
        [.. Enum.GetValues<FaultKind>().Select(kind => (kind, this[kind])).Where(one => one.Item2 > 0)];
}
