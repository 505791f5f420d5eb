namespace DePinEdge.Mqtt.Broker;

/// <summary>The limits of <see cref="BrokerOptions"/> at which a client meets something else than service: each member has its option's
/// name, and <see cref="BrokerCounters.Reached"/> counts how often it was met.</summary>
public enum BrokerLimit
{
    /// <summary>A packet was larger; its connection was closed.</summary>
    MaxPacketBytes,

    /// <summary>A packet before the end of CONNECT was larger; its connection was closed.</summary>
    MaxConnectPacketBytes,

    /// <summary>A connection was turned away.</summary>
    MaxConnections,

    /// <summary>A connection was turned away because its address has its share.</summary>
    MaxConnectionsPerAddress,

    /// <summary>A connection was turned away because too many have not said who they are.</summary>
    MaxPendingConnections,

    /// <summary>A CONNECT was refused because its address had its share of the second.</summary>
    ConnectsPerSecondPerAddress,

    /// <summary>An offline session made room, or a CONNECT was refused.</summary>
    MaxSessions,

    /// <summary>A CONNECT was refused.</summary>
    MaxClientIdBytes,

    /// <summary>A subscription was refused.</summary>
    MaxSubscriptionsPerSession,

    /// <summary>A connected client was closed, or an offline session lost a message.</summary>
    MaxQueuedPerSession,

    /// <summary>The same, by bytes.</summary>
    MaxQueuedBytesPerSession,

    /// <summary>An offline session lost a message.</summary>
    MaxOfflineQueuedBytes,

    /// <summary>A QoS 0 message was dropped, reading paused, or a client that reads no answers was closed.</summary>
    MaxOutputBytesPerConnection,

    /// <summary>A message was not retained.</summary>
    MaxRetainedMessages,

    /// <summary>A message was not retained.</summary>
    MaxRetainedBytes,

    /// <summary>A publish or a subscription was refused.</summary>
    MaxTopicLevels,

    /// <summary>A connection was closed.</summary>
    ConnectTimeoutMs,

    /// <summary>A connection was cut.</summary>
    CloseTimeoutMs,

    /// <summary>Reading from a client paused because it published faster.</summary>
    PublishesPerSecond,
}
