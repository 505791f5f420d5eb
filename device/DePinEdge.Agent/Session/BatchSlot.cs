// One batch that waits or runs.
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>A place in the batch queue: a copy of the batch's body and what was read from it.</summary>
public sealed class BatchSlot
{
    /// <summary>What the body says; its views point into this slot's own bytes.</summary>
    public readonly Batch Batch = new Batch();
    /// <summary>False: the place is free.</summary>
    public bool Taken;
    /// <summary>When the lease passes.</summary>
    public long LeaseEndMs;
    /// <summary>Order of arrival.</summary>
    public long Order;

    private readonly byte[] bytes = new byte[FrameLimits.BodyBytesMax];

    /// <summary>Copies and reads a body that was already found well formed.</summary>
    public void Take(byte[] body, int offset, int count, long leaseEndMs, long order)
    {
        System.Array.Copy(body, offset, bytes, 0, count);
        Taken = Batch.Decode(bytes, 0, count);
        LeaseEndMs = leaseEndMs;
        Order = order;
    }
}
