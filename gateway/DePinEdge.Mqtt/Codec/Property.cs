namespace DePinEdge.Mqtt.Codec;

/// <summary>One property as it stands in a packet. The spans point into the packet's bytes.</summary>
public readonly ref struct Property
{
    /// <summary>Which property.</summary>
    public PropertyId Id { get; init; }

    /// <summary>The value of a numeric property.</summary>
    public uint Number { get; init; }

    /// <summary>The value of a text (UTF-8) or binary property; a user property's name.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>A user property's value (UTF-8).</summary>
    public ReadOnlySpan<byte> Value { get; init; }
}
