using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Telemetry;

/// <summary>
/// The last receipts of the whole site, for a page that shows what goes on: the lines of one batch that share a reason are one. Paid
/// and unpaid ones are kept apart, so that a busy fleet does not wash the few refusals away. Starts empty; the ledger has everything.
/// </summary>
public sealed class RecentReceipts
{
    /// <summary>Entries kept of each sort, the oldest go.</summary>
    public const int EachMost = 12;

    private readonly List<BatchReceiptView> paid = [], unpaid = [];

    public void Add(long utcMs, string device, string batch, string job, ReasonCode reason, long fuel, long rewardMicro)
    {
        var kept = reason == ReasonCode.Paid ? paid : unpaid;
        var name = ReasonNames.Of(reason);
        var same = kept.FindLastIndex(entry => entry.Batch == batch && entry.Reason == name);
        var entry = same < 0 ? new BatchReceiptView(utcMs, device, batch, job, name, 0, 0, 0) : kept[same];
        if (same >= 0)
            kept.RemoveAt(same);
        else if (kept.Count == EachMost)
            kept.RemoveAt(0);
        kept.Add(entry with { UtcMs = utcMs, Tasks = entry.Tasks + 1, Fuel = entry.Fuel + fuel, RewardMicro = entry.RewardMicro + rewardMicro });
    }

    /// <summary>All that is kept, newest first.</summary>
    public IReadOnlyList<BatchReceiptView> Newest() => [.. unpaid.Concat(paid).OrderByDescending(entry => entry.UtcMs)];
}
