namespace DePinEdge.Gateway.Flow;

/// <summary>What scheduling must know of money to plan a batch; the core answers it from the ledger.</summary>
public interface IBudget
{
    /// <summary>What is left in a job's escrow, micro-credits.</summary>
    long EscrowLeftMicro(JobId job);

    /// <summary>The most that so many tasks can cost, micro-credits.</summary>
    long ReservationMicro(long fuelLimit, long priceMicro, int tasks);

    /// <summary>The reward of one accepted task, micro-credits.</summary>
    long RewardMicro(long fuel, long priceMicro, int qualityPpm, int timelinessPpm);
}
