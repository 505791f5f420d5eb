namespace DePinEdge.Mqtt.Client;

/// <summary>Why a client's connection or request ended.</summary>
public enum MqttFailure
{
    /// <summary>The client closed the connection itself.</summary>
    ClosedByClient,

    /// <summary>The server could not be reached.</summary>
    Unreachable,

    /// <summary>The server refused CONNECT.</summary>
    Refused,

    /// <summary>The server said DISCONNECT; the code says why.</summary>
    DisconnectedByServer,

    /// <summary>The connection broke.</summary>
    ConnectionLost,

    /// <summary>An answer did not come in time.</summary>
    TimedOut,

    /// <summary>The server sent something that is not MQTT or not allowed.</summary>
    ProtocolError,

    /// <summary>The caller asked for something impossible: a bad topic, an option out of range, a packet larger than the server
    /// takes.</summary>
    InvalidRequest,
}
