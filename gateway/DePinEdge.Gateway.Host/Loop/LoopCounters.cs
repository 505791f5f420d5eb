namespace DePinEdge.Gateway.Host.Loop;

/// <summary>What the core loop has done since its start. Written by its thread; a reader elsewhere may see values of different moments.</summary>
public sealed class LoopCounters
{
    /// <summary>Rounds of the loop.</summary>
    public long Rounds { get; internal set; }

    /// <summary>Turns that are durable.</summary>
    public long Commits { get; internal set; }

    /// <summary>Records in them.</summary>
    public long Records { get; internal set; }

    /// <summary>Time spent in commits, microseconds.</summary>
    public long CommitMicroseconds { get; internal set; }

    /// <summary>Longest commit, microseconds.</summary>
    public long LongestCommitMicroseconds { get; internal set; }

    /// <summary>Commits refused because the disk was full; each was kept and tried again.</summary>
    public long FullDisk { get; internal set; }

    /// <summary>Questions answered.</summary>
    public long Asks { get; internal set; }

    /// <summary>Answers of workers taken in.</summary>
    public long WorkAnswers { get; internal set; }
}
