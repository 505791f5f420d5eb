namespace DePinEdge.Mqtt.Broker;

/// <summary>An application message that must outlive the packet it came in: retained, a will, or QoS 1 until acknowledged. Immutable; all
/// who need it share one.</summary>
internal sealed class Message
{
    private readonly byte[] _data;
    private readonly int _topicBytes;
    private readonly int _propertiesBytes;
    private readonly QoS _qos;
    private readonly bool _retain;
    private readonly long _expiresAtMs;

    public Message(in MessageView view)
    {
        _topicBytes = view.Topic.Length;
        _propertiesBytes = view.Properties.Length;
        _qos = view.QoS;
        _retain = view.Retain;
        _expiresAtMs = view.ExpiresAtMs;
        _data = GC.AllocateUninitializedArray<byte>(view.Bytes);
        view.Topic.CopyTo(_data);
        view.Properties.CopyTo(_data.AsSpan(_topicBytes));
        view.Payload.CopyTo(_data.AsSpan(_topicBytes + _propertiesBytes));
    }

    public int Bytes => _data.Length;

    public MessageView View => new()
    {
        Topic = _data.AsSpan(0, _topicBytes),
        Properties = _data.AsSpan(_topicBytes, _propertiesBytes),
        Payload = _data.AsSpan(_topicBytes + _propertiesBytes),
        QoS = _qos,
        Retain = _retain,
        ExpiresAtMs = _expiresAtMs,
    };

    /// <summary>The last moment at which somebody may get it; 0 when there is none.</summary>
    public long ExpiresAtMs => _expiresAtMs;

    /// <summary>Its time is over.</summary>
    public bool IsExpired(long nowMs) => _expiresAtMs != 0 && nowMs > _expiresAtMs;
}
