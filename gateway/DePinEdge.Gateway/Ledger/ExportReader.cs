using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>Reads an export's bytes in order, hashing as it goes; see <see cref="LedgerExport"/> for the format.</summary>
internal sealed class ExportReader(Stream stream) : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[ChunkBytes];
    private int start;
    private int end;
    private long position;
    private long turns;

    public void Dispose() => hash.Dispose();

    public void ReadHeader()
    {
        if (!Take(LedgerExport.Magic.Length).AsSpan().SequenceEqual(LedgerExport.Magic))
            throw Corrupt("this is not a ledger export");
        if (Take(1)[0] is not LedgerExport.Version and var version)
            throw Corrupt($"the export has version {version}, this program reads {LedgerExport.Version}");
    }

    /// <summary>The next turn, or null after a good trailer.</summary>
    public Turn? ReadTurn()
    {
        var length = Varint();
        if (length == 0)
        {
            ReadTrailer();
            return null;
        }
        if (length > LedgerExport.TurnBytesMax)
            throw Corrupt($"a turn of {length} bytes is announced, {LedgerExport.TurnBytesMax} is the most");
        var bytes = Take((int)length);
        try
        {
            var fields = new RecordReader(bytes);
            var seq = fields.Unsigned();
            var first = fields.Unsigned();
            var count = fields.Unsigned();
            var utcMs = fields.Unsigned();
            var head = fields.Raw(32).ToArray();
            if (count > int.MaxValue)
                throw Corrupt($"{count} records are announced");
            turns++;
            return new Turn(seq, first, (int)count, utcMs, head, bytes[fields.Position..], [], null, null);
        }
        catch (CorruptRecordException bad)
        {
            throw Corrupt(bad.Message);
        }
    }

    private void ReadTrailer()
    {
        var announced = Varint();
        if (announced != turns)
            throw Corrupt($"the trailer counts {announced} turns, {turns} were there");
        var expected = hash.GetCurrentHash();
        if (!Take(32).AsSpan().SequenceEqual(expected))
            throw Corrupt("the trailer's hash is not that of the bytes before it");
        if (Fill())
            throw Corrupt("bytes follow the trailer");
    }

    private long Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return (long)value;
        }
        throw Corrupt("a number has more than 63 bits");
    }

    /// <summary>Exactly this many bytes. Grows with what is really there, so an announced length alone allocates nothing.</summary>
    private byte[] Take(int count)
    {
        var taken = new byte[Math.Min(count, ChunkBytes)];
        for (var done = 0; done < count;)
        {
            if (start == end && !Fill())
                throw Corrupt($"the export ends here, {count - done} more bytes were announced");
            if (done == taken.Length)
                Array.Resize(ref taken, (int)Math.Min(count, taken.Length * 2L));
            var now = Math.Min(end - start, taken.Length - done);
            buffer.AsSpan(start, now).CopyTo(taken.AsSpan(done));
            hash.AppendData(buffer, start, now);
            start += now;
            done += now;
            position += now;
        }
        return taken;
    }

    private bool Fill()
    {
        if (start < end)
            return true;
        start = 0;
        end = stream.Read(buffer, 0, buffer.Length);
        return end > 0;
    }

    private CorruptRecordException Corrupt(string what) => new($"export, turn {turns + 1}, byte {position}: {what}");
}
