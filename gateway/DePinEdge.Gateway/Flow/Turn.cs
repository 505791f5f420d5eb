namespace DePinEdge.Gateway.Flow;

/// <summary>
/// The durable records of one turn of the core loop: what is stored as one row, in one transaction, before anything that depends
/// on it leaves the gateway.
/// </summary>
/// <param name="Seq">Number of the turn, from 1, without gaps.</param>
/// <param name="FirstRecord">Number of the turn's first record, from 1, without gaps.</param>
/// <param name="RecordCount">How many records the body holds, at least 1.</param>
/// <param name="UtcMs">When the turn was closed, UTC milliseconds.</param>
/// <param name="Head">The record chain's 32-byte head after the last record (see <see cref="RecordChain"/>).</param>
/// <param name="Body">The records, each as varint length and that many bytes.</param>
/// <param name="Blobs">Side material written in the same transaction: programs, inputs, results, secrets.</param>
/// <param name="Snapshot">The whole durable state after this turn, when one is due; otherwise null.</param>
/// <param name="Epoch">The epoch this turn sealed, with the rows people query; otherwise null.</param>
public sealed record Turn(
    long Seq, long FirstRecord, int RecordCount, long UtcMs, byte[] Head, byte[] Body,
    IReadOnlyList<BlobWrite> Blobs, byte[]? Snapshot, EpochRows? Epoch);

/// <summary>
/// One named blob to write (or, with null bytes, to forget). Blobs are outside the record chain: programs and inputs because their
/// hash stands in a record, secrets because an export must not carry them.
/// </summary>
/// <param name="Key">Kind and name, e.g. <c>program/…hash</c>, <c>input/j7</c>, <c>result/j7</c>, <c>secret/device/esp32-01</c>.</param>
/// <param name="Bytes">The content, or null to delete.</param>
public sealed record BlobWrite(string Key, byte[]? Bytes);

/// <summary>What the store keeps for queries about a sealed epoch.</summary>
public sealed record EpochRows(long Epoch, long LastTurn, byte[] Head, byte[] Root, IReadOnlyList<EpochAccountRow> Accounts);

/// <summary>One account's line in a sealed epoch, micro-credits.</summary>
public sealed record EpochAccountRow(string Account, long Cumulative, long Held);

/// <summary>What a store found when it was opened: the input of recovery.</summary>
/// <param name="Snapshot">The newest whole snapshot, or null in a fresh store.</param>
/// <param name="SnapshotTurn">The turn after which it was taken; 0 without one.</param>
/// <param name="Turns">The turns after the snapshot, in order.</param>
/// <param name="Blobs">The blobs the core keeps in memory: keys starting with <c>program/</c>, <c>input/</c> and <c>secret/</c>.</param>
public sealed record StoredState(byte[]? Snapshot, long SnapshotTurn, IEnumerable<Turn> Turns, IReadOnlyList<BlobWrite> Blobs)
{
    /// <summary>When the last turn was closed, UTC milliseconds; 0 when that is not known.</summary>
    public long LastUtcMs { get; init; }
}
