// One job of the demo: what is submitted, and what the answer must be.
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// A sample program with its real input and the answer that somebody else published, or that plain code on this machine computes.
/// Exactly one of <see cref="Range"/> and <see cref="Inputs"/> is given.
/// </summary>
internal sealed record SampleJob
{
    /// <summary>The program's name, as in device/programs.</summary>
    public required string Name { get; init; }

    /// <summary>For people: what the answer is of, to be read before a colon.</summary>
    public required string Title { get; init; }

    /// <summary>The module's bytes.</summary>
    public required byte[] Wasm { get; init; }

    /// <summary>One task for each number.</summary>
    public JobRange? Range { get; init; }

    /// <summary>One task for each input.</summary>
    public IReadOnlyList<byte[]>? Inputs { get; init; }

    /// <summary>The job's parameters by the names of the program's manifest.</summary>
    public IReadOnlyDictionary<string, ulong>? Params { get; init; }

    /// <summary>The answer from a source that shares no code with the program.</summary>
    public required string Expected { get; init; }

    /// <summary>Where <see cref="Expected"/> comes from, to be read after the answer: <c>as published by NIST</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Makes the answer as text of a job that ended and its results in the order of the tasks; null when there is none.</summary>
    public required Func<Job, IReadOnlyList<TaskResult>, string?> Answer { get; init; }

    /// <summary>How many tasks the job has.</summary>
    public long TaskCount => Range is { } range ? range.To - range.From : Inputs!.Count;

    /// <summary>The devices' answer in the form of <see cref="Expected"/>, with which it is compared as text; null when there is none.</summary>
    public string? AnswerOf(Job job, IReadOnlyList<TaskResult> results) => Answer(job, results);
}
