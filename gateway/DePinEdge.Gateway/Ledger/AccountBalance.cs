namespace DePinEdge.Gateway.Ledger;

/// <summary>One account's balance in micro-credits; negative for the treasury only.</summary>
public readonly record struct AccountBalance(string Account, long BalanceMicro);
