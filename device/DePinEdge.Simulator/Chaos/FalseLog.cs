// Every false result that left a board, written down by the liars themselves.
namespace DePinEdge.Simulator.Chaos;

/// <summary>
/// The confession that the gateway's books are held against. One entry for each board, batch and task, however often it was sent. Any
/// thread.
/// </summary>
public sealed class FalseLog
{
    private readonly Dictionary<(string, long, long), FalseResult> entries = [];

    /// <summary>It is on its way, or acknowledged; once acknowledged it stays so.</summary>
    public void Add(FalseResult result)
    {
        lock (entries)
        {
            var key = (result.Device, result.Batch, result.Said.Task);
            if (!entries.TryGetValue(key, out var before) || !before.Acknowledged)
                entries[key] = result;
        }
    }

    /// <summary>All so far, by device, batch and task.</summary>
    public IReadOnlyList<FalseResult> All()
    {
        lock (entries)
            return [.. entries.Values.OrderBy(e => e.Device, StringComparer.Ordinal).ThenBy(e => e.Batch).ThenBy(e => e.Said.Task)];
    }
}
