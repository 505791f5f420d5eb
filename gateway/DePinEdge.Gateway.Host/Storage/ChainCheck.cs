using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>
/// Follows the record chain over stored turns: numbers without gaps, as many records as announced, the head that follows. SQLite
/// notices few flipped bytes itself (measured: quick_check found 1 of 40, this chain 25), so nothing is used that was not followed here.
/// </summary>
internal sealed class ChainCheck(string path)
{
    private readonly RecordChain chain = new();
    private long seq;

    /// <summary>Checks the next turn. Throws <see cref="StoreException"/> (Corrupt) naming the turn and what does not fit.</summary>
    public void Next(Turn turn)
    {
        if (turn.Seq != seq + 1)
            throw Corrupt(turn, $"turn {seq + 1} is missing before it");
        if (turn.FirstRecord != chain.Count + 1)
            throw Corrupt(turn, $"it starts with record {turn.FirstRecord}, {chain.Count + 1} is due");
        var before = chain.Count;
        try
        {
            RecordCodec.ForEach(turn.Body, chain.Append);
        }
        catch (CorruptRecordException failure)
        {
            throw Corrupt(turn, failure.Message);
        }
        if (chain.Count - before != turn.RecordCount)
            throw Corrupt(turn, $"it holds {chain.Count - before} records, {turn.RecordCount} are announced");
        if (!chain.Head.AsSpan().SequenceEqual(turn.Head))
            throw Corrupt(turn, "its records do not give its head");
        seq = turn.Seq;
    }

    private StoreException Corrupt(Turn turn, string what) => new(StoreFailure.Corrupt, $"{path} is damaged: turn {turn.Seq}: {what}");
}
