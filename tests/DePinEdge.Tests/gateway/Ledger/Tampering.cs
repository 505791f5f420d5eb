using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Ledger;

/// <summary>What somebody with the file but without the site's key can do to a history.</summary>
internal static class Tampering
{
    /// <summary>The records of each turn, as stored bytes.</summary>
    public static List<List<byte[]>> Split(IReadOnlyList<Turn> turns)
    {
        var all = new List<List<byte[]>>();
        foreach (var turn in turns)
        {
            var records = new List<byte[]>();
            RecordCodec.ForEach(turn.Body, bytes => records.Add(bytes.ToArray()));
            all.Add(records);
        }
        return all;
    }

    /// <summary>Turns with these records and everything around them put right again: numbers, counts, chain, heads.</summary>
    public static List<Turn> Rebuild(IEnumerable<List<byte[]>> records)
    {
        var turns = new List<Turn>();
        var chain = new RecordChain();
        foreach (var turn in records)
        {
            if (turn.Count == 0)
                continue;
            var body = new RecordWriter();
            var first = chain.Count + 1;
            foreach (var bytes in turn)
            {
                body.Bytes(bytes);
                chain.Append(bytes);
            }
            turns.Add(new Turn(turns.Count + 1, first, turn.Count, LedgerHistory.StartUtcMs, chain.Head, body.Written.ToArray(), [], null, null));
        }
        return turns;
    }

    public static byte[] Bytes(DurableRecord record)
    {
        var writer = new RecordWriter();
        RecordCodec.Write(record, writer);
        return writer.Written.ToArray();
    }

    /// <summary>The history with one record replaced, chain recomputed.</summary>
    public static List<Turn> Replace<T>(IReadOnlyList<Turn> turns, int which, Func<T, T> change) where T : DurableRecord
    {
        var split = Split(turns);
        var seen = 0;
        foreach (var turn in split)
            for (var i = 0; i < turn.Count; i++)
                if (RecordCodec.Read(turn[i]) is T record && seen++ == which)
                    turn[i] = Bytes(change(record));
        Assert.True(seen > which, $"the history has {seen} {typeof(T).Name}");
        return Rebuild(split);
    }

    /// <summary>The history with one record left out, chain recomputed.</summary>
    public static List<Turn> Drop(IReadOnlyList<Turn> turns, Func<DurableRecord, bool> which)
    {
        var split = Split(turns);
        var dropped = 0;
        foreach (var turn in split)
            for (var i = 0; i < turn.Count; i++)
                if (dropped == 0 && which(RecordCodec.Read(turn[i])))
                {
                    turn.RemoveAt(i);
                    dropped++;
                }
        Assert.Equal(1, dropped);
        return Rebuild(split);
    }
}
