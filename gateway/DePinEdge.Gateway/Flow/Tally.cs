namespace DePinEdge.Gateway.Flow;

/// <summary>
/// What the core has counted since its start, for /metrics: verdicts by reason, limits that were met, the time from a
/// report to its verdict. Nothing is decided by it and nothing of it is durable. Owned by the core's thread.
/// </summary>
public sealed class Tally
{
    /// <summary>Upper bounds of <see cref="VerdictBuckets"/>, milliseconds; one more bucket holds the rest.</summary>
    public static readonly long[] VerdictBoundsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000];

    private readonly long[] limits = new long[Enum.GetValues<GatewayLimit>().Length];
    private readonly long[] tasks = new long[byte.MaxValue + 1];
    private readonly long[] verdictBuckets = new long[VerdictBoundsMs.Length + 1];

    // One for each report without a verdict; those whose lease ended meanwhile get none and go with the next clearing.
    private const int ReportedMost = 20_000;
    private readonly Dictionary<BatchId, long> reportedAtMs = [];

    /// <summary>Verdicts on batches, each bucket's own count (not cumulative).</summary>
    public IReadOnlyList<long> VerdictBuckets => verdictBuckets;

    /// <summary>Milliseconds from reports to verdicts, together.</summary>
    public long VerdictMsTotal { get; private set; }

    /// <summary>Telemetry reports taken.</summary>
    public long TelemetryReports { get; private set; }

    /// <summary>Fuel of paid tasks.</summary>
    public long FuelPaid { get; private set; }

    public long Of(GatewayLimit limit) => limits[(int)limit];

    /// <summary>Tasks judged with this reason.</summary>
    public long Tasks(ReasonCode reason) => tasks[(byte)reason];

    public void Count(GatewayLimit limit, long times = 1) => limits[(int)limit] += times;

    /// <summary>Counts the limit that a refusal names, if it names one; the refusal itself comes back.</summary>
    public Problem Of(Problem problem)
    {
        if (problem.Limit is { } limit)
            Count(limit);
        return problem;
    }

    /// <summary>Telemetry was taken. Messages are counted on their way: each of these gives back what it was given.</summary>
    public TelemetryReported Counted(TelemetryReported message)
    {
        TelemetryReports++;
        return message;
    }

    /// <summary>A report was taken for judging.</summary>
    public ResultReceived Counted(ResultReceived message, long nowMs)
    {
        if (reportedAtMs.Count >= ReportedMost)
            reportedAtMs.Clear();
        reportedAtMs[message.Batch] = nowMs;
        return message;
    }

    /// <summary>Its verdict came.</summary>
    public BatchJudged Counted(BatchJudged judged, long nowMs)
    {
        foreach (var line in judged.Lines)
        {
            tasks[(byte)line.Reason]++;
            if (line.Reason == ReasonCode.Paid)
                FuelPaid += line.Fuel;
        }
        if (!reportedAtMs.Remove(judged.Batch, out var reported))
            return judged;
        var ms = nowMs - reported;
        var bucket = Array.FindIndex(VerdictBoundsMs, bound => ms <= bound);
        verdictBuckets[bucket < 0 ? VerdictBoundsMs.Length : bucket]++;
        VerdictMsTotal += ms;
        return judged;
    }
}
