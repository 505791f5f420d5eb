namespace DePinEdge.Gateway.Host;

/// <summary>
/// The environment stands in the way: a port in use, a locked folder, a damaged file. Said to a person on one line, so the message
/// names what and where, and the hint what to do.
/// </summary>
public sealed class HostException(string message, string hint, int exitCode = ExitCodes.Failed, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;

    /// <summary>The exit code of a command that ends with it; see <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
