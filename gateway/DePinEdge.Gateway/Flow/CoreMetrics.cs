namespace DePinEdge.Gateway.Flow;

/// <summary>The core's numbers for /metrics, copied on its thread. Counts since the start of this run; amounts in micro-credits.</summary>
/// <param name="Devices">Devices by state.</param>
/// <param name="Jobs">Jobs kept, by state.</param>
/// <param name="TasksByReason">Tasks judged, by reason's name.</param>
/// <param name="RefusedByReason">What was refused, by reason's name.</param>
/// <param name="LimitsReached">How often each limit was met, by its name.</param>
/// <param name="VerdictBuckets">Verdicts by time since the report; bounds are <see cref="Tally.VerdictBoundsMs"/>, not cumulative.</param>
public sealed record CoreMetrics(
    GatewayCounters Counters, IReadOnlyDictionary<string, long> Devices, IReadOnlyDictionary<string, long> Jobs,
    IReadOnlyDictionary<string, long> TasksByReason, IReadOnlyDictionary<string, long> RefusedByReason, IReadOnlyDictionary<string, long> LimitsReached,
    IReadOnlyList<long> VerdictBuckets, double VerdictSeconds, long TelemetryReports, long FuelPaid, LedgerView Ledger, int RunningJobs, int OpenLeases,
    int WaitingForVerdict, int OpenJoinCodes, int Programs, bool Paused);
