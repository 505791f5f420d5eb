namespace DePinEdge.Mqtt.Client;

/// <summary>How a client connects.</summary>
public sealed record MqttClientOptions
{
    /// <summary>Host name or address. Default "127.0.0.1".</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port. 1 to 65,535, default 1883.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>The client id; empty lets the server make one. Default empty.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The user name, or null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password's bytes, or null for none. MQTT 3.1.1 takes it only together with a user name.</summary>
    public byte[]? Password { get; init; }

    /// <summary>False resumes an earlier session of the same id. Default true.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>MQTT 5 only: how long the server keeps the session after the connection, in seconds. Default 0.</summary>
    public uint SessionExpirySeconds { get; init; }

    /// <summary>Seconds after which the server may take a silent client for dead; the client pings in time. 0 (never) to 65,535, default
    /// 60.</summary>
    public int KeepAliveSeconds { get; init; } = 60;

    /// <summary>4 for MQTT 3.1.1, 5 for MQTT 5.0. Default 5.</summary>
    public int ProtocolVersion { get; init; } = 5;

    /// <summary>Time for TCP connect and CONNACK together. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for the answer to SUBSCRIBE, UNSUBSCRIBE and a QoS 1 PUBLISH. Default 30 s.</summary>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages held for the reader of <see cref="MqttClient.Messages"/>. 1 to 65,535, default 256. When full, the client reads
    /// no more from the server, which slows the server down.</summary>
    public int MessageCapacity { get; init; } = 256;

    /// <summary>Largest packet taken from the server, in bytes; told to an MQTT 5 server. 128 to 268,435,455, default 1,048,576.</summary>
    public int MaxPacketBytes { get; init; } = 1 << 20;

    /// <summary>The clock of time-outs and pings. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
