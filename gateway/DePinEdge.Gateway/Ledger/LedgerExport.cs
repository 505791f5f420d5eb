using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// The whole history as one compact binary stream: what a verifier on another machine needs, and no secrets (blobs and snapshots
/// stay at home). The canonical form of an export:
/// <code>
/// 8 bytes "depinled" | u8 version 1
/// each turn:  varint length > 0 | varint seq | varint first record | varint record count | varint UTC ms | 32-byte head | body
/// trailer:    varint 0 | varint number of turns | SHA-256 of every byte before it
/// </code>
/// Varints and bodies are those of <see cref="RecordWriter"/>. The trailer tells a whole export from one that was cut off.
/// </summary>
public static class LedgerExport
{
    /// <summary>The version written today.</summary>
    public const byte Version = 1;

    /// <summary>The longest turn that is read, bytes: far above what one turn of the loop can hold.</summary>
    public const int TurnBytesMax = 256 * 1024 * 1024;

    internal static ReadOnlySpan<byte> Magic => "depinled"u8;

    /// <summary>Writes the turns; returns how many.</summary>
    public static long Write(Stream stream, IEnumerable<Turn> turns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = new RecordWriter();
        var fields = new RecordWriter();
        length.Raw(Magic);
        length.Byte(Version);
        Put(length.Written);
        long count = 0;
        foreach (var turn in turns)
        {
            Invariant.Require(turn.Head.Length == 32, $"the head of turn {turn.Seq} has 32 bytes");
            fields.Clear();
            fields.Unsigned(turn.Seq);
            fields.Unsigned(turn.FirstRecord);
            fields.Unsigned(turn.RecordCount);
            fields.Unsigned(turn.UtcMs);
            fields.Raw(turn.Head);
            length.Clear();
            length.Unsigned((long)fields.Count + turn.Body.Length);
            Put(length.Written);
            Put(fields.Written);
            Put(turn.Body);
            count++;
        }
        length.Clear();
        length.Byte(0);
        length.Unsigned(count);
        Put(length.Written);
        stream.Write(hash.GetHashAndReset());
        return count;

        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }
    }

    /// <summary>
    /// Reads turns as they are asked for. Throws <see cref="CorruptRecordException"/> naming turn and byte when the stream is not a
    /// whole, undamaged export; the turns before were still given. What a turn says is for <see cref="LedgerVerifier"/> to judge.
    /// </summary>
    public static IEnumerable<Turn> Read(Stream stream)
    {
        using var reader = new ExportReader(stream);
        reader.ReadHeader();
        while (reader.ReadTurn() is { } turn)
            yield return turn;
    }
}
