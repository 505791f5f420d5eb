namespace DePinEdge.Simulation;

/// <summary>How a run ended.</summary>
/// <param name="Failure">Empty: everything held.</param>
/// <param name="Tasks">Results judged.</param>
/// <param name="Refused">Of them, results refused.</param>
/// <param name="FalseAccepted">False results that were paid.</param>
/// <param name="SimulatedMs">How much time passed in it.</param>
/// <param name="TraceHash">Over everything that happened.</param>
/// <param name="Seen">What came into play, and how often.</param>
public sealed record RunResult(ulong Seed, string Failure, long Tasks, long Refused, long FalseAccepted, long SimulatedMs, string TraceHash,
    IReadOnlyDictionary<string, long> Seen)
{
    public bool Ok => Failure.Length == 0;
}
