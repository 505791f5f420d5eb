using System.Buffers.Binary;
using System.Text;

namespace DePinEdge.Gateway.Flow;

/// <summary>
/// Appends the compact fields that records and snapshots are made of: LEB128 varints, zig-zag for signed, length before bytes and
/// text (UTF-8). One value has one encoding, so equal states give equal bytes.
/// </summary>
public sealed class RecordWriter
{
    private byte[] bytes = new byte[256];

    /// <summary>Bytes written so far.</summary>
    public int Count { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>A count, an index or an amount: zero or more.</summary>
    public void Unsigned(long value)
    {
        Invariant.Require(value >= 0, "an unsigned field is negative");
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }
        Byte((byte)rest);
    }

    /// <summary>A number that may be negative, zig-zag coded.</summary>
    public void Signed(long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }
        Byte((byte)rest);
    }

    /// <summary>Exactly these bytes, no length before them: for fields of a fixed size.</summary>
    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Unsigned(value.Length);
        Raw(value);
    }

    public void Text(string value)
    {
        Unsigned(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, Take(Encoding.UTF8.GetByteCount(value)));
    }

    /// <summary>Eight bytes little endian, for values that are usually large.</summary>
    public void Fixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    private Span<byte> Take(int count)
    {
        if (Count + count > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Count + count));
        var span = bytes.AsSpan(Count, count);
        Count += count;
        return span;
    }
}
