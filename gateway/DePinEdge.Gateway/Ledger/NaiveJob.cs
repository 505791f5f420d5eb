using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>What the verifier knows of one job: its sums, and which of its tasks were paid.</summary>
internal sealed class NaiveJob(JobSubmitted submitted)
{
    private Dictionary<long, ulong>? paid = [];

    public JobSubmitted Submitted { get; } = submitted;
    public Int128 Escrowed { get; set; }
    public Int128 Refunded { get; set; }
    public Int128 PostedMicro { get; set; }
    public bool Ended { get; set; }
    public int OpenBatches { get; set; }
    public long TasksPaid { get; private set; }

    /// <summary>False when the task was paid before, or its job and all its batches are closed.</summary>
    public bool MarkPaid(long task)
    {
        if (paid is null)
            return false;
        var word = paid.GetValueOrDefault(task / 64);
        var bit = 1UL << (int)(task % 64);
        paid[task / 64] = word | bit;
        TasksPaid += (word & bit) == 0 ? 1 : 0;
        return (word & bit) == 0;
    }

    /// <summary>No batch of it can come any more, so its marks are not needed.</summary>
    public void ForgetTasks() => paid = null;
}
