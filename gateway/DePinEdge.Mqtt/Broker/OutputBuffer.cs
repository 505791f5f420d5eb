namespace DePinEdge.Mqtt.Broker;

/// <summary>Bytes to be sent, in an array that belongs to the shell until it gives it back with <see cref="Return"/>, on the owner's
/// thread and once.</summary>
public readonly struct OutputBuffer
{
    private readonly BufferPool? _pool;

    internal OutputBuffer(BufferPool? pool, byte[] array, int offset, int count)
    {
        _pool = pool;
        Array = array;
        Offset = offset;
        Count = count;
    }

    /// <summary>The array; empty when there was nothing to send.</summary>
    public byte[] Array { get; }

    /// <summary>Where the bytes start.</summary>
    public int Offset { get; }

    /// <summary>How many bytes there are.</summary>
    public int Count { get; }

    /// <summary>The bytes as memory, for a socket.</summary>
    public ReadOnlyMemory<byte> Memory => new(Array, Offset, Count);

    /// <summary>Gives the array back to the broker's pool.</summary>
    public void Return() => _pool?.Return(Array);
}
