using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>Open leases, by batch, by device and by deadline; and how the last ones ended, to tell a late report from a repeated one.</summary>
public sealed class LeaseTable
{
    private const int EndedRemembered = 4_096;

    private readonly SortedDictionary<long, Lease> leases = [];
    private readonly Dictionary<string, SortedSet<long>> byDevice = new(StringComparer.Ordinal);
    private readonly PriorityQueue<long, long> deadlines = new();
    private readonly Dictionary<long, (ReasonCode How, DeviceId Device)> ended = [];
    private readonly Queue<long> endedOrder = new();

    /// <summary>The number the next batch gets.</summary>
    public long Next { get; private set; } = 1;

    public IEnumerable<Lease> All => leases.Values;

    /// <summary>Answers that are being recomputed.</summary>
    public int Reported { get; set; }

    public Lease? Find(BatchId batch) => leases.GetValueOrDefault(batch.Number);

    public int OpenOf(string device) => byDevice.TryGetValue(device, out var open) ? open.Count : 0;

    /// <summary>A device's open leases in batch order; a copy.</summary>
    public Lease[] Of(string device) => byDevice.TryGetValue(device, out var open) ? [.. open.Select(number => leases[number])] : [];

    /// <summary>How a device's batch ended: paid, late, expired; <see cref="ReasonCode.NotAsked"/> for a number that was never given out, and
    /// for another device's batch while that is remembered.</summary>
    public ReasonCode EndOf(BatchId batch, DeviceId device) =>
        batch.Number >= Next || batch.Number < 1 ? ReasonCode.NotAsked
        : !ended.TryGetValue(batch.Number, out var end) ? ReasonCode.Duplicate
        : end.Device == device ? end.How : ReasonCode.NotAsked;

    public void Opened(BatchDispatched batch)
    {
        Invariant.Require(batch.Batch.Number == Next, $"batch {batch.Batch} is not the next");
        Next++;
        Insert(new Lease(batch));
    }

    public void Ended(BatchId batch, ReasonCode how)
    {
        Invariant.Require(leases.Remove(batch.Number, out var lease), $"batch {batch} has no open lease");
        var open = byDevice[lease.Batch.Device.Value];
        open.Remove(batch.Number);
        if (open.Count == 0)
            byDevice.Remove(lease.Batch.Device.Value);
        if (lease.Reported)
            Reported--;
        ended[batch.Number] = (how, lease.Batch.Device);
        endedOrder.Enqueue(batch.Number);
        if (endedOrder.Count > EndedRemembered)
            ended.Remove(endedOrder.Dequeue());
    }

    /// <summary>Starts (or restarts) the clock of a lease.</summary>
    public void Arm(Lease lease, long nowMs)
    {
        lease.SentMs = nowMs;
        lease.DeadlineMs = nowMs + lease.Batch.LeaseMs;
        deadlines.Enqueue(lease.Batch.Batch.Number, lease.DeadlineMs);
    }

    /// <summary>When the next lease may run out; <see cref="long.MaxValue"/> without one.</summary>
    public long NextDeadlineMs => deadlines.TryPeek(out _, out var at) ? at : long.MaxValue;

    /// <summary>The next lease whose time is over at <paramref name="nowMs"/> (the deadline itself still counts as in time), or null.</summary>
    public Lease? TakeExpired(long nowMs)
    {
        while (deadlines.TryPeek(out var number, out var at) && at < nowMs)
        {
            deadlines.Dequeue();
            if (leases.TryGetValue(number, out var lease) && !lease.Reported && lease.DeadlineMs == at)
                return lease;
        }
        return null;
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(Next);
        w.Unsigned(leases.Count);
        foreach (var lease in leases.Values)
            lease.Batch.WriteFields(w);
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        Next = r.Unsigned();
        for (var n = r.Count(); n > 0; n--)
            Insert(new Lease(BatchDispatched.Read(ref r)));
    }

    private void Insert(Lease lease)
    {
        leases.Add(lease.Batch.Batch.Number, lease);
        if (!byDevice.TryGetValue(lease.Batch.Device.Value, out var open))
            byDevice[lease.Batch.Device.Value] = open = [];
        open.Add(lease.Batch.Batch.Number);
    }
}
