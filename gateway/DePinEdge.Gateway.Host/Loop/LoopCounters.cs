namespace DePinEdge.Gateway.Host.Loop;

/// <summary>What the core loop has done since its start. Written by its thread; a reader elsewhere may see values of different moments.</summary>
public sealed class LoopCounters
{
    internal void Committed(Flow.Turn turn, long microseconds)
    {
        Commits++;
        Records += turn.RecordCount;
        TurnBytes += turn.Body.Length;
        foreach (var blob in turn.Blobs)
            BlobBytes += blob.Bytes?.Length ?? 0;
        SnapshotBytes += turn.Snapshot?.Length ?? 0;
        CommitMicroseconds += microseconds;
        LongestCommitMicroseconds = Math.Max(LongestCommitMicroseconds, microseconds);
        var bucket = Array.FindIndex(CommitBounds, bound => microseconds <= bound * 1e6);
        CommitBuckets[bucket < 0 ? CommitBounds.Length : bucket]++;
    }

    /// <summary>Rounds of the loop.</summary>
    public long Rounds { get; internal set; }

    /// <summary>Turns that are durable.</summary>
    public long Commits { get; internal set; }

    /// <summary>Records in them.</summary>
    public long Records { get; internal set; }

    /// <summary>Time spent in commits, microseconds.</summary>
    public long CommitMicroseconds { get; internal set; }

    /// <summary>Upper bounds of <see cref="CommitBuckets"/>, seconds; one more bucket holds the rest.</summary>
    public static double[] CommitBounds { get; } = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

    /// <summary>Commits by their time, each bucket's own count.</summary>
    public long[] CommitBuckets { get; } = new long[CommitBounds.Length + 1];

    /// <summary>Bytes of the turns' bodies.</summary>
    public long TurnBytes { get; internal set; }

    /// <summary>Bytes of blobs written beside them.</summary>
    public long BlobBytes { get; internal set; }

    /// <summary>Bytes of snapshots.</summary>
    public long SnapshotBytes { get; internal set; }

    /// <summary>Longest commit, microseconds.</summary>
    public long LongestCommitMicroseconds { get; internal set; }

    /// <summary>Commits refused because the disk was full; each was kept and tried again.</summary>
    public long FullDisk { get; internal set; }

    /// <summary>Questions answered.</summary>
    public long Asks { get; internal set; }

    /// <summary>Answers of workers taken in.</summary>
    public long WorkAnswers { get; internal set; }
}
