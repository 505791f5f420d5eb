namespace DePinEdge.Mqtt.Codec;

/// <summary>How a property's value is encoded.</summary>
internal enum PropertyKind : byte
{
    Unknown = 0,

    /// <summary>One byte that is 0 or 1.</summary>
    Flag,
    UInt16,

    /// <summary>Two bytes, zero not allowed.</summary>
    UInt16NotZero,
    UInt32,

    /// <summary>Four bytes, zero not allowed.</summary>
    UInt32NotZero,

    /// <summary>A variable byte integer, zero not allowed.</summary>
    VarIntNotZero,
    Text,
    Binary,
    TextPair,
}

/// <summary>Kind and places of every property, as table 2-4 of MQTT 5.0 gives them.</summary>
internal static class PropertyTable
{
    private const PropertyScope Publish = PropertyScope.PublishToServer | PropertyScope.PublishToClient;
    private const PropertyScope Disconnect = PropertyScope.DisconnectByClient | PropertyScope.DisconnectByServer;
    private const PropertyScope Everywhere = (PropertyScope)4095;

    /// <summary>One more than the largest identifier.</summary>
    public const int Count = 0x2B;

    private static readonly (PropertyKind Kind, PropertyScope Scopes)[] Rows = Build();

    /// <summary>The row of an identifier; kind Unknown when there is none.</summary>
    public static (PropertyKind Kind, PropertyScope Scopes) Row(uint id) => id < Count ? Rows[id] : default;

    /// <summary>The same packet in the other direction: a property allowed there is a protocol error, not a malformed packet.</summary>
    public static PropertyScope Opposite(PropertyScope scope) => scope switch
    {
        PropertyScope.PublishToServer => PropertyScope.PublishToClient,
        PropertyScope.PublishToClient => PropertyScope.PublishToServer,
        PropertyScope.DisconnectByClient => PropertyScope.DisconnectByServer,
        PropertyScope.DisconnectByServer => PropertyScope.DisconnectByClient,
        _ => PropertyScope.None,
    };

    private static (PropertyKind Kind, PropertyScope Scopes)[] Build()
    {
        var rows = new (PropertyKind Kind, PropertyScope Scopes)[Count];
        void Set(PropertyId id, PropertyKind kind, PropertyScope scopes) => rows[(int)id] = (kind, scopes);
        const PropertyScope message = Publish | PropertyScope.Will;
        const PropertyScope opening = PropertyScope.Connect | PropertyScope.ConnAck;
        Set(PropertyId.PayloadFormatIndicator, PropertyKind.Flag, message);
        Set(PropertyId.MessageExpiryInterval, PropertyKind.UInt32, message);
        Set(PropertyId.ContentType, PropertyKind.Text, message);
        Set(PropertyId.ResponseTopic, PropertyKind.Text, message);
        Set(PropertyId.CorrelationData, PropertyKind.Binary, message);
        Set(PropertyId.SubscriptionIdentifier, PropertyKind.VarIntNotZero, PropertyScope.PublishToClient | PropertyScope.Subscribe);
        Set(PropertyId.SessionExpiryInterval, PropertyKind.UInt32, opening | PropertyScope.DisconnectByClient);
        Set(PropertyId.AssignedClientIdentifier, PropertyKind.Text, PropertyScope.ConnAck);
        Set(PropertyId.ServerKeepAlive, PropertyKind.UInt16, PropertyScope.ConnAck);
        Set(PropertyId.AuthenticationMethod, PropertyKind.Text, opening | PropertyScope.Auth);
        Set(PropertyId.AuthenticationData, PropertyKind.Binary, opening | PropertyScope.Auth);
        Set(PropertyId.RequestProblemInformation, PropertyKind.Flag, PropertyScope.Connect);
        Set(PropertyId.WillDelayInterval, PropertyKind.UInt32, PropertyScope.Will);
        Set(PropertyId.RequestResponseInformation, PropertyKind.Flag, PropertyScope.Connect);
        Set(PropertyId.ResponseInformation, PropertyKind.Text, PropertyScope.ConnAck);
        Set(PropertyId.ServerReference, PropertyKind.Text, PropertyScope.ConnAck | PropertyScope.DisconnectByServer);
        Set(PropertyId.ReasonString, PropertyKind.Text, PropertyScope.ConnAck | PropertyScope.PublishAck | PropertyScope.SubscribeAck
            | Disconnect | PropertyScope.Auth);
        Set(PropertyId.ReceiveMaximum, PropertyKind.UInt16NotZero, opening);
        Set(PropertyId.TopicAliasMaximum, PropertyKind.UInt16, opening);
        Set(PropertyId.TopicAlias, PropertyKind.UInt16, Publish);
        Set(PropertyId.MaximumQoS, PropertyKind.Flag, PropertyScope.ConnAck);
        Set(PropertyId.RetainAvailable, PropertyKind.Flag, PropertyScope.ConnAck);
        Set(PropertyId.UserProperty, PropertyKind.TextPair, Everywhere);
        Set(PropertyId.MaximumPacketSize, PropertyKind.UInt32NotZero, opening);
        Set(PropertyId.WildcardSubscriptionAvailable, PropertyKind.Flag, PropertyScope.ConnAck);
        Set(PropertyId.SubscriptionIdentifierAvailable, PropertyKind.Flag, PropertyScope.ConnAck);
        Set(PropertyId.SharedSubscriptionAvailable, PropertyKind.Flag, PropertyScope.ConnAck);
        return rows;
    }
}
