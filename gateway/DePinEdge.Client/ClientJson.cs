using System.Text.Json.Serialization;

namespace DePinEdge.Client;

/// <summary>The shapes of the API, compiled at build. Members that a newer gateway adds are passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Invite))]
[JsonSerializable(typeof(Device))]
[JsonSerializable(typeof(List<Device>))]
[JsonSerializable(typeof(List<Receipt>))]
[JsonSerializable(typeof(List<Unit>))]
[JsonSerializable(typeof(ProgramEntry))]
[JsonSerializable(typeof(List<ProgramEntry>))]
[JsonSerializable(typeof(JobSubmission))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(List<Job>))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(Estimate))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(List<Account>))]
[JsonSerializable(typeof(LedgerInfo))]
public sealed partial class ClientJson : JsonSerializerContext;

/// <summary>What only this library sends and reads.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(InviteBody))]
[JsonSerializable(typeof(IssueBody))]
internal sealed partial class WireJson : JsonSerializerContext;
