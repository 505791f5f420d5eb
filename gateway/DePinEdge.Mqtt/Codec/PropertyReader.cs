namespace DePinEdge.Mqtt.Codec;

/// <summary>
/// Walks over the properties of a packet: the bytes after the properties' length. Bytes that did not go through <see cref="Validate"/>
/// (every packet's TryRead does it)
/// end the walk where they make no sense.
/// </summary>
public ref struct PropertyReader(ReadOnlySpan<byte> properties)
{
    private WireReader _reader = new(properties);

    /// <summary>Bytes not read yet.</summary>
    public readonly int BytesLeft => _reader.Rest.Length;

    /// <summary>The next property; false at the end.</summary>
    public bool TryRead(out Property property) => Next(out property) == DecodeStatus.Ok;

    /// <summary>The first property with this identifier.</summary>
    public static bool TryFind(ReadOnlySpan<byte> properties, PropertyId id, out Property property)
    {
        var reader = new PropertyReader(properties);
        while (reader.TryRead(out property))
            if (property.Id == id) return true;
        return false;
    }

    /// <summary>The number of a property, or a default when it is absent.</summary>
    public static uint Number(ReadOnlySpan<byte> properties, PropertyId id, uint absent) =>
        TryFind(properties, id, out var property) ? property.Number : absent;

    /// <summary>
    /// Checks properties against MQTT 5.0: an unknown identifier, one that does not belong here or a value of the wrong form is a
    /// malformed packet; a property given
    /// twice, or a value out of range, a protocol error.
    /// </summary>
    public static DecodeStatus Validate(ReadOnlySpan<byte> properties, PropertyScope scope)
    {
        var reader = new PropertyReader(properties);
        ulong seen = 0;
        while (!reader._reader.AtEnd)
        {
            var status = reader.Next(out var property);
            if (status != DecodeStatus.Ok) return status;
            var scopes = PropertyTable.Row((uint)property.Id).Scopes;
            if ((scopes & scope) == 0)
                return (scopes & PropertyTable.Opposite(scope)) != 0 ? DecodeStatus.ProtocolError : DecodeStatus.Malformed;
            var bit = 1UL << (int)property.Id;
            var mayRepeat = property.Id == PropertyId.UserProperty
                || (property.Id == PropertyId.SubscriptionIdentifier && scope == PropertyScope.PublishToClient);
            if ((seen & bit) != 0 && !mayRepeat) return DecodeStatus.ProtocolError;
            seen |= bit;
            if (property.Id == PropertyId.ResponseTopic && !TopicName.IsValid(property.Bytes)) return DecodeStatus.ProtocolError;
            if (property.Id == PropertyId.TopicAlias && property.Number == 0) return DecodeStatus.TopicAliasInvalid;
        }
        const ulong data = 1UL << (int)PropertyId.AuthenticationData, method = 1UL << (int)PropertyId.AuthenticationMethod;
        return (seen & (data | method)) == data ? DecodeStatus.ProtocolError : DecodeStatus.Ok;
    }

    private DecodeStatus Next(out Property property)
    {
        property = default;
        if (_reader.AtEnd || !_reader.TryVarInt(out var id)) return DecodeStatus.Malformed;
        uint number = 0;
        ReadOnlySpan<byte> bytes = default, value = default;
        var ok = true;
        var inRange = true;
        switch (PropertyTable.Row(id).Kind)
        {
            case PropertyKind.Flag:
                ok = _reader.TryByte(out var flag);
                number = flag;
                inRange = flag <= 1;
                break;
            case PropertyKind.UInt16:
                ok = _reader.TryUInt16(out var two);
                number = two;
                break;
            case PropertyKind.UInt16NotZero:
                ok = _reader.TryUInt16(out var some);
                number = some;
                inRange = some != 0;
                break;
            case PropertyKind.UInt32:
                ok = _reader.TryUInt32(out number);
                break;
            case PropertyKind.UInt32NotZero:
                ok = _reader.TryUInt32(out number);
                inRange = number != 0;
                break;
            case PropertyKind.VarIntNotZero:
                ok = _reader.TryVarInt(out number);
                inRange = number != 0;
                break;
            case PropertyKind.Text:
                ok = _reader.TryText(out bytes);
                break;
            case PropertyKind.Binary:
                ok = _reader.TryBinary(out bytes);
                break;
            case PropertyKind.TextPair:
                ok = _reader.TryText(out bytes) && _reader.TryText(out value);
                break;
            default:
                ok = false;
                break;
        }
        if (!ok) return DecodeStatus.Malformed;
        property = new Property { Id = (PropertyId)id, Number = number, Bytes = bytes, Value = value };
        return inRange ? DecodeStatus.Ok : DecodeStatus.ProtocolError;
    }
}
