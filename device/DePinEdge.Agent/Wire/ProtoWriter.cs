// Writes protobuf fields into a caller's buffer without allocating.
namespace DePinEdge.Agent.Wire;

/// <summary>The writing half of the hand codec: static methods that take a position and return the next one. -1 means "does not fit or
/// must not be written" and sticks: every method passes it on, so that a message checks once at its end. proto3's rule holds:
/// a value equal to its default is not written. Source: protobuf encoding specification.</summary>
public static class ProtoWriter
{
    /// <summary>Bytes that a varint takes, 1 to 10.</summary>
    public static int VarintBytes(long value)
    {
        ulong v = (ulong)value;
        int bytes = 1;
        while (v >= 0x80)
        {
            v >>= 7;
            bytes++;
        }
        return bytes;
    }

    /// <summary>A bare varint; negative numbers take ten bytes.</summary>
    public static int Varint(byte[] buffer, int at, long value)
    {
        if (at < 0)
            return -1;
        ulong v = (ulong)value;
        while (v >= 0x80)
        {
            if (at >= buffer.Length)
                return -1;
            buffer[at++] = (byte)(v | 0x80);
            v >>= 7;
        }
        if (at >= buffer.Length)
            return -1;
        buffer[at++] = (byte)v;
        return at;
    }

    /// <summary>A number that is never negative (uint32, uint64). A negative value is a caller's mistake: -1.</summary>
    public static int Unsigned(byte[] buffer, int at, int field, long value)
    {
        if (value == 0)
            return at;
        if (value < 0)
            return -1;
        return Varint(buffer, Varint(buffer, at, field << 3), value);
    }

    /// <summary>A number of either sign (sint32, sint64), zigzag.</summary>
    public static int Signed(byte[] buffer, int at, int field, long value)
    {
        if (value == 0)
            return at;
        return Varint(buffer, Varint(buffer, at, field << 3), ZigZag(value));
    }

    /// <summary>A bytes field copied from <paramref name="data"/>.</summary>
    public static int Bytes(byte[] buffer, int at, int field, byte[] data, int offset, int count)
    {
        if (count == 0)
            return at;
        at = Length(buffer, at, field, count);
        if (at < 0 || count > buffer.Length - at)
            return -1;
        System.Array.Copy(data, offset, buffer, at, count);
        return at + count;
    }

    /// <summary>A bytes field of one exact length; null or another length: -1.</summary>
    public static int Exact(byte[] buffer, int at, int field, byte[] data, int count)
    {
        if (data == null || data.Length != count)
            return -1;
        return Bytes(buffer, at, field, data, 0, count);
    }

    /// <summary>A string field of at most <paramref name="countMax"/> printable ASCII characters; anything else: -1. Null is empty.</summary>
    public static int Text(byte[] buffer, int at, int field, string text, int countMax)
    {
        int count = text == null ? 0 : text.Length;
        if (count == 0)
            return at;
        if (count > countMax)
            return -1;
        at = Length(buffer, at, field, count);
        if (at < 0 || count > buffer.Length - at)
            return -1;
        for (int i = 0; i < count; i++)
        {
            char c = text[i];
            if (c < ' ' || c > '~')
                return -1;
            buffer[at++] = (byte)c;
        }
        return at;
    }

    /// <summary>Tag and length of a length-delimited field whose <paramref name="count"/> bytes the caller writes next.</summary>
    public static int Length(byte[] buffer, int at, int field, int count) =>
        Varint(buffer, Varint(buffer, at, (field << 3) | 2), count);

    /// <summary>Small numbers of either sign as small unsigned ones.</summary>
    public static long ZigZag(long value) => (value << 1) ^ (value >> 63);
}
