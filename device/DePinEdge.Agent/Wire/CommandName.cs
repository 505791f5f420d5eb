// The orders that a board knows.
namespace DePinEdge.Agent.Wire;

/// <summary>Values of Command.Name.</summary>
public static class CommandName
{
    /// <summary>Make yourself seen, for example blink.</summary>
    public const string Identify = "identify";
    /// <summary>Start again, after the reply.</summary>
    public const string Reboot = "reboot";
    /// <summary>Derive the next device key from the nonce in the payload and log in anew with it.</summary>
    public const string NewKey = "newkey";
}
