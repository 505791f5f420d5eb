using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>A batch's right to be worked on by one device until a deadline.</summary>
public sealed class Lease(BatchDispatched batch)
{
    public BatchDispatched Batch { get; } = batch;

    /// <summary>Not durable: a restart gives every open lease its whole length again, because the gateway was away, not the board.</summary>
    public long DeadlineMs { get; set; }

    /// <summary>Not durable: when it went out in this run.</summary>
    public long SentMs { get; set; }

    /// <summary>Not durable: the answer is here and is being recomputed; the lease no longer runs out.</summary>
    public bool Reported { get; set; }
}
