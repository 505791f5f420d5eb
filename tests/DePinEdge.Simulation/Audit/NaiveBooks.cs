using System.Numerics;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Simulation.Audit;

/// <summary>
/// Accounts without any cleverness: what must be booked next is predicted from the other records, and every transfer must be one of
/// those that are due, once.
/// </summary>
public sealed class NaiveBooks
{
    private readonly Dictionary<(TransferKind Kind, long Reference, string Credit), (string Debit, BigInteger Amount)> due = [];
    private readonly HashSet<(TransferKind, long, string)> booked = [];
    private readonly SortedDictionary<string, BigInteger> balances = new(StringComparer.Ordinal);

    /// <summary>Every account that ever had credits.</summary>
    public IReadOnlyDictionary<string, BigInteger> Balances => balances;

    /// <summary>All that was posted to devices.</summary>
    public BigInteger Posted { get; private set; }

    public BigInteger BalanceOf(string account) => balances.GetValueOrDefault(account);

    /// <summary>A transfer that must follow within the turn; nothing for an amount of 0.</summary>
    public void Expect(TransferKind kind, long reference, string debit, string credit, BigInteger amount)
    {
        if (amount > 0)
            due.Add((kind, reference, credit), (debit, amount));
    }

    /// <summary>A transfer as it was recorded.</summary>
    public void Book(Transferred t)
    {
        var key = (t.Kind, t.Reference, t.Credit);
        SimulationException.Require(booked.Add(key), $"{t.Kind} {t.Reference} to {t.Credit} was booked before");
        SimulationException.Require(due.Remove(key, out var expected), $"{t.Kind} {t.Reference} of {t.AmountMicro} to {t.Credit} is not due");
        SimulationException.Require(expected.Debit == t.Debit && expected.Amount == t.AmountMicro,
            $"{t.Kind} {t.Reference} moves {t.AmountMicro} from {t.Debit}, predicted {expected.Amount} from {expected.Debit}");
        balances[t.Debit] = BalanceOf(t.Debit) - t.AmountMicro;
        balances[t.Credit] = BalanceOf(t.Credit) + t.AmountMicro;
        SimulationException.Require(t.Kind == TransferKind.Issue || balances[t.Debit] >= 0, $"{t.Debit} is overdrawn: {balances[t.Debit]}");
        if (t.Kind == TransferKind.Post)
            Posted += t.AmountMicro;
    }

    /// <summary>Nothing may be due at the end of a turn.</summary>
    public void RequireSettled()
    {
        foreach (var (key, what) in due)
            throw new SimulationException($"{key.Kind} {key.Reference} of {what.Amount} to {key.Credit} was due and is not booked");
    }

    /// <summary>Everything of some kind of account together.</summary>
    public BigInteger Sum(string prefix)
    {
        var sum = BigInteger.Zero;
        foreach (var (account, balance) in balances)
            if (account.StartsWith(prefix, StringComparison.Ordinal))
                sum += balance;
        return sum;
    }
}
