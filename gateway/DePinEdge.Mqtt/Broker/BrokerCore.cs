using System.Text;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// The broker as a synchronous function of (bytes, now). One thread owns it; it has no sockets, locks, clock or tasks. A shell opens
/// connections, hands in bytes as they come, calls
/// <see cref="Tick"/> when <see cref="NextTickMs"/> says so, and once a turn takes the dirty connections and sends what they hold. What
/// it may hold back until then, a durable commit for
/// example, nobody outside has seen.
/// </summary>
public sealed class BrokerCore : IBroker
{
    private readonly BrokerState _state;
    private readonly PacketHandler _packets;
    private byte[] _topicBytes = new byte[256];
    private bool _busy;

    /// <summary>Checks the options; throws <see cref="ArgumentException"/> naming the bad one.</summary>
    public BrokerCore(BrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _state = new BrokerState(options);
        _packets = new PacketHandler(_state);
    }

    /// <inheritdoc/>
    public BrokerCounters Counters => _state.Counters;

    /// <summary>The limits in force.</summary>
    public BrokerOptions Options => _state.Options;

    /// <summary>When <see cref="Tick"/> is next needed: a past instant means now, <see cref="long.MaxValue"/> never.</summary>
    public long NextTickMs => _state.Notices.Count > 0
        ? long.MinValue
        : Math.Min(Math.Min(_state.Connections.NextTickMs, _state.Retained.NextTickMs), _state.Sessions.NextTickMs);

    /// <summary>Names the application, once, before the first connection.</summary>
    public void Attach(IBrokerApplication application)
    {
        ArgumentNullException.ThrowIfNull(application);
        _state.Application = application;
    }

    /// <summary>A new transport connection. Null when the limit is reached: the shell closes the transport.</summary>
    public BrokerConnection? Open(RemoteEndpoint remote, long nowMs)
    {
        _state.NowMs = nowMs;
        return _state.Connections.Open(remote);
    }

    /// <summary>Bytes of a connection, any fragment of its stream. All packets they complete are handled; bytes after a connection was
    /// given up are ignored.</summary>
    public void Receive(BrokerConnection connection, ReadOnlySpan<byte> bytes, long nowMs)
    {
        Enter(nowMs);
        _state.Counters.BytesIn += bytes.Length;
        connection.Receiving = true;
        while (!connection.CloseAfterFlush && !bytes.IsEmpty)
        {
            var used = connection.Stash is null ? TakeFromInput(connection, bytes) : TakeFromStash(connection, bytes);
            bytes = bytes[used..];
        }
        connection.Receiving = false;
        if (connection.CloseAfterFlush) _state.Connections.ReleaseStash(connection);
        Leave();
    }

    /// <summary>The transport ended, whoever closed it. A second call does nothing.</summary>
    public void Closed(BrokerConnection connection, string reason, long nowMs)
    {
        Enter(nowMs);
        _state.Connections.Closed(connection, reason);
        Leave();
    }

    /// <summary>Lets time pass: connect time-outs, keep-alive, clients that were too fast, retained messages that expire, session expiry, delayed wills, notices that wait.</summary>
    public void Tick(long nowMs)
    {
        Enter(nowMs);
        _state.Connections.Tick();
        _state.Sessions.Tick();
        _state.Retained.Tick(nowMs);
        Leave();
    }

    /// <summary>
    /// Moves the connections that have output, must be closed or must be aborted into the list, each once. A shell that still sends an
    /// earlier buffer of one remembers it and comes back
    /// to it when that is done: it is listed again only when something new happens.
    /// </summary>
    public void TakeDirty(List<BrokerConnection> into) => _state.Outputs.TakeDirty(into);

    /// <summary>All pending bytes of a connection, possibly none. The array belongs to the shell until <see cref="OutputBuffer.Return"/>,
    /// so the broker may go on filling a fresh one.</summary>
    public OutputBuffer TakeOutput(BrokerConnection connection) => _state.Outputs.Take(connection);

    /// <summary>The transport has taken this many bytes of what was taken with <see cref="TakeOutput"/>. What waited for room may then
    /// fill the output again.</summary>
    public void OutputSent(BrokerConnection connection, int bytes)
    {
        _state.Outputs.Sent(connection, bytes);
        if (connection.Session is { } session) _state.Delivery.Pump(session);
    }

    /// <inheritdoc/>
    public void Publish(string topic, ReadOnlySpan<byte> payload, QoS qos, bool retain, PublishProperties? properties = null)
    {
        var message = new MessageView
        {
            Topic = Encode(topic),
            Properties = properties is null ? default : properties.Encoded,
            Payload = payload,
            QoS = Served(qos),
            Retain = retain,
        };
        Message? kept = null;
        if (retain && _state.Retained.HasRoomFor(message)) _state.Retained.Set(message, ref kept);
        _state.Delivery.Publish(message, null, ref kept);
    }

    /// <inheritdoc/>
    public bool SendTo(string clientId, string topic, ReadOnlySpan<byte> payload, QoS qos)
    {
        if (_state.Sessions.Find(clientId) is not { Connection: not null } session) return false;
        return _state.Delivery.SendTo(session, new MessageView { Topic = Encode(topic), Payload = payload, QoS = Served(qos) });
    }

    /// <inheritdoc/>
    public bool Disconnect(string clientId, ReasonCode code, string reason)
    {
        if (_state.Sessions.Find(clientId)?.Connection is not { } connection) return false;
        _state.Connections.Close(connection, code, reason);
        return true;
    }

    private static QoS Served(QoS asked) => asked == QoS.AtMostOnce ? QoS.AtMostOnce : QoS.AtLeastOnce;

    private void Enter(long nowMs)
    {
        Invariant.Require(!_busy, "the shell's calls do not nest");
        _busy = true;
        _state.NowMs = nowMs;
        _state.DrainNotices();
    }

    private void Leave()
    {
        _state.DrainNotices();
        _busy = false;
    }

    // The ordinary case: the packet lies whole in what came, and is read where it lies.
    private int TakeFromInput(BrokerConnection connection, ReadOnlySpan<byte> bytes)
    {
        var status = Frame.TryRead(bytes, connection.PacketBytesMax, out var frame);
        if (status == DecodeStatus.Ok)
        {
            Handle(connection, frame);
            return frame.Bytes;
        }
        if (status == DecodeStatus.Incomplete) Stash(connection, bytes);
        else BadFrame(connection, status);
        return bytes.Length;
    }

    // A packet that came in pieces: adds what completes its header, then what completes it, then handles it.
    private int TakeFromStash(BrokerConnection connection, ReadOnlySpan<byte> bytes)
    {
        var stashed = connection.Stash.AsSpan(0, connection.StashBytes);
        var status = Frame.TryReadHeader(stashed, connection.PacketBytesMax, out _, out var packetBytes);
        if (status == DecodeStatus.Incomplete)
        {
            Stash(connection, bytes[..1]);
            status = Frame.TryReadHeader(connection.Stash.AsSpan(0, connection.StashBytes), connection.PacketBytesMax, out _,
                out packetBytes);
            if (status is DecodeStatus.Incomplete) return 1;
            if (status != DecodeStatus.Ok)
            {
                BadFrame(connection, status);
                return bytes.Length;
            }
            if (packetBytes > connection.StashBytes) return 1;
            HandleStash(connection);
            return 1;
        }
        var used = Math.Min(bytes.Length, packetBytes - connection.StashBytes);
        Stash(connection, bytes[..used]);
        if (connection.StashBytes == packetBytes) HandleStash(connection);
        return used;
    }

    private void HandleStash(BrokerConnection connection)
    {
        var stash = connection.Stash!;
        Frame.TryRead(stash.AsSpan(0, connection.StashBytes), connection.PacketBytesMax, out var frame);
        Handle(connection, frame);
        connection.Stash = null;
        connection.StashBytes = 0;
        _state.Outputs.Pool.Return(stash);
    }

    private void Handle(BrokerConnection connection, in Frame frame)
    {
        _packets.Handle(connection, frame);
        _state.DrainNotices();
    }

    private void BadFrame(BrokerConnection connection, DecodeStatus status)
    {
        if (status == DecodeStatus.PacketTooLarge)
            _state.Counters.Count(connection.Session is null ? BrokerLimit.MaxConnectPacketBytes : BrokerLimit.MaxPacketBytes);
        _state.Connections.CloseForError(connection, status.ToReasonCode(),
            status == DecodeStatus.PacketTooLarge ? "the packet is too large" : "the packet's header is malformed");
    }

    // Grows with what really came, so that a large length alone costs us nothing.
    private void Stash(BrokerConnection connection, ReadOnlySpan<byte> bytes)
    {
        var have = connection.StashBytes;
        var stash = connection.Stash;
        if (stash is null || stash.Length < have + bytes.Length)
        {
            var larger = _state.Outputs.Pool.Rent(have + bytes.Length);
            stash.AsSpan(0, have).CopyTo(larger);
            if (stash is not null) _state.Outputs.Pool.Return(stash);
            connection.Stash = stash = larger;
        }
        bytes.CopyTo(stash.AsSpan(have));
        connection.StashBytes = have + bytes.Length;
    }

    private ReadOnlySpan<byte> Encode(string topic)
    {
        Invariant.Require(TopicName.IsValid(topic), "the application publishes to valid topics");
        var bytes = Encoding.UTF8.GetByteCount(topic);
        if (bytes > _topicBytes.Length) _topicBytes = new byte[bytes];
        return _topicBytes.AsSpan(0, Encoding.UTF8.GetBytes(topic, _topicBytes));
    }
}
