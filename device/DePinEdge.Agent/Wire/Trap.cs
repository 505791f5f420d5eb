// How a task ended, as far as the agent itself decides it.
namespace DePinEdge.Agent.Wire;

/// <summary>Values of Report.Trap beside the interpreter's own trap codes.</summary>
public static class Trap
{
    /// <summary>Ran to its end.</summary>
    public const byte None = 0;
    /// <summary>Not run: no program, no memory, no room. Neither a vote nor a fault.</summary>
    public const byte Abandoned = 255;
}
