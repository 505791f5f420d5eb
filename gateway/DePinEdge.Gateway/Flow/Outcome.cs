namespace DePinEdge.Gateway.Flow;

/// <summary>Why a request was not done: said to the person who asked, so it names what, where and what would help.</summary>
/// <param name="Code">A stable word in lower case with dashes, e.g. <c>unknown-program</c>; part of the API's contract.</param>
/// <param name="Detail">One sentence naming the value at fault.</param>
/// <param name="Hint">What to do about it; empty when there is nothing to add.</param>
/// <param name="Limit">The limit that was met, when one was.</param>
public sealed record Problem(string Code, string Detail, string Hint = "", GatewayLimit? Limit = null);

/// <summary>Either a value or the problem that stood in its way; expected failures are values, not exceptions.</summary>
public readonly record struct Outcome<T>
{
    private Outcome(T? value, Problem? problem)
    {
        Value = value;
        Problem = problem;
    }

    /// <summary>The value; only meaningful when <see cref="Problem"/> is null.</summary>
    public T? Value { get; }

    /// <summary>What went wrong, or null.</summary>
    public Problem? Problem { get; }

    /// <summary>The request was done.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>The request was refused.</summary>
    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}
