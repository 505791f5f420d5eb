namespace DePinEdge.Mqtt.Broker;

/// <summary>Where a client's publish goes.</summary>
public enum PublishRoute : byte
{
    /// <summary>Nowhere: counted, MQTT 5 QoS 1 is told "not authorized".</summary>
    Refuse = 0,

    /// <summary>To the subscribers, and into the retained messages when the client asks for it.</summary>
    ToSubscribers = 1,

    /// <summary>Only to <see cref="IBrokerApplication.MessageReceived"/>; never retained.</summary>
    ToApplication = 2,

    /// <summary>To the subscribers first, then to the application.</summary>
    ToBoth = 3,
}
