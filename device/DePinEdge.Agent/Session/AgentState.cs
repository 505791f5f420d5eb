// Where a board stands on its way from a join code to work.
namespace DePinEdge.Agent.Session;

/// <summary>Values of BoardAgent.State.</summary>
public static class AgentState
{
    /// <summary>No key and no join code: somebody has to hand it a code.</summary>
    public const int NeedsCode = 0;
    /// <summary>Has a code and is making a key with the gateway.</summary>
    public const int Joining = 1;
    /// <summary>Has a key; not connected.</summary>
    public const int NeedsLogin = 2;
    /// <summary>Connected with its key, waits for Welcome.</summary>
    public const int Opening = 3;
    /// <summary>In a session: takes work.</summary>
    public const int Ready = 4;
    /// <summary>The gateway refused the join (JoinRefusedReason says why) or, three times in a row, the log-in.</summary>
    public const int Refused = 5;
}
