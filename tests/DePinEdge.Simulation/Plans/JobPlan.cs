namespace DePinEdge.Simulation.Plans;

/// <summary>One job of the primes program: task i counts the primes of the i-th slice.</summary>
/// <param name="Number">From 0; its idempotency key is made of it.</param>
/// <param name="IsRange">A range; otherwise a list of the same inputs.</param>
/// <param name="BadEvery">In a list, every so-manieth input is one that the program refuses; 0: none.</param>
/// <param name="FuelLimit">0: the program's own.</param>
/// <param name="MaxCreditsMicro">0: whatever it can cost.</param>
/// <param name="CancelAtMs">When it is cancelled; <see cref="long.MaxValue"/>: never.</param>
public sealed record JobPlan(
    int Number, string Requester, long AtMs, bool IsRange, long From, int Tasks, uint Width, ulong Limit, int BadEvery, long FuelLimit, long PriceMicro,
    long MaxCreditsMicro, long CancelAtMs)
{
    /// <summary>The requester's key.</summary>
    public string Key => $"job-{Number}";
}
