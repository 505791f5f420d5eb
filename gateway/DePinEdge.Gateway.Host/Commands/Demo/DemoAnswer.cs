// One job's answer, as the demo's JSON says it.
namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>What the devices found for one sample program, and what it should be. Amounts in micro-credits.</summary>
internal sealed record DemoAnswer
{
    /// <summary>The program's name, as in device/programs.</summary>
    public required string Program { get; init; }

    public required long Tasks { get; init; }

    /// <summary>The devices' answer as text; null when there is none.</summary>
    public required string? Answer { get; init; }

    /// <summary>The same from a source that shares nothing with the program.</summary>
    public required string Expected { get; init; }

    /// <summary>The two are equal.</summary>
    public required bool Match { get; init; }

    /// <summary>Where the expected answer comes from.</summary>
    public required string Source { get; init; }

    /// <summary>The job's number at the gateway.</summary>
    public required string Job { get; init; }

    /// <summary>Posted to devices for the job, by the ledger.</summary>
    public required long PostedMicro { get; init; }

    /// <summary>Paid by the requester for the job, by the ledger.</summary>
    public required long ChargedMicro { get; init; }

    /// <summary>From submission to end.</summary>
    public required double Seconds { get; init; }
}
