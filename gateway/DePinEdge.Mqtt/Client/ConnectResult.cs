namespace DePinEdge.Mqtt.Client;

/// <summary>The server's answer to CONNECT.</summary>
/// <param name="Code">Success, or why the server refused (a 3.1.1 return code is mapped to the nearest reason code).</param>
/// <param name="SessionPresent">True when the server resumed an earlier session.</param>
/// <param name="Reason">The server's reason string, or empty.</param>
/// <param name="AssignedClientId">The id the server made, or null when the client's own is used.</param>
public sealed record ConnectResult(ReasonCode Code, bool SessionPresent, string Reason, string? AssignedClientId)
{
    /// <summary>True when the client is in.</summary>
    public bool Accepted => Code == ReasonCode.Success;
}
