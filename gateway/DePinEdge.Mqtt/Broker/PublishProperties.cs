using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>What an application tells MQTT 5 subscribers about its messages, encoded once and used for many (section 3.3.2.3).</summary>
public sealed class PublishProperties
{
    private PublishProperties(byte[] encoded) => Encoded = encoded;

    /// <summary>Nothing to tell.</summary>
    public static PublishProperties None { get; } = new([]);

    internal byte[] Encoded { get; }

    /// <summary>A content type of at most 256 ASCII characters; <paramref name="text"/> says that payloads are UTF-8 (payload format
    /// indicator 1).</summary>
    public static PublishProperties Of(string contentType, bool text)
    {
        Invariant.Require(contentType.Length is > 0 and <= 256, "a content type has 1 to 256 characters");
        var writer = new PropertyWriter(new byte[contentType.Length * 3 + 8]);
        if (text) writer.Add(PropertyId.PayloadFormatIndicator, 1);
        writer.Add(PropertyId.ContentType, contentType);
        return new PublishProperties(writer.Written.ToArray());
    }
}
