// A bounded memory of byte records, oldest out first.
namespace DePinEdge.Agent.Session;

/// <summary>Keeps records (sent frames, answered batches) in one buffer of fixed size. Each record is contiguous and has a key, two
/// numbers with the owner's meaning and a mark. When a record does not fit, the oldest go first, but never one whose mark says
/// that it is still needed: then Add says no. Nothing is allocated after construction.</summary>
public sealed class RecordRing
{
    /// <summary>The record may be forgotten.</summary>
    public const byte Settled = 0;
    /// <summary>The record waits to be sent: it is kept.</summary>
    public const byte Waiting = 1;
    /// <summary>The record was sent and not acknowledged yet: it is kept.</summary>
    public const byte InFlight = 2;

    /// <summary>Records that were forgotten to make room.</summary>
    public int Forgotten;

    private readonly byte[] bytes;
    private readonly long[] keys;
    private readonly long[] tags;
    private readonly long[] extras;
    private readonly byte[] marks;
    private readonly int[] starts;
    private readonly int[] counts;
    private int oldest;
    private int used;
    private int writeAt;

    public RecordRing(int capacityBytes, int recordsMax)
    {
        bytes = new byte[capacityBytes];
        keys = new long[recordsMax];
        tags = new long[recordsMax];
        extras = new long[recordsMax];
        marks = new byte[recordsMax];
        starts = new int[recordsMax];
        counts = new int[recordsMax];
    }

    /// <summary>Records held.</summary>
    public int Count => used;

    /// <summary>Adds a copy of source[offset .. offset + count). False when it cannot fit, or not without forgetting a record that is still needed.</summary>
    public bool Add(long key, long tag, long extra, byte mark, byte[] source, int offset, int count)
    {
        if (count > bytes.Length)
            return false;
        int at = Place(count);
        while (at < 0 || used == keys.Length)
        {
            if (marks[oldest] != Settled)
                return false;
            Forgotten++;
            oldest = Step(oldest);
            used--;
            at = Place(count);
        }
        int slot = Slot(used);
        used++;
        keys[slot] = key;
        tags[slot] = tag;
        extras[slot] = extra;
        marks[slot] = mark;
        starts[slot] = at;
        counts[slot] = count;
        System.Array.Copy(source, offset, bytes, at, count);
        writeAt = at + count;
        return true;
    }

    /// <summary>The slot of the newest record under this key, -1 when it is not held.</summary>
    public int Find(long key)
    {
        for (int i = used - 1; i >= 0; i--)
        {
            if (keys[Slot(i)] == key)
                return Slot(i);
        }
        return -1;
    }

    /// <summary>The slot of the oldest record with this mark, -1 when there is none.</summary>
    public int FindMark(byte mark)
    {
        for (int i = 0; i < used; i++)
        {
            if (marks[Slot(i)] == mark)
                return Slot(i);
        }
        return -1;
    }

    /// <summary>Gives every record with one mark another.</summary>
    public void Remark(byte from, byte to)
    {
        for (int i = 0; i < used; i++)
        {
            if (marks[Slot(i)] == from)
                marks[Slot(i)] = to;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        used = 0;
        oldest = 0;
        writeAt = 0;
    }

    /// <summary>Copies a record; returns its length, -1 when it does not fit.</summary>
    public int CopyTo(int slot, byte[] into, int offset)
    {
        if (counts[slot] > into.Length - offset)
            return -1;
        System.Array.Copy(bytes, starts[slot], into, offset, counts[slot]);
        return counts[slot];
    }

    public long KeyAt(int slot) => keys[slot];

    public long TagAt(int slot) => tags[slot];

    public long ExtraAt(int slot) => extras[slot];

    public byte MarkAt(int slot) => marks[slot];

    public void SetMark(int slot, byte mark) => marks[slot] = mark;

    // Where count bytes can go without touching a held record: behind the newest, or at the start once the end is too short; -1 for nowhere.
    private int Place(int count)
    {
        if (used == 0)
            return 0;
        int first = starts[oldest];
        if (writeAt > first)
        {
            if (bytes.Length - writeAt >= count)
                return writeAt;
            return first >= count ? 0 : -1;
        }
        return first - writeAt >= count ? writeAt : -1;
    }

    private int Slot(int i)
    {
        int slot = oldest + i;
        return slot >= keys.Length ? slot - keys.Length : slot;
    }

    private int Step(int slot) => slot + 1 == keys.Length ? 0 : slot + 1;
}
