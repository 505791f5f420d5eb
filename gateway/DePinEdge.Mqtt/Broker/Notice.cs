namespace DePinEdge.Mqtt.Broker;

/// <summary>What the application must still hear, or the subscribers still get, about a client that is gone.</summary>
/// <param name="Client">The client.</param>
/// <param name="Lost">True to say SessionLost; false when it has been said and only the will is due.</param>
/// <param name="Why">The reason code.</param>
/// <param name="Reason">The sentence.</param>
/// <param name="Will">The will to publish, or null.</param>
internal readonly record struct Notice(BrokerClient Client, bool Lost, ReasonCode Why, string Reason, Will? Will);
