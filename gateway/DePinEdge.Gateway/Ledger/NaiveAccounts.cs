using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>The verifier's balances: 128-bit sums in one table, moved even when a rule was broken, so that the rest can be checked.</summary>
/// <param name="note">Receives each contradiction.</param>
internal sealed class NaiveAccounts(Action<string> note)
{
    private readonly Dictionary<string, Int128> balances = new(StringComparer.Ordinal);

    public bool Contains(string account) => balances.ContainsKey(account);

    public Int128 Balance(string account) => balances.GetValueOrDefault(account);

    public void Open(string account) => balances.TryAdd(account, 0);

    public void Move(Transferred t)
    {
        // Devices' accounts come from joining, all others from the first transfer that their kind allows.
        if (!Contains(t.Credit) && AccountIds.TryGetDevice(t.Credit, out var device))
            note($"{t.Kind} {t.Reference} credits {device}, which never joined");
        Open(t.Debit);
        Open(t.Credit);
        var left = balances[t.Debit] -= t.AmountMicro;
        balances[t.Credit] += t.AmountMicro;
        if (left < 0 && t.Debit != AccountIds.Treasury)
            note($"{t.Kind} {t.Reference} leaves {left} in {t.Debit}");
        if (left < -long.MaxValue)
            note($"{t.Kind} {t.Reference} issues more than 64 bits hold");
    }

    /// <summary>Checks that the books balance and that devices have what was posted to them.</summary>
    public void EndHistory(Int128 posted)
    {
        Int128 sum = 0;
        Int128 devices = 0;
        foreach (var (account, balance) in balances)
        {
            sum += balance;
            if (AccountIds.TryGetDevice(account, out _))
                devices += balance;
        }
        if (sum != 0)
            note($"all balances add up to {sum}");
        if (devices != posted)
            note($"{posted} was posted, devices have {devices}");
    }

    public List<AccountBalance> Sorted()
    {
        var all = new List<AccountBalance>(balances.Count);
        foreach (var (account, balance) in balances)
            all.Add(new AccountBalance(account, long.CreateSaturating(balance)));
        all.Sort(static (a, b) => string.CompareOrdinal(a.Account, b.Account));
        return all;
    }
}
