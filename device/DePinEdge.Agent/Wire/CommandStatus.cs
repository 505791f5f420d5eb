// How an order ended.
namespace DePinEdge.Agent.Wire;

/// <summary>Values of CommandReply.Status.</summary>
public static class CommandStatus
{
    /// <summary>Done, or begun where it ends the session.</summary>
    public const int Done = 0;
    /// <summary>No such order here.</summary>
    public const int Unknown = 1;
    /// <summary>The payload is not what the order needs.</summary>
    public const int BadPayload = 2;
    /// <summary>The board could not (the key store refused to save, for example).</summary>
    public const int Failed = 3;
}
