using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Client;

/// <summary>
/// An MQTT client for one connection: after it closed, a new object makes the next attempt. It has no thread of its own and small
/// buffers, so a process may hold thousands. Sends from any thread; one
/// reader takes <see cref="Messages"/>. Every failure is an <see cref="MqttException"/> but a cancellation by the caller.
/// </summary>
public sealed class MqttClient : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource<MqttClosed> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ConnectResult> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PendingAcks _acks = new();
    private MqttClientOptions _options = new();
    private Channel<MqttMessage>? _messages;
    private Socket? _socket;
    private PacketSender? _sender;
    private ClientPacketWriter? _writer;
    private PublishWindow? _window;
    private ITimer? _keepAlive;
    private Task _reading = Task.CompletedTask;
    private int _started;
    private int _ended;
    private long _lastReceived;
    private long _pingSent;
    private volatile bool _readerBlocked;
    private uint _serverPacketBytesMax = int.MaxValue;

    /// <summary>Messages in order of arrival; completed when the connection ends. There are none before
    /// <see cref="ConnectAsync"/>.</summary>
    public ChannelReader<MqttMessage> Messages => _messages?.Reader ?? throw NotConnected();

    /// <summary>Completes, never fails, when the connection has ended.</summary>
    public Task<MqttClosed> Closed => _closed.Task;

    /// <summary>Connects, once. A refusal by the server is a result, everything else that fails an exception; either way the client is
    /// then closed.</summary>
    public async Task<ConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        if (Interlocked.Exchange(ref _started, 1) != 0) throw Invalid("a client connects once; make a new one for the next connection");
        _options = options;
        _messages = Channel.CreateBounded<MqttMessage>(new BoundedChannelOptions(options.MessageCapacity) { SingleWriter = true });
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var socket = _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(options.Host, options.Port, either.Token).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            _sender = new PacketSender(stream, options.TimeProvider, e =>
                End(MqttFailure.ConnectionLost, ReasonCode.UnspecifiedError, $"the connection broke while writing: {e.Message}"));
            _writer = new ClientPacketWriter(options, _sender);
            _lastReceived = options.TimeProvider.GetTimestamp();
            _reading = ReadAsync(stream);
            await _writer.SendConnect().WaitAsync(either.Token).ConfigureAwait(false);
            return await _connected.Task.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw Failed(MqttFailure.Unreachable, ReasonCode.ServerUnavailable,
                $"{options.Host}:{options.Port} cannot be reached: {e.Message}", e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(MqttFailure.TimedOut, ReasonCode.ServerUnavailable,
                $"{options.Host}:{options.Port} did not answer CONNECT within {options.ConnectTimeout.TotalSeconds:0.###} s");
        }
        catch (OperationCanceledException)
        {
            End(MqttFailure.ClosedByClient, ReasonCode.Success, "connecting was cancelled");
            throw;
        }
    }

    /// <summary>Subscribes with QoS 0 or 1; the answer is the granted QoS (a code below 0x80) or the refusal.</summary>
    public async Task<ReasonCode> SubscribeAsync(string filter, QoS qos, CancellationToken cancellationToken = default)
    {
        if (!TopicFilter.IsValid(filter)) throw Invalid($"'{filter}' is not a topic filter");
        if (qos == QoS.ExactlyOnce) throw Invalid("this client does not serve QoS 2");
        var done = new TaskCompletionSource<ReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Connected()._acks.TryBegin(PacketType.SubAck, done, out var packetId))
            await _writer!.SendSubscribe(packetId, filter, qos).ConfigureAwait(false);
        return await Answer(done.Task, "SUBSCRIBE", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends a subscription.</summary>
    public async Task<ReasonCode> UnsubscribeAsync(string filter, CancellationToken cancellationToken = default)
    {
        if (!TopicFilter.IsValid(filter)) throw Invalid($"'{filter}' is not a topic filter");
        var done = new TaskCompletionSource<ReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Connected()._acks.TryBegin(PacketType.UnsubAck, done, out var packetId))
            await _writer!.SendUnsubscribe(packetId, filter).ConfigureAwait(false);
        return await Answer(done.Task, "UNSUBSCRIBE", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Publishes. QoS 0 completes when the message is with the operating system, QoS 1 at PUBACK with its code. Messages of one QoS leave
    /// in the order of the calls; QoS 1 messages beyond what the server
    /// takes at once wait here. Cancelling ends the wait, it does not take the message back. Somebody must go on taking
    /// <see cref="Messages"/> meanwhile: when they are full nothing is read, PUBACK
    /// included, and the wait ends as a time-out.
    /// </summary>
    public async Task<ReasonCode> PublishAsync(string topic, ReadOnlyMemory<byte> payload, QoS qos, bool retain,
        CancellationToken cancellationToken = default)
    {
        if (!TopicName.IsValid(topic)) throw Invalid($"'{topic}' is not a topic name");
        if (qos == QoS.ExactlyOnce) throw Invalid("this client does not serve QoS 2");
        var topicUtf8 = Encoding.UTF8.GetBytes(topic);
        var bytes = new PublishPacket { QoS = qos, Topic = topicUtf8, Payload = payload.Span }.Size(_options.ProtocolVersion);
        if (bytes > Connected()._serverPacketBytesMax)
            throw new MqttException(MqttFailure.InvalidRequest, ReasonCode.PacketTooLarge,
                $"the packet has {bytes} bytes and the server takes {_serverPacketBytesMax}");
        if (qos == QoS.AtMostOnce)
        {
            await _writer!.SendPublish(topicUtf8, payload.Span, retain).ConfigureAwait(false);
            return ReasonCode.Success;
        }
        var done = _window!.Publish(topicUtf8, payload.Span, retain);
        await _sender!.FlushAsync().ConfigureAwait(false);
        return await Answer(done, "PUBLISH", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says DISCONNECT, closes, and gives the server a second to close its side.</summary>
    public async Task DisconnectAsync(ReasonCode code = ReasonCode.Success, CancellationToken cancellationToken = default)
    {
        if (_connected.Task.IsCompletedSuccessfully && _ended == 0)
        {
            // The reason is set first: the server may close its side before our own write has returned.
            Finish(new MqttClosed(MqttFailure.ClosedByClient, code, "the client disconnected"), closeSocket: false);
            try
            {
                await _writer!.SendDisconnect(code).WaitAsync(GoodbyeTimeout, _options.TimeProvider,
                    cancellationToken).ConfigureAwait(false);
                _socket!.Shutdown(SocketShutdown.Send);
                await _reading.WaitAsync(GoodbyeTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is MqttException or TimeoutException or SocketException or ObjectDisposedException
                or OperationCanceledException)
            {
                // It is closed all the same; a server that is gone needs no farewell.
            }
        }
        End(MqttFailure.ClosedByClient, code, "the client closed the connection");
        _socket?.Dispose();
    }

    /// <summary>Closes as <see cref="DisconnectAsync"/> does.</summary>
    public async ValueTask DisposeAsync() => await DisconnectAsync().ConfigureAwait(false);

    private static void Check(MqttClientOptions options)
    {
        static void Range(string key, long value, long least, long most)
        {
            if (value < least || value > most) throw Invalid($"{key} is {value} and must be between {least} and {most}");
        }
        Range(nameof(options.Port), options.Port, 1, 65_535);
        Range(nameof(options.KeepAliveSeconds), options.KeepAliveSeconds, 0, 65_535);
        Range(nameof(options.ProtocolVersion), options.ProtocolVersion, ProtocolVersion.V311, ProtocolVersion.V5);
        Range(nameof(options.MessageCapacity), options.MessageCapacity, 1, 65_535);
        Range(nameof(options.MaxPacketBytes), options.MaxPacketBytes, 128, 268_435_455);
        Range(nameof(options.ClientId), Encoding.UTF8.GetByteCount(options.ClientId), 0, 65_535);
        Range(nameof(options.Password), options.Password?.Length ?? 0, 0, 65_535);
        if (options.Password is not null && options.UserName is null && options.ProtocolVersion < ProtocolVersion.V5)
            throw Invalid("MQTT 3.1.1 takes a password only with a user name");
    }

    private static MqttException Invalid(string what) => new(MqttFailure.InvalidRequest, ReasonCode.ImplementationSpecificError, what);

    private static MqttException NotConnected() => Invalid("the client is not connected");

    private MqttClient Connected()
    {
        if (_ended != 0) throw Ended();
        return _connected.Task.IsCompletedSuccessfully ? this : throw NotConnected();
    }

    private MqttException Ended()
    {
        var closed = _closed.Task.IsCompletedSuccessfully
            ? _closed.Task.Result : new MqttClosed(MqttFailure.ConnectionLost, ReasonCode.UnspecifiedError, "the connection is closed");
        return new MqttException(closed.Failure, closed.Code, closed.Reason);
    }

    // A server that leaves a request unanswered is not one to go on talking to.
    private async Task<ReasonCode> Answer(Task<ReasonCode> done, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await done.WaitAsync(_options.AckTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Failed(MqttFailure.TimedOut, ReasonCode.UnspecifiedError,
                $"the server did not answer {what} within {_options.AckTimeout.TotalSeconds:0.###} s");
        }
    }

    private MqttException Failed(MqttFailure failure, ReasonCode code, string reason, Exception? inner = null)
    {
        End(failure, code, reason);
        return new MqttException(failure, code, reason, inner);
    }

    private void End(MqttFailure failure, ReasonCode code, string reason) =>
        Finish(new MqttClosed(failure, code, reason), closeSocket: true);

    // Once; the first reason is the one that is kept.
    private void Finish(MqttClosed closed, bool closeSocket)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        var exception = new MqttException(closed.Failure, closed.Code, closed.Reason);
        _closed.TrySetResult(closed);
        _keepAlive?.Dispose();
        _acks.FailAll(exception);
        _window?.Close(exception);
        if (_connected.TrySetException(exception)) _ = _connected.Task.Exception;
        _messages?.Writer.TryComplete();
        if (closeSocket) _socket?.Dispose();
    }

    private async Task ReadAsync(NetworkStream stream)
    {
        var reader = new ClientPacketReader(_options.ProtocolVersion, _options.MaxPacketBytes);
        try
        {
            while (true)
            {
                while (reader.TryTake(out var packet))
                    if (!await HandleAsync(packet).ConfigureAwait(false)) return;
                await _sender!.FlushAsync().ConfigureAwait(false);
                var bytes = await stream.ReadAsync(reader.Room()).ConfigureAwait(false);
                if (bytes == 0)
                {
                    End(MqttFailure.ConnectionLost, ReasonCode.UnspecifiedError, _connected.Task.IsCompleted
                        ? "the server closed the connection" : "the server closed the connection without an answer to CONNECT");
                    return;
                }
                reader.Received(bytes);
                Volatile.Write(ref _lastReceived, _options.TimeProvider.GetTimestamp());
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or MqttException)
        {
            End(MqttFailure.ConnectionLost, ReasonCode.UnspecifiedError, $"the connection broke: {e.Message}");
        }
    }

    // False ends the reading.
    private async ValueTask<bool> HandleAsync(ServerPacket packet)
    {
        if (_ended != 0) return true;
        if (packet.Status != DecodeStatus.Ok)
            return Fail($"the server sent a packet that cannot be read: {packet.Status} in {packet.Type}");
        if (_connected.Task.IsCompleted == (packet.Type == PacketType.ConnAck))
            return Fail($"the server sent {packet.Type} at the wrong time");
        switch (packet.Type)
        {
            case PacketType.ConnAck:
                return Open(packet.Connect!);
            case PacketType.Publish:
                if (packet.Message!.QoS == QoS.ExactlyOnce) return Fail("the server sent a QoS 2 message that was not asked for");
                return await TakeAsync(packet.Message, packet.PacketId).ConfigureAwait(false);
            case PacketType.PubAck or PacketType.SubAck or PacketType.UnsubAck:
                // An answer to nothing: to a request of an earlier connection of this session, perhaps.
                if (_acks.Complete(packet.Type, packet.PacketId, packet.Code) && packet.Type == PacketType.PubAck) _window!.Acknowledged();
                return true;
            case PacketType.PingResp:
                return true;
            case PacketType.Disconnect:
                End(MqttFailure.DisconnectedByServer, packet.Code, packet.Reason.Length > 0
                    ? packet.Reason : $"the server disconnected: {packet.Code}");
                return false;
            default:
                return Fail($"the server sent {packet.Type}, which a client does not take");
        }

        bool Fail(string reason)
        {
            End(MqttFailure.ProtocolError, ReasonCode.ProtocolError, reason);
            return false;
        }
    }

    private bool Open(ServerConnAck answer)
    {
        if (!answer.Result.Accepted)
        {
            _connected.TrySetResult(answer.Result);
            End(MqttFailure.Refused, answer.Result.Code, answer.Result.Reason.Length > 0
                ? answer.Result.Reason : $"the server refused the connection: {answer.Result.Code}");
            return false;
        }
        _serverPacketBytesMax = answer.PacketBytesMax;
        _window = new PublishWindow(answer.ReceiveMaximum, _options.ProtocolVersion, _acks, _sender!);
        var keepAlive = answer.KeepAliveSeconds ?? _options.KeepAliveSeconds;
        if (keepAlive > 0)
        {
            var quarter = TimeSpan.FromSeconds(keepAlive / 4.0);
            _keepAlive = _options.TimeProvider.CreateTimer(_ => KeepAlive(TimeSpan.FromSeconds(keepAlive)), null, quarter, quarter);
        }
        _connected.TrySetResult(answer.Result);
        return true;
    }

    // The message first, its acknowledgement after: what was acknowledged is with the application.
    private async ValueTask<bool> TakeAsync(MqttMessage message, ushort packetId)
    {
        if (!_messages!.Writer.TryWrite(message))
        {
            await _sender!.FlushAsync().ConfigureAwait(false);
            _readerBlocked = true;
            try
            {
                await _messages.Writer.WriteAsync(message).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                return true;
            }
            finally
            {
                Volatile.Write(ref _lastReceived, _options.TimeProvider.GetTimestamp());
                _readerBlocked = false;
            }
        }
        if (message.QoS == QoS.AtLeastOnce) _writer!.AddAck(packetId);
        return true;
    }

    // Four times in a keep-alive: pings after half of it without a packet sent, gives up when a ping has no answer for all of it.
    private void KeepAlive(TimeSpan keepAlive)
    {
        if (_ended != 0 || _sender is not { } sender) return;
        var time = _options.TimeProvider;
        if (_pingSent != 0 && Volatile.Read(ref _lastReceived) < _pingSent && !_readerBlocked)
        {
            if (time.GetElapsedTime(_pingSent) >= keepAlive)
                End(MqttFailure.TimedOut, ReasonCode.KeepAliveTimeout,
                    $"the server was silent for {keepAlive.TotalSeconds:0.###} s after a ping");
            return;
        }
        _pingSent = 0;
        if (time.GetElapsedTime(sender.LastWrite) < keepAlive / 2) return;
        _pingSent = time.GetTimestamp();
        _ = sender.SendAsync([(byte)PacketType.PingReq << 4, 0]);
    }
}
