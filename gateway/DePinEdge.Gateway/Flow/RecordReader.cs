using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace DePinEdge.Gateway.Flow;

/// <summary>
/// Reads what <see cref="RecordWriter"/> wrote. Stored bytes are checked, not trusted: anything that does not fit throws
/// <see cref="CorruptRecordException"/> with the offset, and no allocation is larger than the bytes that are there.
/// </summary>
public ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int position;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => position;

    /// <summary>True when every byte has been read.</summary>
    public readonly bool AtEnd => position == bytes.Length;

    public byte Byte() => Raw(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw Corrupt($"a flag holds {other}"),
    };

    public long Unsigned()
    {
        var value = Varint();
        return value <= long.MaxValue ? (long)value : throw Corrupt("a count is larger than 2^63 - 1");
    }

    /// <summary>As <see cref="Unsigned"/>, at most 2^31 - 1.</summary>
    public int Int()
    {
        var value = Unsigned();
        return value <= int.MaxValue ? (int)value : throw Corrupt("a count is larger than 2^31 - 1");
    }

    /// <summary>A count of things of at least <paramref name="bytesEach"/> bytes each: more than could be there is refused.</summary>
    public int Count(int bytesEach = 1)
    {
        var count = Unsigned();
        return count <= (bytes.Length - position) / Math.Max(1, bytesEach)
            ? (int)count
            : throw Corrupt($"{count} items announced, {bytes.Length - position} bytes left");
    }

    public long Signed()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>As <see cref="Signed"/>, within 32 bits.</summary>
    public int SignedInt()
    {
        var value = Signed();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Corrupt("a number has more than 32 bits");
    }

    public ReadOnlySpan<byte> Raw(int count)
    {
        if (count < 0 || count > bytes.Length - position)
            throw Corrupt($"{count} bytes wanted, {bytes.Length - position} left");
        var span = bytes.Slice(position, count);
        position += count;
        return span;
    }

    public byte[] Bytes() => Raw(Count()).ToArray();

    public string Text()
    {
        var utf8 = Raw(Count());
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw Corrupt("a text is not UTF-8");
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Raw(8));

    /// <summary>Requires that nothing follows.</summary>
    public readonly void End()
    {
        if (!AtEnd)
            throw Corrupt($"{bytes.Length - position} bytes too many");
    }

    public readonly CorruptRecordException Corrupt(string what) => new($"{what} (byte {position})");

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            if (shift == 63 && part > 1)
                break;
            value |= (ulong)(part & 0x7F) << shift;
            if (part >= 0x80)
                continue;
            // A last byte of zero adds nothing: the same number has a shorter form, and one value has one encoding.
            return part > 0 || shift == 0 ? value : throw Corrupt("a number is longer than it need be");
        }
        throw Corrupt("a number has more than 64 bits");
    }
}

/// <summary>Stored bytes that do not say what they must: a damaged file, or one of another version.</summary>
public sealed class CorruptRecordException(string message) : Exception(message);
