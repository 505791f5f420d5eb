// Walks over protobuf fields in a caller's buffer without copying.
namespace DePinEdge.Agent.Wire;

/// <summary>The reading half of the hand codec: a cursor over one message. <see cref="Next"/> reads a whole field, so a field that
/// nobody asks for is skipped by doing nothing, and one with a wrong wire type counts as unknown (its <see cref="Tag"/> differs).
/// Malformed input ends the walk with <see cref="Failed"/> set; nothing throws. Source: protobuf encoding specification.</summary>
public sealed class ProtoReader
{
    /// <summary>field &lt;&lt; 3 | wire type: 0 varint, 1 fixed64, 2 bytes, 5 fixed32.</summary>
    public int Tag;
    /// <summary>The number of a varint or fixed field, as 64 bits.</summary>
    public long Value;
    /// <summary>Where the bytes of a wire type 2 field start, in the buffer given to Begin.</summary>
    public int Offset;
    /// <summary>How many bytes they are.</summary>
    public int Count;
    /// <summary>True once something did not parse, or a field was refused by <see cref="Refuse"/>.</summary>
    public bool Failed;

    private byte[] buffer;
    private int at;
    private int end;

    /// <summary>Sets the cursor before the first field. The bounds are checked here once.</summary>
    public void Begin(byte[] source, int offset, int count)
    {
        buffer = source;
        Failed = source == null || offset < 0 || count < 0 || offset > source.Length - count;
        at = offset;
        end = Failed ? offset : offset + count;
    }

    /// <summary>Reads the next field. False at the end or on malformed input.</summary>
    public bool Next()
    {
        if (Failed || at == end)
            return false;
        long tag = Varint();
        // Field number 0 is not allowed, and no schema of ours goes past 2^27.
        if (Failed || tag < 8 || tag > int.MaxValue)
            return Refuse();
        Tag = (int)tag;
        switch (Tag & 7)
        {
            case 0:
                Value = Varint();
                return !Failed;
            case 1:
                return Fixed(8);
            case 2:
                long count = Varint();
                if (Failed || count < 0 || count > end - at)
                    return Refuse();
                Offset = at;
                Count = (int)count;
                at += Count;
                return true;
            case 5:
                return Fixed(4);
            default:
                return Refuse();
        }
    }

    /// <summary>The value as a number that is never negative and fits an int; anything else makes the message malformed.</summary>
    public int Int()
    {
        if (Value < 0 || Value > int.MaxValue)
        {
            Refuse();
            return 0;
        }
        return (int)Value;
    }

    /// <summary>The value as a number that is never negative; anything else makes the message malformed.</summary>
    public long Long()
    {
        if (Value < 0)
        {
            Refuse();
            return 0;
        }
        return Value;
    }

    /// <summary>The value as a zigzag number of 32 bits; anything wider makes the message malformed.</summary>
    public int SignedInt()
    {
        long value = UnZigZag(Value);
        if (value < int.MinValue || value > int.MaxValue)
        {
            Refuse();
            return 0;
        }
        return (int)value;
    }

    /// <summary>Copies a bytes field of one exact length; another length makes the message malformed.</summary>
    public void Exact(byte[] into)
    {
        if (Count != into.Length)
            Refuse();
        else
            System.Array.Copy(buffer, Offset, into, 0, Count);
    }

    /// <summary>A string field of at most <paramref name="countMax"/> printable ASCII characters; anything else makes the message malformed.</summary>
    public string Text(int countMax)
    {
        if (Count > countMax)
        {
            Refuse();
            return "";
        }
        char[] text = new char[Count];
        for (int i = 0; i < Count; i++)
        {
            byte c = buffer[Offset + i];
            if (c < (byte)' ' || c > (byte)'~')
            {
                Refuse();
                return "";
            }
            text[i] = (char)c;
        }
        return new string(text);
    }

    /// <summary>Marks the message as malformed; returns false so that a caller can return it.</summary>
    public bool Refuse()
    {
        Failed = true;
        at = end;
        return false;
    }

    /// <summary>Undoes <see cref="ProtoWriter.ZigZag"/>.</summary>
    public static long UnZigZag(long value) => (long)((ulong)value >> 1) ^ (0 - (value & 1));

    private long Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (at == end)
                break;
            byte b = buffer[at++];
            if (shift == 63 && b > 1)
                break;
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return (long)value;
        }
        Refuse();
        return 0;
    }

    private bool Fixed(int bytes)
    {
        if (end - at < bytes)
            return Refuse();
        ulong value = 0;
        for (int i = 0; i < bytes; i++)
            value |= (ulong)buffer[at + i] << (8 * i);
        Value = (long)value;
        at += bytes;
        return true;
    }
}
