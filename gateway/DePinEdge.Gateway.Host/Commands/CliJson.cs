using System.Text.Json.Serialization;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>JSON of the commands that work without a gateway.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgramCheck))]
[JsonSerializable(typeof(ProgramRun))]
[JsonSerializable(typeof(ProgramFolder))]
[JsonSerializable(typeof(SampleInput))]
[JsonSerializable(typeof(LedgerCheck))]
[JsonSerializable(typeof(ExportDone))]
[JsonSerializable(typeof(BrokerSummary))]
[JsonSerializable(typeof(ReasonExplained))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>An enum's name as the manifest spells it.</summary>
    public static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
