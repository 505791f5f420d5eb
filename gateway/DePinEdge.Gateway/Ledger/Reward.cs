using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// What a task earns: floor(fuel * price * quality * timeliness / 10^18), price in micro-credits per million fuel and both factors
/// in parts per million. The product is taken in 128 bits and rounded down once, so no order of operations can disagree with
/// another. A reward that fits 64 bits has a product below 2^123, hence a product that overflows 128 bits means a reward that
/// cannot be paid at all, never one that was lost on the way.
/// </summary>
public static class Reward
{
    /// <summary>One, in parts per million: full quality, ordinary timeliness.</summary>
    public const int OnePpm = 1_000_000;

    /// <summary>The largest timeliness factor (b_max = 1.5).</summary>
    public const int TimelinessMaxPpm = 1_500_000;

    /// <summary>Share of batches that a device must return to be paid for quickness: 80 %.</summary>
    public const int ReturnedMinPpm = 800_000;

    private static readonly Int128 Scale = 1_000_000_000_000_000_000;

    /// <summary>The reward of one task. Throws <see cref="InvariantException"/> where <see cref="TryMicro"/> says false.</summary>
    public static long Micro(long fuel, long priceMicro, int qualityPpm, int timelinessPpm)
    {
        Invariant.Require(TryMicro(fuel, priceMicro, qualityPpm, timelinessPpm, out var micro),
            $"no reward for {fuel} fuel at {priceMicro} micro-credits, quality {qualityPpm} ppm, timeliness {timelinessPpm} ppm");
        return micro;
    }

    /// <summary>
    /// The reward of one task; false when an argument is out of range (negative, quality above 1,000,000 ppm, timeliness above
    /// 1,500,000 ppm) or the reward does not fit 64 bits.
    /// </summary>
    public static bool TryMicro(long fuel, long priceMicro, int qualityPpm, int timelinessPpm, out long micro)
    {
        micro = 0;
        if (fuel < 0 || priceMicro < 0 || qualityPpm is < 0 or > OnePpm || timelinessPpm is < 0 or > TimelinessMaxPpm)
            return false;
        var cost = (Int128)fuel * priceMicro; // at most 2^126
        var factors = (long)qualityPpm * timelinessPpm;
        if (factors == 0)
            return true;
        if (cost > Int128.MaxValue / factors)
            return false;
        var reward = cost * factors / Scale;
        if (reward > long.MaxValue)
            return false;
        micro = (long)reward;
        return true;
    }

    /// <summary>
    /// What <paramref name="tasks"/> tasks cost at most: each at its whole fuel limit, full quality and the largest timeliness. Each
    /// task's reward is rounded down by itself, so this bound is exact. Throws <see cref="InvariantException"/> where
    /// <see cref="TryReservationMicro"/> says false.
    /// </summary>
    public static long ReservationMicro(long fuelLimit, long priceMicro, int tasks)
    {
        Invariant.Require(TryReservationMicro(fuelLimit, priceMicro, tasks, out var micro),
            $"no reservation for {tasks} tasks of {fuelLimit} fuel at {priceMicro} micro-credits");
        return micro;
    }

    /// <summary>As <see cref="ReservationMicro"/>; false when an argument is negative or the sum does not fit 64 bits.</summary>
    public static bool TryReservationMicro(long fuelLimit, long priceMicro, long tasks, out long micro)
    {
        micro = 0;
        if (tasks < 0 || !TryMicro(fuelLimit, priceMicro, OnePpm, TimelinessMaxPpm, out var one))
            return false;
        var all = (Int128)one * tasks;
        if (all > long.MaxValue)
            return false;
        micro = (long)all;
        return true;
    }

    /// <summary>
    /// The timeliness factor, min(1.5, max(1, sqrt(0.5 * deadline / elapsed))), rounded down to whole parts per million; 1 for a
    /// device that returns less than 80 % of its batches, so that leaving hard batches behind does not pay. It reaches 1.5 at two
    /// ninths of the deadline and 1 at half of it.
    /// </summary>
    /// <param name="elapsedMs">From dispatch to report; 0 or less counts as immediate.</param>
    /// <param name="deadlineMs">The batch's lease.</param>
    /// <param name="returnedPpm">Share of its batches that the device returned in time.</param>
    public static int TimelinessPpm(long elapsedMs, long deadlineMs, int returnedPpm)
    {
        if (returnedPpm < ReturnedMinPpm || deadlineMs <= 0)
            return OnePpm;
        if (elapsedMs <= 0)
            return TimelinessMaxPpm;
        // floor(10^6 * sqrt(x)) = floor(sqrt(floor(10^12 * x)))
        var square = (Int128)deadlineMs * 1_000_000_000_000 / ((Int128)elapsedMs * 2);
        if (square <= (Int128)OnePpm * OnePpm)
            return OnePpm;
        if (square >= (Int128)TimelinessMaxPpm * TimelinessMaxPpm)
            return TimelinessMaxPpm;
        var target = (long)square; // below 2^42: the double's root is off by one at most
        var root = (long)Math.Sqrt(target);
        while (root * root > target)
            root--;
        while ((root + 1) * (root + 1) <= target)
            root++;
        return (int)root;
    }
}
