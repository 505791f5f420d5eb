// The demo cannot go on.
namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Something the demo needs did not happen; said to a person on one line.</summary>
internal sealed class DemoException(string message, string hint = "") : Exception(message)
{
    /// <summary>What would help; empty when there is nothing to add.</summary>
    public string Hint { get; } = hint;
}
