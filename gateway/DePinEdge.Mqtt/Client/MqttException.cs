namespace DePinEdge.Mqtt.Client;

/// <summary>A client's connection or request failed. The message is a sentence that names what and where.</summary>
public sealed class MqttException : Exception
{
    public MqttException(MqttFailure failure, ReasonCode code, string message, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        Code = code;
    }

    /// <summary>What kind of failure.</summary>
    public MqttFailure Failure { get; }

    /// <summary>The server's reason code when it gave one, otherwise the nearest one.</summary>
    public ReasonCode Code { get; }
}
