namespace DePinEdge.Mqtt.Client;

/// <summary>How a client's connection ended.</summary>
/// <param name="Failure">What kind of end.</param>
/// <param name="Code">The reason code of the DISCONNECT that was received or sent, otherwise the nearest one.</param>
/// <param name="Reason">A sentence: the server's reason string where it gave one.</param>
public sealed record MqttClosed(MqttFailure Failure, ReasonCode Code, string Reason);
