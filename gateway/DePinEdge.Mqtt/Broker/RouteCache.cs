using System.Text;

namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// The publish decisions of one connection, so that a client that repeats its topics costs neither a call into the application nor a new
/// string. Few entries, found
/// by comparing bytes; the oldest makes room.
/// </summary>
internal sealed class RouteCache(int most)
{
    private Entry[] _entries = [];
    private int _last;
    private int _next;

    /// <summary>The decision for a topic; kept until it makes room.</summary>
    public ref readonly Entry Find(BrokerState state, BrokerClient client, ReadOnlySpan<byte> topic, QoS qos, bool retain)
    {
        var flags = (byte)((int)qos << 1 | (retain ? 1 : 0));
        if (_last < _entries.Length && _entries[_last].Is(topic, flags)) return ref _entries[_last];
        for (var i = 0; i < _entries.Length; i++)
        {
            if (!_entries[i].Is(topic, flags)) continue;
            _last = i;
            return ref _entries[i];
        }
        return ref Ask(state, client, topic, qos, retain, flags);
    }

    private ref Entry Ask(BrokerState state, BrokerClient client, ReadOnlySpan<byte> topic, QoS qos, bool retain, byte flags)
    {
        var text = Encoding.UTF8.GetString(topic);
        var tooDeep = TopicName.Levels(topic) > state.Options.MaxTopicLevels;
        var entry = new Entry
        {
            TopicUtf8 = topic.ToArray(),
            Topic = text,
            Flags = flags,
            Route = tooDeep ? PublishRoute.Refuse : state.Application.AuthorizePublish(client, text, qos, retain),
            Refusal = tooDeep ? ReasonCode.TopicNameInvalid : ReasonCode.NotAuthorized,
        };
        if (_entries.Length < most)
        {
            Array.Resize(ref _entries, _entries.Length + 1);
            _last = _entries.Length - 1;
        }
        else
        {
            _last = _next;
            _next = (_next + 1) % most;
        }
        _entries[_last] = entry;
        return ref _entries[_last];
    }

    internal struct Entry
    {
        public byte[] TopicUtf8;
        public string Topic;
        public byte Flags;
        public PublishRoute Route;

        /// <summary>What a refused MQTT 5 publisher is told.</summary>
        public ReasonCode Refusal;

        public readonly bool Is(ReadOnlySpan<byte> topic, byte flags) => Flags == flags && topic.SequenceEqual(TopicUtf8);
    }
}
