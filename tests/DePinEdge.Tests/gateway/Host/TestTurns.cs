using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>Makes turns of real records with a real chain, without a core.</summary>
internal sealed class TestTurns
{
    private readonly RecordChain chain = new();
    private long seq;

    /// <summary>The chain's head after the last turn made.</summary>
    public byte[] Head => chain.Head;

    /// <summary>The next turn, with as many transfers as asked for.</summary>
    public Turn Next(int records = 3, IReadOnlyList<BlobWrite>? blobs = null, byte[]? snapshot = null, EpochRows? epoch = null)
    {
        var body = new RecordWriter();
        var one = new RecordWriter();
        var first = chain.Count + 1;
        for (var i = 0; i < records; i++)
        {
            one.Clear();
            RecordCodec.Write(
                new Transferred(TransferKind.Issue, first + i, "sys:treasury", "req:alice", 1_000 + first + i) { UtcMs = 1_795_330_000_000 + first },
                one);
            chain.Append(one.Written);
            body.Bytes(one.Written);
        }
        seq++;
        return new Turn(seq, first, records, 1_795_330_000_000 + seq, chain.Head, body.Written.ToArray(), blobs ?? [], snapshot, epoch);
    }
}
