using System.Text.Json.Serialization;

namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>The two shapes of the live stream, named as the API names its own.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveState))]
[JsonSerializable(typeof(LiveChange))]
internal sealed partial class LiveJson : JsonSerializerContext;
