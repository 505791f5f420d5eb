using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;

namespace DePinEdge.Gateway.Host.Loop;

/// <summary>
/// Decides when the core's records are stored. Commits under load are at least a linger apart, so that one sync carries many inputs;
/// the first record after a quiet time is stored at once. A turn that met a full disk is kept and tried again; until it is stored,
/// no other turn is taken, so the order of history never changes.
/// </summary>
internal sealed class TurnWriter(GatewayCore core, ITurnStore store, Ballast ballast, int lingerMs, TimeProvider time, LoopCounters counters, ILogger log)
{
    /// <summary>Between two tries of a turn that met a full disk.</summary>
    public const long RetryMs = 1_000;

    private Turn? kept;
    private long nextCommitMs = long.MinValue, nextTryMs;

    /// <summary>A turn that is not stored yet because the disk is full; inputs wait as long as it is there.</summary>
    public bool Stuck => kept is not null;

    /// <summary>True when everything that happened is durable: outputs may leave.</summary>
    public bool Settled => kept is null && !core.HasRecords;

    /// <summary>When <see cref="Write"/> has something to do next.</summary>
    public long DueMs => kept is not null
        ? nextTryMs
        : Math.Min(core.Paused ? nextTryMs : long.MaxValue, core.HasRecords ? nextCommitMs : long.MaxValue);

    /// <summary>Stores what is due. <paramref name="now"/> does not wait for the linger.</summary>
    public void Write(Instant moment, bool now = false)
    {
        if (kept is not null)
        {
            if (moment.Ms < nextTryMs && !now)
                return;
            if (!TryCommit(kept, moment))
                return;
            log.DiskTurnStored(kept.Seq);
            kept = null;
            nextTryMs = moment.Ms + RetryMs; // for the ballast; set once, or a busy gateway would put it off for ever
        }
        if (core.Paused && moment.Ms >= nextTryMs)
            TakeBallast(moment);
        if (core.HasRecords && (now || moment.Ms >= nextCommitMs) && core.TakeTurn(moment) is { } turn && !TryCommit(turn, moment))
            kept = turn;
    }

    /// <summary>The turn that could not be stored, when the loop ends with one.</summary>
    public long? KeptSeq => kept?.Seq;

    private bool TryCommit(Turn turn, Instant moment)
    {
        var started = time.GetTimestamp();
        try
        {
            store.Commit(turn);
        }
        catch (StoreException failure) when (failure.Kind == StoreFailure.Full)
        {
            counters.FullDisk++;
            if (!core.Paused)
            {
                log.DiskFull(turn.Seq, failure.Message);
                core.Paused = true;
                nextTryMs = moment.Ms; // the ballast has just made room: try again at once
            }
            else
                nextTryMs = moment.Ms + RetryMs;
            return false;
        }
        counters.Committed(turn, (long)time.GetElapsedTime(started).TotalMicroseconds);
        nextCommitMs = moment.Ms + lingerMs;
        return true;
    }

    private void TakeBallast(Instant moment)
    {
        nextTryMs = moment.Ms + RetryMs;
        if (!ballast.TryTake())
            return;
        core.Paused = false;
        log.DiskRecovered();
    }
}
