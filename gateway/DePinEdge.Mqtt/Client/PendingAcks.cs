using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Client;

/// <summary>Requests that wait for the server's answer, by packet identifier. Safe from any thread.</summary>
internal sealed class PendingAcks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, (PacketType Answer, TaskCompletionSource<ReasonCode> Done)> _pending = [];
    private ushort _lastId;
    private MqttException? _closed;

    /// <summary>Takes a free identifier for a request whose answer completes <paramref name="done"/>. False when that has failed already:
    /// the connection has ended, or all identifiers are in use.</summary>
    public bool TryBegin(PacketType answer, TaskCompletionSource<ReasonCode> done, out ushort packetId)
    {
        packetId = 0;
        MqttException? failure;
        lock (_gate)
        {
            failure = _closed ?? (_pending.Count < ushort.MaxValue ? null
                : new MqttException(MqttFailure.InvalidRequest, ReasonCode.QuotaExceeded,
                    "65,535 requests wait for their answers already"));
            if (failure is null)
            {
                do
                {
                    if (++_lastId == 0) _lastId = 1;
                }
                while (!_pending.TryAdd(_lastId, (answer, done)));
                packetId = _lastId;
                return true;
            }
        }
        done.TrySetException(failure);
        return false;
    }

    /// <summary>An answer came; false when nothing like it was waited for.</summary>
    public bool Complete(PacketType answer, ushort packetId, ReasonCode code)
    {
        TaskCompletionSource<ReasonCode> done;
        lock (_gate)
        {
            if (!_pending.TryGetValue(packetId, out var pending) || pending.Answer != answer) return false;
            _pending.Remove(packetId);
            done = pending.Done;
        }
        return done.TrySetResult(code);
    }

    /// <summary>The connection has ended: everything that waits fails, and whatever is begun later.</summary>
    public void FailAll(MqttException reason)
    {
        (PacketType, TaskCompletionSource<ReasonCode> Done)[] all;
        lock (_gate)
        {
            _closed = reason;
            all = [.. _pending.Values];
            _pending.Clear();
        }
        foreach (var (_, done) in all)
        {
            done.TrySetException(reason);
            // A caller that gave up waiting leaves nobody to look at the failure.
            _ = done.Task.Exception;
        }
    }
}
