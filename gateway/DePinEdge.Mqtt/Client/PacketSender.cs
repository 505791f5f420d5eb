namespace DePinEdge.Mqtt.Client;

/// <summary>
/// Writes packets to a stream in the order they were added. While one write is under way, later packets gather and go out together in the
/// next, so many small publishes cost few system calls. Safe from any thread.
/// </summary>
internal sealed class PacketSender(Stream stream, TimeProvider timeProvider, Action<Exception> failed)
{
    private const int SmallBuffer = 512;
    private readonly Lock _gate = new();
    private byte[] _filling = new byte[SmallBuffer];
    private byte[] _spare = new byte[SmallBuffer];
    private int _filled;
    private bool _writing;
    private Task _write = Task.CompletedTask;
    private long _lastWrite = timeProvider.GetTimestamp();

    /// <summary>The instant of the last write, as a timestamp of the time provider.</summary>
    public long LastWrite => Volatile.Read(ref _lastWrite);

    /// <summary>Adds a packet without sending it yet.</summary>
    public void Add(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_filled + packet.Length > _filling.Length)
                Array.Resize(ref _filling, Math.Max(_filling.Length * 2, _filled + packet.Length));
            packet.CopyTo(_filling.AsSpan(_filled));
            _filled += packet.Length;
        }
    }

    /// <summary>Sends everything added. Completes when it is with the operating system; fails with <see cref="MqttException"/>.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (_writing) return _write;
            if (_filled == 0) return Task.CompletedTask;
            _writing = true;
            return _write = WriteAsync();
        }
    }

    /// <summary>Adds a packet and sends.</summary>
    public Task SendAsync(ReadOnlySpan<byte> packet)
    {
        Add(packet);
        return FlushAsync();
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            int bytes;
            byte[] buffer;
            lock (_gate)
            {
                if (_filled == 0)
                {
                    _writing = false;
                    return;
                }
                (buffer, bytes) = (_filling, _filled);
                (_filling, _filled) = (_spare, 0);
            }
            try
            {
                await stream.WriteAsync(buffer.AsMemory(0, bytes)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                failed(e);
                throw new MqttException(MqttFailure.ConnectionLost, ReasonCode.UnspecifiedError,
                    $"the connection broke while writing: {e.Message}", e);
            }
            Volatile.Write(ref _lastWrite, timeProvider.GetTimestamp());
            // A burst's large array is not kept by each of a thousand idle clients.
            lock (_gate) _spare = buffer.Length <= 16_384 ? buffer : new byte[SmallBuffer];
        }
    }
}
