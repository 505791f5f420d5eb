namespace DePinEdge.Mqtt.Codec;

/// <summary>Which reason codes a packet may carry (MQTT 5.0 table 2-6), and the 3.1.1 return codes they stand for.</summary>
public static class ReasonCodes
{
    /// <summary>True when a packet of this type may carry the code.</summary>
    public static bool Fits(PacketType type, ReasonCode code) => type switch
    {
        PacketType.ConnAck =>
            code is ReasonCode.Success or ReasonCode.UnspecifiedError or ReasonCode.MalformedPacket or ReasonCode.ProtocolError
                or ReasonCode.ImplementationSpecificError or ReasonCode.UnsupportedProtocolVersion or ReasonCode.ClientIdentifierNotValid
                or ReasonCode.BadUserNameOrPassword or ReasonCode.NotAuthorized or ReasonCode.ServerUnavailable or ReasonCode.ServerBusy
                or ReasonCode.Banned or ReasonCode.BadAuthenticationMethod or ReasonCode.TopicNameInvalid or ReasonCode.PacketTooLarge
                or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid or ReasonCode.RetainNotSupported
                or ReasonCode.QoSNotSupported or ReasonCode.UseAnotherServer or ReasonCode.ServerMoved
                or ReasonCode.ConnectionRateExceeded,
        PacketType.PubAck or PacketType.PubRec =>
            code is ReasonCode.Success or ReasonCode.NoMatchingSubscribers or ReasonCode.UnspecifiedError
                or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid
                or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid,
        PacketType.PubRel or PacketType.PubComp =>
            code is ReasonCode.Success or ReasonCode.PacketIdentifierNotFound,
        PacketType.SubAck =>
            code is ReasonCode.Success or ReasonCode.GrantedQoS1 or ReasonCode.GrantedQoS2 or ReasonCode.UnspecifiedError
                or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.TopicFilterInvalid
                or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded or ReasonCode.SharedSubscriptionsNotSupported
                or ReasonCode.SubscriptionIdentifiersNotSupported or ReasonCode.WildcardSubscriptionsNotSupported,
        PacketType.UnsubAck =>
            code is ReasonCode.Success or ReasonCode.NoSubscriptionExisted or ReasonCode.UnspecifiedError
                or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.TopicFilterInvalid
                or ReasonCode.PacketIdentifierInUse,
        PacketType.Disconnect =>
            code is ReasonCode.Success or ReasonCode.DisconnectWithWill or ReasonCode.UnspecifiedError or ReasonCode.MalformedPacket
                or ReasonCode.ProtocolError or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.ServerBusy
                or (>= ReasonCode.ServerShuttingDown and <= ReasonCode.TopicNameInvalid and not ReasonCode.BadAuthenticationMethod)
                or (>= ReasonCode.ReceiveMaximumExceeded and <= ReasonCode.WildcardSubscriptionsNotSupported),
        PacketType.Auth =>
            code is ReasonCode.Success or ReasonCode.ContinueAuthentication or ReasonCode.ReAuthenticate,
        _ => false,
    };

    /// <summary>The 3.1.1 CONNACK return code that comes nearest: 0 to 5.</summary>
    public static byte ToReturnCode(ReasonCode code) => code switch
    {
        ReasonCode.Success => 0,
        ReasonCode.UnsupportedProtocolVersion => 1,
        ReasonCode.ClientIdentifierNotValid => 2,
        ReasonCode.BadUserNameOrPassword => 4,
        ReasonCode.NotAuthorized or ReasonCode.Banned or ReasonCode.BadAuthenticationMethod => 5,
        _ => 3,
    };

    /// <summary>The reason code of a 3.1.1 CONNACK return code; false for one that does not exist.</summary>
    public static bool TryFromReturnCode(byte returnCode, out ReasonCode code)
    {
        code = returnCode switch
        {
            0 => ReasonCode.Success,
            1 => ReasonCode.UnsupportedProtocolVersion,
            2 => ReasonCode.ClientIdentifierNotValid,
            3 => ReasonCode.ServerUnavailable,
            4 => ReasonCode.BadUserNameOrPassword,
            5 => ReasonCode.NotAuthorized,
            _ => ReasonCode.UnspecifiedError,
        };
        return returnCode <= 5;
    }
}
