// The batches that a board holds, as many as its window grants.
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>A fixed number of batch places. The gateway never sends more than the window; a batch past it finds no place.</summary>
public sealed class BatchQueue
{
    private readonly BatchSlot[] slots;
    private long arrivals;

    public BatchQueue(int window)
    {
        slots = new BatchSlot[window];
        for (int i = 0; i < window; i++)
            slots[i] = new BatchSlot();
    }

    /// <summary>Places, taken or free.</summary>
    public int Capacity => slots.Length;

    /// <summary>Batches held.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < slots.Length; i++)
            {
                if (slots[i].Taken)
                    count++;
            }
            return count;
        }
    }

    /// <summary>The place of a batch, null when it is not held.</summary>
    public BatchSlot Find(long batchId)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i].Taken && slots[i].Batch.BatchId == batchId)
                return slots[i];
        }
        return null;
    }

    /// <summary>Copies a batch's body into a free place; false when there is none.</summary>
    public bool Add(byte[] body, int offset, int count, long leaseEndMs)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            if (!slots[i].Taken)
            {
                slots[i].Take(body, offset, count, leaseEndMs, arrivals++);
                return true;
            }
        }
        return false;
    }

    /// <summary>The batch that arrived first among those that arrived after the given order (-1: among all); null when there is none.</summary>
    public BatchSlot NextAfter(long order)
    {
        BatchSlot next = null;
        for (int i = 0; i < slots.Length; i++)
        {
            BatchSlot slot = slots[i];
            if (slot.Taken && slot.Order > order && (next == null || slot.Order < next.Order))
                next = slot;
        }
        return next;
    }

    /// <summary>True when a batch that is held needs this program.</summary>
    public bool Needs(byte[] programHash)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i].Taken && KeyDerivation.Same(slots[i].Batch.ProgramHash, 0, programHash, 0, FrameLimits.HashBytes))
                return true;
        }
        return false;
    }
}
