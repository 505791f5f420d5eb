using System.Text.Json.Serialization;

namespace DePinEdge.Benchmarks.Hostile;

/// <summary>What a hostile run found.</summary>
internal sealed record HostileReport(
    int Seed, long Packets, long Frames, long Joins, long Requests, long Connections, long ClosedByGateway, double Seconds, double ResidentBefore,
    double ResidentAfter, double ResidentGrowthBound, long HonestTasks, int HonestJobs, long HonestRefused, int HonestHeld, long HonestConnectionsLost, long Watched,
    double ProtocolErrors, double ConnectsRefused, double FramesBad, double JoinsRefused, IReadOnlyDictionary<string, double> RefusedByReason,
    IReadOnlyDictionary<string, double> LimitsReached, string Ledger, IReadOnlyList<string> Problems)
{
    /// <summary>Mutations together.</summary>
    public long Mutations => Packets + Frames + Joins + Requests;
}

/// <summary>The report as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HostileReport))]
internal sealed partial class HostileJson : JsonSerializerContext;
