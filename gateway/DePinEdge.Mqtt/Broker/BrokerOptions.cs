namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// Limits of a broker. Every one is a promise about memory or time; what happens at a limit stands at its property, and
/// <see cref="BrokerCounters"/> counts it.
/// </summary>
public sealed record BrokerOptions
{
    /// <summary>Largest packet taken, in bytes with its header. 128 to 268,435,455, default 65,536. Past it the connection is closed
    /// (0x95). Told to MQTT 5 clients.</summary>
    public int MaxPacketBytes { get; init; } = 65_536;

    /// <summary>Largest CONNECT taken, in bytes: what a stranger may make us hold. 128 to MaxPacketBytes, default 8,192. Past it the
    /// connection is closed.</summary>
    public int MaxConnectPacketBytes { get; init; } = 8_192;

    /// <summary>Transport connections at once. 1 to 1,000,000, default 20,000. Past it a connection is turned away.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Transport connections at once from one address, this machine's own excepted. 1 to 1,000,000, default 256: a site behind
    /// one router. Past it a connection is turned away.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 256;

    /// <summary>Connections at once that have not been let in by a CONNECT yet. 1 to 1,000,000, default 2,000. Past it a connection is
    /// turned away.</summary>
    public int MaxPendingConnections { get; init; } = 2_000;

    /// <summary>CONNECT packets from one address within a second, this machine's own excepted: each may cost a MAC. 1 to 1,000,000,
    /// default 50. Past it CONNECT is refused (0x9F).</summary>
    public int ConnectsPerSecondPerAddress { get; init; } = 50;

    /// <summary>Sessions at once, offline ones included. 1 to 10,000,000, default 40,000. Past it the offline session nearest to its end
    /// makes room; with none, CONNECT is refused (0x97).</summary>
    public int MaxSessions { get; init; } = 40_000;

    /// <summary>Longest client id in UTF-8 bytes. 23 to 65,535, default 256. Past it CONNECT is refused (0x85).</summary>
    public int MaxClientIdBytes { get; init; } = 256;

    /// <summary>Subscriptions of one session. 1 to 100,000, default 100. Past it a subscription is refused (0x97).</summary>
    public int MaxSubscriptionsPerSession { get; init; } = 100;

    /// <summary>QoS 1 messages that wait in one session because the client is offline, slow or does not acknowledge. 1 to 1,000,000,
    /// default 10,000 (a burst of one turn to a dashboard of QoS 1 must fit). Past it a connected client is closed (0x97), for an offline
    /// one the newest message is dropped.</summary>
    public int MaxQueuedPerSession { get; init; } = 10_000;

    /// <summary>Bytes of the messages that wait in one session, counted as if it held them alone. 1,024 to 1,073,741,824, default
    /// 4,194,304. At the limit as MaxQueuedPerSession.</summary>
    public int MaxQueuedBytesPerSession { get; init; } = 4 << 20;

    /// <summary>Bytes of the messages that wait in all offline sessions together, each counted as if its session held it alone. 0 to 2^40,
    /// default 256 MiB. Past it the newest message is dropped; what a client left behind when its connection broke is kept.</summary>
    public long MaxOfflineQueuedBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of output of one connection that the peer has not taken. 1,024 to 1,073,741,824, default 1,048,576. Past it QoS 0
    /// messages are dropped, QoS 1 messages wait, reading pauses; a client whose answers reach twice the limit is closed
    /// (0x97).</summary>
    public int MaxOutputBytesPerConnection { get; init; } = 1 << 20;

    /// <summary>Retained messages. 0 to 10,000,000, default 100,000; 0 means that the broker retains nothing (told to MQTT 5 clients).
    /// Past it a client's retained publish to a new topic is refused (0x97).</summary>
    public int MaxRetainedMessages { get; init; } = 100_000;

    /// <summary>Bytes of topics, properties and payloads of retained messages. 0 to 2^40, default 64 MiB. At the limit as
    /// MaxRetainedMessages.</summary>
    public long MaxRetainedBytes { get; init; } = 64L << 20;

    /// <summary>QoS 1 messages sent to one client and not acknowledged. 1 to 65,535, default 1,024; an MQTT 5 client's Receive Maximum
    /// lowers it. Past it messages wait.</summary>
    public int MaxInflight { get; init; } = 1_024;

    /// <summary>QoS 1 messages an MQTT 5 client may send before an acknowledgement (Receive Maximum). 1 to 65,535, default 1,024.</summary>
    public int ReceiveMaximum { get; init; } = 1_024;

    /// <summary>Levels of a topic or filter. 1 to 1,000, default 32. Past it a publish reaches nobody (0x90) and a subscription is
    /// refused (0x8F).</summary>
    public int MaxTopicLevels { get; init; } = 32;

    /// <summary>PUBLISH packets a second from one client, with a burst of two seconds' worth; a verdict may give a client less. 0 (no limit)
    /// to 1,000,000, default 0. Past it reading pauses until the client has its next share, so nothing is lost.</summary>
    public int PublishesPerSecond { get; init; }

    /// <summary>Longest keep-alive in seconds. 0 (no limit) to 65,535, default 0. An MQTT 5 client that asks for more, or for none, is
    /// given this one.</summary>
    public int KeepAliveMaxSeconds { get; init; }

    /// <summary>Time from the connection to a complete CONNECT. 100 to 600,000, default 10,000 ms. Past it the connection is
    /// closed.</summary>
    public int ConnectTimeoutMs { get; init; } = 10_000;

    /// <summary>Time for a connection that is being closed to take its last bytes. 100 to 600,000, default 5,000 ms. Past it the shell is
    /// told to abort.</summary>
    public int CloseTimeoutMs { get; init; } = 5_000;

    /// <summary>Longest life of an offline session in seconds. 0 to 4,294,967,294, default 7 days. Longer wishes are cut (told to MQTT 5
    /// clients); it is the life of every 3.1.1 session with clean session 0.</summary>
    public uint SessionExpiryMaxSeconds { get; init; } = 7 * 86_400;

    /// <summary>Publish decisions remembered for one connection. 1 to 256, default 16. Past it the oldest makes room and is asked
    /// again.</summary>
    public int MaxCachedRoutes { get; init; } = 16;

    /// <summary>Start of the ids made for clients that send none. 1 to 64 characters, default "auto-". A shell that restarts should make
    /// it differ.</summary>
    public string AssignedClientIdPrefix { get; init; } = "auto-";

    /// <summary>Checks ranges and relations. Throws <see cref="ArgumentException"/> whose message starts with the name of the bad
    /// key.</summary>
    public void Validate()
    {
        Range(nameof(MaxPacketBytes), MaxPacketBytes, 128, 268_435_455);
        Range(nameof(MaxConnectPacketBytes), MaxConnectPacketBytes, 128, MaxPacketBytes);
        Range(nameof(MaxConnections), MaxConnections, 1, 1_000_000);
        Range(nameof(MaxConnectionsPerAddress), MaxConnectionsPerAddress, 1, 1_000_000);
        Range(nameof(MaxPendingConnections), MaxPendingConnections, 1, 1_000_000);
        Range(nameof(ConnectsPerSecondPerAddress), ConnectsPerSecondPerAddress, 1, 1_000_000);
        Range(nameof(PublishesPerSecond), PublishesPerSecond, 0, 1_000_000);
        Range(nameof(MaxSessions), MaxSessions, 1, 10_000_000);
        Range(nameof(MaxClientIdBytes), MaxClientIdBytes, 23, 65_535);
        Range(nameof(MaxSubscriptionsPerSession), MaxSubscriptionsPerSession, 1, 100_000);
        Range(nameof(MaxQueuedPerSession), MaxQueuedPerSession, 1, 1_000_000);
        Range(nameof(MaxQueuedBytesPerSession), MaxQueuedBytesPerSession, 1_024, 1 << 30);
        Range(nameof(MaxOfflineQueuedBytes), MaxOfflineQueuedBytes, 0, 1L << 40);
        Range(nameof(MaxOutputBytesPerConnection), MaxOutputBytesPerConnection, 1_024, 1 << 30);
        Range(nameof(MaxRetainedMessages), MaxRetainedMessages, 0, 10_000_000);
        Range(nameof(MaxRetainedBytes), MaxRetainedBytes, 0, 1L << 40);
        Range(nameof(MaxInflight), MaxInflight, 1, 65_535);
        Range(nameof(ReceiveMaximum), ReceiveMaximum, 1, 65_535);
        Range(nameof(MaxTopicLevels), MaxTopicLevels, 1, 1_000);
        Range(nameof(KeepAliveMaxSeconds), KeepAliveMaxSeconds, 0, 65_535);
        Range(nameof(ConnectTimeoutMs), ConnectTimeoutMs, 100, 600_000);
        Range(nameof(CloseTimeoutMs), CloseTimeoutMs, 100, 600_000);
        Range(nameof(SessionExpiryMaxSeconds), SessionExpiryMaxSeconds, 0, uint.MaxValue - 1);
        Range(nameof(MaxCachedRoutes), MaxCachedRoutes, 1, 256);
        Range(nameof(AssignedClientIdPrefix), AssignedClientIdPrefix?.Length ?? 0, 1, 64);
    }

    private static void Range(string key, long value, long least, long most)
    {
        if (value < least || value > most) throw new ArgumentException($"{key} is {value} and must be between {least} and {most}");
    }
}
