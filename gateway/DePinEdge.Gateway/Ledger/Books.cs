using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// Balances and nothing else: every move takes from one account what it gives to another, so the sum of all balances stays zero.
/// Only the treasury may be negative, and never by more than 64 bits hold, which bounds every other sum in the ledger.
/// </summary>
internal sealed class Books
{
    private readonly Dictionary<string, long> balances = new(StringComparer.Ordinal);

    public int Count => balances.Count;

    /// <summary>All that was ever issued: credits leave the treasury and never return.</summary>
    public long IssuedMicro => -BalanceMicro(AccountIds.Treasury);

    /// <summary>True when all balances add up to zero; looks at every account.</summary>
    public bool Balanced
    {
        get
        {
            Int128 sum = 0;
            foreach (var balance in balances.Values)
                sum += balance;
            return sum == 0;
        }
    }

    public long BalanceMicro(string account) => balances.GetValueOrDefault(account);

    public bool Contains(string account) => balances.ContainsKey(account);

    /// <summary>Creates the account with a balance of 0 unless it exists.</summary>
    public void Open(string account) => balances.TryAdd(account, 0);

    /// <summary>Forgets an account that is empty.</summary>
    public void Close(string account)
    {
        Invariant.Require(BalanceMicro(account) == 0, $"{account} is closed with a balance");
        balances.Remove(account);
    }

    public bool CanMove(string debit, long amountMicro)
    {
        if (amountMicro < 1 || !balances.TryGetValue(debit, out var balance))
            return false;
        return debit == AccountIds.Treasury ? balance >= -long.MaxValue + amountMicro : balance >= amountMicro;
    }

    public void Move(string debit, string credit, long amountMicro)
    {
        Invariant.Require(amountMicro >= 1, $"a transfer from {debit} moves {amountMicro}");
        Invariant.Require(Contains(debit) && Contains(credit) && debit != credit, $"a transfer joins {debit} and {credit}");
        Invariant.Require(CanMove(debit, amountMicro), $"{debit} holds {BalanceMicro(debit)}, {amountMicro} should leave it");
        balances[debit] = checked(balances[debit] - amountMicro);
        balances[credit] = checked(balances[credit] + amountMicro);
    }

    public AccountBalance[] Sorted()
    {
        var all = new AccountBalance[balances.Count];
        var i = 0;
        foreach (var (account, balance) in balances)
            all[i++] = new AccountBalance(account, balance);
        Array.Sort(all, static (a, b) => string.CompareOrdinal(a.Account, b.Account));
        return all;
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(Count);
        foreach (var (account, balance) in Sorted())
        {
            w.Text(account);
            w.Signed(balance);
        }
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        balances.Clear();
        var before = "";
        for (var left = r.Count(2); left > 0; left--)
        {
            var account = r.Text();
            var balance = r.Signed();
            if (string.CompareOrdinal(before, account) >= 0 || AccountIds.ClassOf(account) == AccountClass.Unknown)
                throw r.Corrupt($"account {account} is unknown or out of order");
            if (account == AccountIds.Treasury ? balance is > 0 or long.MinValue : balance < 0)
                throw r.Corrupt($"account {account} holds {balance}");
            balances.Add(account, balance);
            before = account;
        }
        if (!Balanced)
            throw r.Corrupt("the balances do not add up to zero");
    }
}
