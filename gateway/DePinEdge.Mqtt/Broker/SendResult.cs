namespace DePinEdge.Mqtt.Broker;

/// <summary>What became of putting a PUBLISH into an output.</summary>
internal enum SendResult
{
    Sent,

    /// <summary>The output is full: later, or not at all.</summary>
    NoRoom,

    /// <summary>The peer does not take packets of this size: never.</summary>
    TooLarge,
}
