using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>What is different between two states: whole rows that are new or changed, ids of those that are gone; absent means the same.</summary>
public sealed record LiveChange(
    long NowUtcMs, LiveGateway? Gateway, LiveTotals? Totals, LedgerView? Ledger, LiveRows<DeviceView>? Devices, LiveRows<UnitView>? Units,
    LiveRows<JobView>? Jobs, LiveRows<AccountView>? Accounts, IReadOnlyList<BatchReceiptView>? Receipts)
{
    /// <summary>The change from one state to the next; null when they show the same.</summary>
    public static LiveChange? Between(LiveState before, LiveState after)
    {
        var change = new LiveChange(
            after.NowUtcMs, Other(before.Gateway, after.Gateway), Other(before.Totals, after.Totals), Other(before.Ledger, after.Ledger),
            Rows(before.Devices, after.Devices, device => device.Id),
            Rows(before.Units, after.Units, unit => unit.Id),
            Rows(before.Jobs, after.Jobs, job => job.Id),
            Rows(before.Accounts, after.Accounts, account => account.Id),
            before.Receipts.SequenceEqual(after.Receipts) ? null : after.Receipts);
        return change == new LiveChange(after.NowUtcMs, null, null, null, null, null, null, null, null) ? null : change;
    }

    /// <summary>The difference of two lists; null when they hold the same rows.</summary>
    private static LiveRows<T>? Rows<T>(IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, string> id)
        where T : class
    {
        var old = before.ToDictionary(id, StringComparer.Ordinal);
        var set = new List<T>();
        foreach (var row in after)
            if (!old.Remove(id(row), out var was) || !was.Equals(row))
                set.Add(row);
        return set.Count + old.Count == 0 ? null : new LiveRows<T>(set, [.. old.Keys.Order(StringComparer.Ordinal)]);
    }

    private static T? Other<T>(T before, T after)
        where T : class => before.Equals(after) ? null : after;
}

/// <summary>The difference between two lists of rows.</summary>
/// <param name="Set">Rows that are new or changed.</param>
/// <param name="Gone">Ids of rows that are there no more.</param>
public sealed record LiveRows<T>(IReadOnlyList<T> Set, IReadOnlyList<string> Gone);
