using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>What the verifier knows of one batch that is not settled yet.</summary>
internal sealed class NaiveBatch(BatchDispatched dispatched, NaiveJob job)
{
    public BatchDispatched Dispatched { get; } = dispatched;
    public NaiveJob Job { get; } = job;
    public Int128 Reserved { get; set; }
    public Int128? Due { get; set; }
    public Int128 PostedMicro { get; set; }
    public Int128 ReturnedMicro { get; set; }
    public bool Settled => Due is not null && PostedMicro + ReturnedMicro == Reserved && PostedMicro == Due;
}
