// Why a board leaves.
namespace DePinEdge.Agent.Wire;

/// <summary>Values of Goodbye.Reason.</summary>
public static class GoodbyeReason
{
    /// <summary>Sleeps until the next wake.</summary>
    public const int Sleep = 0;
    /// <summary>Starts again.</summary>
    public const int Reboot = 1;
    /// <summary>Logs in anew with its next key.</summary>
    public const int NewKey = 2;
    /// <summary>Its owner stops it.</summary>
    public const int Stopped = 3;
}
