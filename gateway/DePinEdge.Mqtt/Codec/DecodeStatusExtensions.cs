namespace DePinEdge.Mqtt.Codec;

/// <summary>The reason code that tells a peer about a status.</summary>
public static class DecodeStatusExtensions
{
    /// <summary>The code for CONNACK or DISCONNECT. <see cref="DecodeStatus.Incomplete"/> inside a complete packet is a malformed
    /// one.</summary>
    public static ReasonCode ToReasonCode(this DecodeStatus status) => status switch
    {
        DecodeStatus.Ok => ReasonCode.Success,
        DecodeStatus.ProtocolError => ReasonCode.ProtocolError,
        DecodeStatus.PacketTooLarge => ReasonCode.PacketTooLarge,
        DecodeStatus.UnsupportedProtocolVersion => ReasonCode.UnsupportedProtocolVersion,
        DecodeStatus.TopicNameInvalid => ReasonCode.TopicNameInvalid,
        DecodeStatus.TopicAliasInvalid => ReasonCode.TopicAliasInvalid,
        _ => ReasonCode.MalformedPacket,
    };
}
