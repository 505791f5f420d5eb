using DePinEdge.Gateway.Flow;

namespace DePinEdge.Simulation.Audit;

/// <summary>A batch that is out.</summary>
public sealed class AuditedLease(BatchDispatched batch, long deadlineMs)
{
    public BatchDispatched Batch { get; } = batch;

    /// <summary>When it must have ended, simulated ms, unless an answer is being looked at; later after a restart.</summary>
    public long DeadlineMs { get; set; } = deadlineMs;

    /// <summary>The gateway restarted while it was open.</summary>
    public bool Rearmed { get; set; }
}
