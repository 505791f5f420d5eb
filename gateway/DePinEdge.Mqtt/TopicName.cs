using System.Text;
using System.Text.Unicode;

namespace DePinEdge.Mqtt;

/// <summary>Topic names: what a message is published to (MQTT 5.0 section 4.7). Never a wildcard, never empty.</summary>
public static class TopicName
{
    /// <summary>Longest topic in UTF-8 bytes: the wire has two bytes for the length.</summary>
    public const int BytesMax = 65_535;

    /// <summary>True when the UTF-8 bytes are a topic that may be published to: well-formed, 1 to 65,535 bytes, no '+', '#' or
    /// U+0000.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) =>
        utf8.Length is > 0 and <= BytesMax && utf8.IndexOfAny((byte)'+', (byte)'#', (byte)0) < 0 && Utf8.IsValid(utf8);

    /// <summary>True when the text is a topic that may be published to. A lone surrogate is refused, it has no UTF-8 form.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length > 0 && text.IndexOfAny('+', '#', '\0') < 0 && Utf8Length(text) is > 0 and <= BytesMax;

    /// <summary>Bytes of the text in UTF-8, or -1 when it is not well-formed UTF-16.</summary>
    internal static int Utf8Length(ReadOnlySpan<char> text)
    {
        for (var rest = text; rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != System.Buffers.OperationStatus.Done) return -1;
            rest = rest[used..];
        }
        return Encoding.UTF8.GetByteCount(text);
    }

    /// <summary>Number of '/'-separated levels, at least one.</summary>
    public static int Levels(ReadOnlySpan<byte> utf8) => utf8.Count((byte)'/') + 1;
}
