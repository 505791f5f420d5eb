// A task's linear memory: int[] of little endian words, because boards have no way to read an int out of a byte[] in one
// step. The interpreter's main loop reads and writes aligned words itself; everything else comes here.
namespace DePinEdge.Agent.Tasks;

/// <summary>Bytes of a word array. Addresses and counts are unsigned 32 bit in WebAssembly; a negative int is out of bounds.</summary>
public static class Memory
{
    /// <summary>True when [address, address + count) lies inside; an empty range may end exactly at the edge.</summary>
    public static bool Holds(int[] words, int address, int count)
    {
        var bytes = words.Length << 2;
        return address >= 0 && count >= 0 && address <= bytes && count <= bytes - address;
    }

    /// <summary>Little endian bytes, zero extended; the range must be inside.</summary>
    public static long Read(int[] words, int address, int count)
    {
        long value = 0;
        for (var i = count - 1; i >= 0; i--)
            value = (value << 8) | (long)((words[(address + i) >> 2] >> ((address + i) << 3)) & 255);
        return value;
    }

    /// <summary>Writes the low bytes of a value; the range must be inside.</summary>
    public static void Write(int[] words, int address, int count, long value)
    {
        for (var i = 0; i < count; i++)
        {
            WriteByte(words, address + i, (int)value);
            value >>= 8;
        }
    }

    /// <summary>Writes one byte; the address must be inside.</summary>
    public static void WriteByte(int[] words, int address, int value)
    {
        // C# takes a shift count modulo 32, which is what turns (address << 3) into 8 times the byte's place in its word.
        var shift = (address & 3) << 3;
        words[address >> 2] = (words[address >> 2] & ~(255 << shift)) | ((value & 255) << shift);
    }

    /// <summary>One byte, 0 to 255; the address must be inside.</summary>
    public static int ReadByte(int[] words, int address) => (words[address >> 2] >> (address << 3)) & 255;

    /// <summary>memory.copy: as if through a buffer, whichever way the ranges overlap. Both ranges must be inside.</summary>
    public static void Copy(int[] words, int to, int from, int count)
    {
        if (((to | from | count) & 3) == 0)
        {
            System.Array.Copy(words, from >> 2, words, to >> 2, count >> 2);
            return;
        }

        if (to <= from)
        {
            for (var i = 0; i < count; i++) WriteByte(words, to + i, ReadByte(words, from + i));
        }
        else
        {
            for (var i = count - 1; i >= 0; i--) WriteByte(words, to + i, ReadByte(words, from + i));
        }
    }

    /// <summary>memory.fill; the range must be inside.</summary>
    public static void Fill(int[] words, int to, int value, int count)
    {
        var end = to + count;
        while (to < end && (to & 3) != 0) WriteByte(words, to++, value);
        var word = (value & 255) * 0x01010101;
        while (end - to >= 4)
        {
            words[to >> 2] = word;
            to += 4;
        }

        while (to < end) WriteByte(words, to++, value);
    }
}
