namespace DePinEdge.Mqtt.Codec;

/// <summary>What became of reading bytes. Nothing a peer sends makes the codec throw.</summary>
public enum DecodeStatus : byte
{
    /// <summary>Read.</summary>
    Ok = 0,

    /// <summary>The bytes end before the packet does: come again with more.</summary>
    Incomplete,

    /// <summary>The bytes do not follow the packet's layout (0x81).</summary>
    Malformed,

    /// <summary>The layout is right and the content not allowed, as a property given twice (0x82).</summary>
    ProtocolError,

    /// <summary>The packet says to be longer than the reader takes (0x95).</summary>
    PacketTooLarge,

    /// <summary>CONNECT of a version that this library does not speak (0x84).</summary>
    UnsupportedProtocolVersion,

    /// <summary>PUBLISH to a topic that holds a wildcard (0x90).</summary>
    TopicNameInvalid,

    /// <summary>PUBLISH with topic alias 0 (0x94).</summary>
    TopicAliasInvalid,
}
