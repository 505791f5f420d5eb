// What a demo run found, as its last line says it.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>The numbers of one demo run, each read from the gateway's state or its stored ledger. Amounts in micro-credits.</summary>
internal sealed record DemoResult
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>Devices in a session when the jobs had ended.</summary>
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

    /// <summary>False results that boards sent on purpose and the gateway received; none without chaos, where all boards are honest.</summary>
    public required long FalseSent { get; init; }

    /// <summary>Those of them that were refused, by the ledger; without chaos all verdicts on results that differ.</summary>
    public required long FalseRefused { get; init; }

    /// <summary>False results that were paid, by the ledger: none, or verification is worth nothing.</summary>
    public required long FalsePaid { get; init; }

    /// <summary>The refused false results by reason, by the ledger.</summary>
    public IReadOnlyDictionary<string, long> FalseRefusals { get; init; } = new Dictionary<string, long>();

    /// <summary>All that the gateway refused, by reason: frames, log-ins, reports and tasks.</summary>
    public IReadOnlyDictionary<string, long> Refusals { get; init; } = new Dictionary<string, long>();

    /// <summary>Results that came after their lease.</summary>
    public required long Late { get; init; }

    /// <summary>Reports that came again.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Boards whose power went in the middle of a batch.</summary>
    public long Deaths { get; init; }

    /// <summary>Connections that broke, on both sides or on the board's only.</summary>
    public long LinkDrops { get; init; }

    /// <summary>Times that a link carried nothing for a while.</summary>
    public long Stalls { get; init; }

    /// <summary>Devices held because two boards used their key.</summary>
    public long ClonesHeld { get; init; }

    /// <summary>Devices that get single tasks only, for their wrong results.</summary>
    public long Throttled { get; init; }

    /// <summary>Everything that was done to the gateway on purpose, by kind, when it took effect.</summary>
    public IReadOnlyDictionary<string, long> Faults { get; init; } = new Dictionary<string, long>();

    /// <summary>Posted to devices for the jobs, by the ledger.</summary>
    public required long CreditsPostedMicro { get; init; }

    /// <summary>Paid by the requester for the jobs, by the ledger.</summary>
    public required long CreditsChargedMicro { get; init; }

    /// <summary><c>verified</c> or <c>broken</c>: what the verifier made of the stored turns.</summary>
    public required string Chain { get; init; }

    /// <summary>Every answer equals the independent one.</summary>
    public required bool AnswersMatch { get; init; }

    /// <summary>From the command's start to the end of the checks.</summary>
    public required double Seconds { get; init; }

    /// <summary>One for each job, in the order of submission.</summary>
    public required IReadOnlyList<DemoAnswer> Answers { get; init; }

    /// <summary>Tasks leased more than once.</summary>
    public required long Retried { get; init; }

    /// <summary>Records in the ledger.</summary>
    public required long Records { get; init; }

    /// <summary>Fuel of all paid tasks.</summary>
    public required long Fuel { get; init; }

    /// <summary>Seconds from the first job's submission to the last one's end.</summary>
    public required double JobSeconds { get; init; }

    /// <summary>Sentences, one for each invariant that does not hold; empty when all is well.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    /// <summary>True when every invariant holds.</summary>
    [JsonIgnore]
    public bool Good => Broken.Count == 0;

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
