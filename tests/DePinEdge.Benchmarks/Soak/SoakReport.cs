using System.Text.Json.Serialization;

namespace DePinEdge.Benchmarks.Soak;

/// <summary>What a soak run found. Bytes, seconds, shares of a core; rates over the measured span.</summary>
internal sealed record SoakReport(
    int Boards, bool FlatOut, double Seconds, long Tasks, double TasksPerSecond, long Jobs, double TelemetryPerSecond, double CpuShareOfCore,
    double CpuSecondsPerThousandTasks, double ResidentStart, double ResidentOneMinute, double ResidentEnd, double ResidentSlopePerMinute, double SlopeBoundPerMinute,
    bool MemoryFlat, double WrittenBytesPerTask, double TurnBytesPerTask, double BlobBytesPerTask, double SnapshotBytes, double CommitsPerSecond,
    double VerdictP50Seconds, double VerdictP99Seconds, long TasksRefused, long LimitsReached, IReadOnlyList<string> Problems)
{
    /// <summary>No job went wrong, nothing was refused, no fault was logged, and memory is flat.</summary>
    public bool Good => Problems.Count == 0 && MemoryFlat && TasksRefused == 0;
}

/// <summary>The report as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SoakReport))]
internal sealed partial class SoakJson : JsonSerializerContext;
