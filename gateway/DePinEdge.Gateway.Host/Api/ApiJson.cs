using System.Text.Json.Serialization;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>
/// Every JSON shape of the API, compiled at build: names in snake case, as in the MQTT payloads; absent means null. A null where a type
/// does not allow one is refused here, as the core counts on it: what it throws ends the gateway.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(EndpointFile))]
[JsonSerializable(typeof(InviteRequest))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(IssueRequest))]
[JsonSerializable(typeof(InviteView))]
[JsonSerializable(typeof(DeviceView))]
[JsonSerializable(typeof(IReadOnlyList<DeviceView>))]
[JsonSerializable(typeof(IReadOnlyList<ReceiptView>))]
[JsonSerializable(typeof(IReadOnlyList<UnitView>))]
[JsonSerializable(typeof(ProgramView))]
[JsonSerializable(typeof(IReadOnlyList<ProgramView>))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(IReadOnlyList<JobView>))]
[JsonSerializable(typeof(TaskResultView))]
[JsonSerializable(typeof(EstimateView))]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(IReadOnlyList<AccountView>))]
[JsonSerializable(typeof(LedgerView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(ReadyView))]
internal sealed partial class ApiJson : JsonSerializerContext;
