using System.Text;
using System.Text.Unicode;

namespace DePinEdge.Mqtt;

/// <summary>
/// Topic filters: what a client subscribes to (MQTT 5.0 section 4.7). '+' stands for one whole level, '#' for the parent and
/// everything below and only at the end; neither matches a first level that starts with '$'.
/// </summary>
public static class TopicFilter
{
    /// <summary>True when the UTF-8 bytes are a filter: well-formed, 1 to 65,535 bytes, wildcards only as whole levels, '#' only
    /// last.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > TopicName.BytesMax || utf8.IndexOf((byte)0) >= 0 || !Utf8.IsValid(utf8)) return false;
        if (!HasWildcard(utf8)) return true;
        for (var rest = utf8; ;)
        {
            var slash = rest.IndexOf((byte)'/');
            var level = slash < 0 ? rest : rest[..slash];
            if (level.Length > 1 && HasWildcard(level)) return false;
            if (slash < 0) return true;
            if (level is [(byte)'#']) return false;
            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>True when the text is a valid filter.</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TopicName.Utf8Length(text) > 0 && IsValid(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>True when the filter holds '+' or '#'.</summary>
    public static bool HasWildcard(ReadOnlySpan<byte> utf8) => utf8.IndexOfAny((byte)'+', (byte)'#') >= 0;

    /// <summary>True when a message on <paramref name="topic"/> is wanted by <paramref name="filter"/>. Both must be valid.</summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (topic is [(byte)'$', ..] && filter is [(byte)'+' or (byte)'#', ..]) return false;
        while (true)
        {
            if (filter is [(byte)'#']) return true;
            var filterSlash = filter.IndexOf((byte)'/');
            var topicSlash = topic.IndexOf((byte)'/');
            var wanted = filterSlash < 0 ? filter : filter[..filterSlash];
            var level = topicSlash < 0 ? topic : topic[..topicSlash];
            if (wanted is not [(byte)'+'] && !wanted.SequenceEqual(level)) return false;
            if (topicSlash < 0) return filterSlash < 0 || filter[(filterSlash + 1)..] is [(byte)'#'];
            if (filterSlash < 0) return false;
            filter = filter[(filterSlash + 1)..];
            topic = topic[(topicSlash + 1)..];
        }
    }

    /// <summary>The same for text. For hot paths use the UTF-8 form.</summary>
    public static bool Matches(string filter, string topic) => Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic));
}
