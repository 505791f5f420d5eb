// Every size that both ends of the protocol rely on, in one place.
namespace DePinEdge.Agent.Wire;

/// <summary>Limits of frames and of what they carry. Bytes and counts; a frame past a limit is ignored and counted by whoever receives it.</summary>
public static class FrameLimits
{
    /// <summary>The version byte that opens every frame.</summary>
    public const byte Version = 1;
    /// <summary>A session frame with its header, at most.</summary>
    public const int FrameBytesMax = 4096;
    /// <summary>version 1 | kind 1 | seq 4 | mac 16.</summary>
    public const int HeaderBytes = 22;
    /// <summary>The mac in a frame: the first bytes of the chain's state.</summary>
    public const int MacBytes = 16;
    /// <summary>A session frame's body, at most.</summary>
    public const int BodyBytesMax = FrameBytesMax - HeaderBytes;
    /// <summary>version 1 | kind 1, before the body on the join topics.</summary>
    public const int JoinHeaderBytes = 2;
    /// <summary>A payload on the join topics, header included, at most.</summary>
    public const int JoinFrameBytesMax = 256;

    /// <summary>Tasks in a batch, results in a report.</summary>
    public const int TasksPerBatchMax = 32;
    /// <summary>A task's input together with the batch's shared tail.</summary>
    public const int InputBytesMax = 1024;
    /// <summary>A task's output.</summary>
    public const int OutputBytesMax = 256;
    /// <summary>The body of a Birth.</summary>
    public const int BirthBytesMax = 128;
    /// <summary>The bytes of an image in one ProgramChunk.</summary>
    public const int ChunkBytesMax = 3840;
    /// <summary>The payload of a Command and of its reply.</summary>
    public const int CommandBytesMax = 256;
    /// <summary>Telemetry as packed into a report.</summary>
    public const int TelemetryBytesMax = 80;

    /// <summary>Ids match [a-z0-9-]{1,32}.</summary>
    public const int IdBytesMax = 32;
    /// <summary>Names of boards and chips, a firmware's version.</summary>
    public const int NameBytesMax = 24;
    /// <summary>A hint to a person in JoinRefused.</summary>
    public const int HintBytesMax = 96;
    /// <summary>Every nonce.</summary>
    public const int NonceBytes = 16;
    /// <summary>Keys, hashes, full macs.</summary>
    public const int HashBytes = 32;

    // A result without its output: tag and length 3, task id 11, status 6, trap 3, fuel 11, output's tag and length 3.
    private const int ResultBytesMax = 37;
    // What a report says besides its results: batch id 11, telemetry 2 + 80, window 2, two counters 12, spare.
    private const int ReportRestBytes = 120;

    /// <summary>How many tasks whose output has at most <paramref name="outputBytesMax"/> bytes fit one report for certain. A batch
    /// with more of them is run too, but the tasks whose output no longer fits come back ABANDONED.</summary>
    public static int TasksThatFit(int outputBytesMax)
    {
        int each = ResultBytesMax + (outputBytesMax < 0 ? 0 : outputBytesMax);
        int fit = Tasks.SafeMath.DivS(BodyBytesMax - ReportRestBytes, each);
        return fit > TasksPerBatchMax ? TasksPerBatchMax : fit;
    }

    /// <summary>Bytes that a report's results may take, its batch id included.</summary>
    internal const int ResultsBytesMax = BodyBytesMax - ReportRestBytes;
    /// <summary>The most that one result without output takes.</summary>
    internal const int EmptyResultBytesMax = ResultBytesMax;
}
