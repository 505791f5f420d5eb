namespace DePinEdge.Gateway.Flow;

/// <summary>
/// The records of the turn that is open: encodes each, extends the chain, and closes them into one <see cref="Turn"/>. It knows
/// nothing of what the records mean.
/// </summary>
public sealed class Journal
{
    private readonly RecordChain chain = new();
    private readonly RecordWriter record = new();
    private readonly RecordWriter body = new();
    private readonly List<BlobWrite> blobs = [];
    private long firstRecord = 1;
    private int count;

    /// <summary>The turn number that was closed last; 0 before the first.</summary>
    public long LastTurn { get; private set; }

    /// <summary>Records since the ledger was opened, the open turn's included.</summary>
    public long Records => chain.Count;

    /// <summary>The chain's head after the last record; a copy.</summary>
    public byte[] Head => chain.Head;

    /// <summary>The latest time of any record, UTC milliseconds; 0 before the first.</summary>
    public long LastUtcMs { get; set; }

    /// <summary>True when something waits to be stored.</summary>
    public bool HasRecords => count > 0;

    /// <summary>Continues after a snapshot.</summary>
    public void Resume(long turn, long records, ReadOnlySpan<byte> head32)
    {
        Invariant.Require(count == 0, "the journal resumes with an open turn");
        LastTurn = turn;
        chain.Resume(records, head32);
        firstRecord = records + 1;
    }

    /// <summary>Adds one record to the open turn.</summary>
    public void Append(DurableRecord durable)
    {
        record.Clear();
        RecordCodec.Write(durable, record);
        chain.Append(record.Written);
        body.Bytes(record.Written);
        count++;
        LastUtcMs = Math.Max(LastUtcMs, durable.UtcMs);
    }

    /// <summary>Adds side material to the open turn; a turn without records carries none, so something must be appended too.</summary>
    public void Put(string key, byte[]? bytes) => blobs.Add(new BlobWrite(key, bytes));

    /// <summary>
    /// Checks a stored turn against the chain and counts it as closed. Throws <see cref="CorruptRecordException"/> naming the turn when
    /// its number, its first record, its count or its head does not continue what came before.
    /// </summary>
    public void Replay(Turn turn, RecordBytesHandler each)
    {
        if (turn.Seq != LastTurn + 1)
            throw new CorruptRecordException($"turn {turn.Seq} follows turn {LastTurn}: {LastTurn + 1} is missing");
        if (turn.FirstRecord != chain.Count + 1)
            throw new CorruptRecordException($"turn {turn.Seq} starts at record {turn.FirstRecord}, expected {chain.Count + 1}");
        RecordCodec.ForEach(turn.Body, bytes =>
        {
            chain.Append(bytes);
            each(bytes);
        });
        if (chain.Count - turn.FirstRecord + 1 != turn.RecordCount)
            throw new CorruptRecordException($"turn {turn.Seq} says {turn.RecordCount} records and holds {chain.Count - turn.FirstRecord + 1}");
        if (!chain.Head.AsSpan().SequenceEqual(turn.Head))
            throw new CorruptRecordException($"turn {turn.Seq}: its records do not hash to the stored head");
        LastTurn = turn.Seq;
        LastUtcMs = Math.Max(LastUtcMs, turn.UtcMs);
        firstRecord = chain.Count + 1;
    }

    /// <summary>Closes the open turn. There must be records.</summary>
    public Turn Close(long utcMs, byte[]? snapshot, EpochRows? epoch)
    {
        Invariant.Require(count > 0, "a turn is closed without records");
        LastTurn++;
        var turn = new Turn(LastTurn, firstRecord, count, utcMs, chain.Head, body.Written.ToArray(), [.. blobs], snapshot, epoch);
        firstRecord = chain.Count + 1;
        count = 0;
        body.Clear();
        blobs.Clear();
        return turn;
    }
}
