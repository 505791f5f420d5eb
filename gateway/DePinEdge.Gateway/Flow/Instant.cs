namespace DePinEdge.Gateway.Flow;

/// <summary>
/// The moment at which an input is handled. The shell reads its clocks once per input and passes both readings down, so that the
/// core never asks for the time and a simulated core lives in simulated time.
/// </summary>
/// <param name="Ms">Milliseconds of a clock that never goes back within one run; every deadline is compared with it.</param>
/// <param name="UtcMs">Milliseconds since 1970-01-01 UTC, for records and people; may jump when an operator sets the clock.</param>
public readonly record struct Instant(long Ms, long UtcMs)
{
    /// <summary>UTC seconds, the unit of every JSON payload.</summary>
    public long UtcSeconds => UtcMs / 1000;
}
