using DePinEdge.Gateway.Flow;

namespace DePinEdge.Simulation.Site;

/// <summary>What a store keeps: all turns, and the blobs as they stand. A turn is stored whole or not at all.</summary>
public sealed class TurnArchive
{
    private readonly SortedDictionary<string, byte[]> blobs = new(StringComparer.Ordinal);
    private readonly List<Turn> turns = [];

    /// <summary>All turns from the first.</summary>
    public IReadOnlyList<Turn> Turns => turns;

    /// <summary>One blob, or null.</summary>
    public byte[]? Blob(string key) => blobs.GetValueOrDefault(key);

    /// <summary>Stores a turn.</summary>
    public void Add(Turn turn)
    {
        turns.Add(turn);
        foreach (var blob in turn.Blobs)
            if (blob.Bytes is { } bytes)
                blobs[blob.Key] = bytes;
            else
                blobs.Remove(blob.Key);
    }

    /// <summary>What a start reads: the newest snapshot and the turns after it.</summary>
    public StoredState SinceSnapshot()
    {
        var at = turns.FindLastIndex(turn => turn.Snapshot is not null);
        return at < 0 ? FromTheFirst() : new StoredState(turns[at].Snapshot, turns[at].Seq, turns[(at + 1)..], Kept());
    }

    /// <summary>Everything, as if there had never been a snapshot.</summary>
    public StoredState FromTheFirst() => new(null, 0, turns.ToArray(), Kept());

    private BlobWrite[] Kept() => [.. blobs.Where(blob => !blob.Key.StartsWith("result/", StringComparison.Ordinal)).Select(blob => new BlobWrite(blob.Key, blob.Value))];
}
