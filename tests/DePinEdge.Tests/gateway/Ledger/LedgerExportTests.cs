using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

public sealed class LedgerExportTests
{
    [Fact]
    public void Export_gives_back_every_turn()
    {
        using var h = LedgerHistory.Whole();
        using var stream = new MemoryStream();
        Assert.Equal(h.Turns.Count, LedgerExport.Write(stream, h.Turns));
        stream.Position = 0;
        var read = LedgerExport.Read(stream).ToList();
        Assert.Equal(h.Turns.Count, read.Count);
        foreach (var (expected, actual) in h.Turns.Zip(read))
        {
            Assert.Equal((expected.Seq, expected.FirstRecord, expected.RecordCount, expected.UtcMs),
                (actual.Seq, actual.FirstRecord, actual.RecordCount, actual.UtcMs));
            Assert.Equal(expected.Head, actual.Head);
            Assert.Equal(expected.Body, actual.Body);
            Assert.Empty(actual.Blobs);
        }
    }

    [Fact]
    public void Secrets_and_snapshots_stay_at_home()
    {
        using var h = LedgerHistory.Open(devices: 0, issuedMicro: 0);
        var plain = Written(h.Turns);
        Assert.Equal(plain, Written(h.Turns.Select(t => t with { Blobs = [new BlobWrite("secret/draw", new byte[32])], Snapshot = new byte[100] })));
    }

    [Fact]
    public void Bytes_are_those_documented()
    {
        var head = SHA256.HashData("head"u8);
        byte[] before = [.. "depinled"u8, 1, 41, 1, 1, 2, 0xAC, 0x02, .. head, 7, 8, 9, 10, 0, 1];
        Assert.Equal([.. before, .. SHA256.HashData(before)], Written([new Turn(1, 1, 2, 300, head, [7, 8, 9, 10], [], null, null)]));
    }

    [Fact]
    public void Export_of_nothing_is_whole() => Assert.Empty(LedgerExport.Read(new MemoryStream(Written([]))));

    [Fact]
    public void Export_cut_at_any_byte_is_refused_and_the_turns_before_are_given()
    {
        using var h = LedgerHistory.Open(devices: 1);
        var bytes = Written(h.Turns);
        for (var length = 0; length < bytes.Length; length++)
        {
            var error = Assert.Throws<CorruptRecordException>(() => ReadAll(bytes[..length]));
            Assert.Matches(@"^export, turn \d+, byte \d+: ", error.Message);
        }
        Assert.Contains($"turn 3, byte {bytes.Length - 1}: the export ends here",
            Assert.Throws<CorruptRecordException>(() => ReadAll(bytes[..^1])).Message, StringComparison.Ordinal);

        using var cut = new MemoryStream(bytes[..^33]);
        using var reading = LedgerExport.Read(cut).GetEnumerator();
        Assert.True(reading.MoveNext() && reading.MoveNext());
        Assert.Throws<CorruptRecordException>(() => reading.MoveNext());
    }

    [Fact]
    public void Export_with_any_bit_flipped_is_refused()
    {
        using var h = LedgerHistory.Open(devices: 1);
        var bytes = Written(h.Turns);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptRecordException>(() => ReadAll(changed));
        }
    }

    [Fact]
    public void What_follows_the_trailer_and_what_is_no_export_is_named()
    {
        var bytes = Written([]);
        Assert.Contains("bytes follow the trailer", Assert.Throws<CorruptRecordException>(() => ReadAll([.. bytes, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("not a ledger export", Assert.Throws<CorruptRecordException>(() => ReadAll("SQLite format 3"u8.ToArray())).Message, StringComparison.Ordinal);
        bytes[8] = 2;
        Assert.Contains("version 2", Assert.Throws<CorruptRecordException>(() => ReadAll(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Announced_length_alone_allocates_nothing()
    {
        byte[] most = [.. "depinled"u8, 1, 0x80, 0x80, 0x80, 0x80, 1]; // 256 MB
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("ends here", Assert.Throws<CorruptRecordException>(() => ReadAll(most)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        most[9]++;
        Assert.Contains("is the most", Assert.Throws<CorruptRecordException>(() => ReadAll(most)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Turn_longer_than_the_readers_buffer_comes_back_whole()
    {
        var body = new byte[1_000_003];
        new Random(3).NextBytes(body);
        var read = Assert.Single(LedgerExport.Read(new MemoryStream(Written([new Turn(1, 1, 1, 1, new byte[32], body, [], null, null)]))));
        Assert.Equal(body, read.Body);
    }

    private static List<Turn> ReadAll(byte[] bytes) => [.. LedgerExport.Read(new MemoryStream(bytes))];

    private static byte[] Written(IEnumerable<Turn> turns)
    {
        using var stream = new MemoryStream();
        LedgerExport.Write(stream, turns);
        return stream.ToArray();
    }
}
