namespace DePinEdge.Client;

/// <summary>A request that was not done: refused by the gateway (problem details), or never answered.</summary>
public sealed class DepinException : Exception
{
    /// <summary>Makes one.</summary>
    public DepinException(DepinFailure failure, string message, string? hint = null, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        Hint = hint ?? "";
    }

    /// <summary>What kind of failure it is.</summary>
    public DepinFailure Failure { get; }

    /// <summary>What would help, in one sentence; empty when nothing is known.</summary>
    public string Hint { get; }

    /// <summary>The gateway's stable word for the refusal, e.g. <c>unknown-program</c>; empty without an answer.</summary>
    public string Code { get; init; } = "";

    /// <summary>The HTTP status; 0 without an answer.</summary>
    public int Status { get; init; }

    /// <summary>The field of the request at fault, when one is.</summary>
    public string? Field { get; init; }

    /// <summary>Where in an uploaded program, when it was refused.</summary>
    public long? ByteOffset { get; init; }
}
