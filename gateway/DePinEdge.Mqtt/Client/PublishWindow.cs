using System.Buffers;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Client;

/// <summary>
/// QoS 1 publishes within the server's Receive Maximum. Messages leave in the order of the calls, whether or not the callers await each
/// other: those beyond the window wait here, and an acknowledgement lets the next one go.
/// Safe from any thread.
/// </summary>
internal sealed class PublishWindow(int size, int protocolVersion, PendingAcks acks, PacketSender sender)
{
    private readonly Lock _gate = new();
    private readonly Queue<(byte[] TopicUtf8, byte[] Payload, bool Retain, TaskCompletionSource<ReasonCode> Done)> _waiting = [];
    private int _free = size;
    private MqttException? _closed;

    /// <summary>Adds the message to the sender, or keeps a copy until there is room. The task is its acknowledgement.</summary>
    public Task<ReasonCode> Publish(byte[] topicUtf8, ReadOnlySpan<byte> payload, bool retain)
    {
        var done = new TaskCompletionSource<ReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closed is not null) throw _closed;
            if (_free == 0)
            {
                _waiting.Enqueue((topicUtf8, payload.ToArray(), retain, done));
                return done.Task;
            }
            _free--;
            Add(topicUtf8, payload, retain, done);
        }
        return done.Task;
    }

    /// <summary>One message was acknowledged: its place goes to the next.</summary>
    public void Acknowledged()
    {
        lock (_gate)
        {
            if (_closed is not null) return;
            if (_waiting.TryDequeue(out var next)) Add(next.TopicUtf8, next.Payload, next.Retain, next.Done);
            else _free++;
        }
    }

    /// <summary>The connection has ended: what waits fails.</summary>
    public void Close(MqttException reason)
    {
        lock (_gate)
        {
            _closed = reason;
            while (_waiting.TryDequeue(out var next))
            {
                next.Done.TrySetException(reason);
                _ = next.Done.Task.Exception;
            }
        }
    }

    private void Add(byte[] topicUtf8, ReadOnlySpan<byte> payload, bool retain, TaskCompletionSource<ReasonCode> done)
    {
        if (!acks.TryBegin(PacketType.PubAck, done, out var packetId)) return;
        const QoS qos = QoS.AtLeastOnce;
        var packet = new PublishPacket { QoS = qos, Retain = retain, Topic = topicUtf8, PacketId = packetId, Payload = payload };
        var buffer = ArrayPool<byte>.Shared.Rent(packet.Size(protocolVersion));
        sender.Add(buffer.AsSpan(0, packet.Write(buffer, protocolVersion)));
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
