// What a demo run found, as its last line says it.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>The numbers of one demo run, each read from the gateway's state or its stored ledger. Amounts in micro-credits.</summary>
internal sealed record DemoResult
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Devices in a session when the job had ended.</summary>
    public required int Devices { get; init; }

    /// <summary>Compute units.</summary>
    public required int Units { get; init; }

    /// <summary>Jobs that were run to their end by this demo.</summary>
    public required int Jobs { get; init; }

    public required long TasksTotal { get; init; }

    /// <summary>Tasks with a verified result, by the gateway's table.</summary>
    public required long TasksOk { get; init; }

    /// <summary>Results that the gateway computed again and found equal.</summary>
    public required long RecomputedEqual { get; init; }

    /// <summary>False results that boards sent on purpose: none, all boards of this demo are honest.</summary>
    public required long FalseSent { get; init; }

    /// <summary>Results refused because they differ from the gateway's own run, by the ledger.</summary>
    public required long FalseRefused { get; init; }

    /// <summary>Results that came after their lease.</summary>
    public required long Late { get; init; }

    /// <summary>Reports that came again.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Posted to devices for the job, by the ledger.</summary>
    public required long CreditsPostedMicro { get; init; }

    /// <summary>Paid by the requester for the job, by the ledger.</summary>
    public required long CreditsChargedMicro { get; init; }

    /// <summary><c>verified</c> or <c>broken</c>: what the verifier made of the stored turns.</summary>
    public required string Chain { get; init; }

    /// <summary>The answer equals the independent one.</summary>
    public required bool AnswersMatch { get; init; }

    /// <summary>From the command's start to the end of the checks.</summary>
    public required double Seconds { get; init; }

    /// <summary>Primes below this number were counted.</summary>
    public required long Limit { get; init; }

    /// <summary>The count that the devices' results sum up to; null when there is none.</summary>
    public required long? Answer { get; init; }

    /// <summary>The count from another source.</summary>
    public required long Expected { get; init; }

    /// <summary>Tasks leased more than once.</summary>
    public required long Retried { get; init; }

    /// <summary>Records in the ledger.</summary>
    public required long Records { get; init; }

    /// <summary>Fuel of all paid tasks.</summary>
    public required long Fuel { get; init; }

    /// <summary>Seconds from the job's submission to its end.</summary>
    public required double JobSeconds { get; init; }

    /// <summary>Sentences, one for each invariant that does not hold; empty when all is well.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    /// <summary>True when every invariant holds.</summary>
    [JsonIgnore]
    public bool Good => Broken.Count == 0;

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
