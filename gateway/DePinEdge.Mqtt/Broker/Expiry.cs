using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// The Message Expiry Interval (section 3.3.2.3.3). A message keeps its instant instead of the property; whoever gets it is told the
/// seconds that are left.
/// </summary>
internal static class Expiry
{
    /// <summary>Bytes of the property.</summary>
    public const int Bytes = 5;

    /// <summary>The instant a message with these properties expires; 0 never.</summary>
    public static long AtMs(ReadOnlySpan<byte> properties, long nowMs) =>
        !properties.IsEmpty && PropertyReader.TryFind(properties, PropertyId.MessageExpiryInterval, out var interval)
            ? Math.Max(1, nowMs + interval.Number * 1_000L) : 0;

    /// <summary>The properties without the interval, in <paramref name="into"/>, which has room for all of them.</summary>
    public static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> properties, Span<byte> into)
    {
        var writer = new WireWriter(into);
        for (var rest = properties; !rest.IsEmpty;)
        {
            var reader = new PropertyReader(rest);
            reader.TryRead(out var property);
            var bytes = rest.Length - reader.BytesLeft;
            if (property.Id != PropertyId.MessageExpiryInterval) writer.Raw(rest[..bytes]);
            rest = rest[bytes..];
        }
        return into[..writer.Written];
    }

    /// <summary>Adds the seconds that are left, a begun one counted whole.</summary>
    public static ReadOnlySpan<byte> Append(ReadOnlySpan<byte> own, long expiresAtMs, long nowMs, Span<byte> into)
    {
        own.CopyTo(into);
        var left = new PropertyWriter(into[own.Length..]);
        left.Add(PropertyId.MessageExpiryInterval, (uint)Math.Clamp((expiresAtMs - nowMs + 999) / 1_000, 0, uint.MaxValue));
        return into[..(own.Length + left.Written.Length)];
    }
}
