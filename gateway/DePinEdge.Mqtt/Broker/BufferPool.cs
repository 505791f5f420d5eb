using System.Numerics;

namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// Byte arrays by powers of two, owned by one thread and therefore without locks. Every class keeps a bounded number of idle arrays
/// (about one megabyte),
/// the rest goes to the garbage collector.
/// </summary>
internal sealed class BufferPool
{
    private const int SmallestBits = 8;
    private const int LargestBits = 22;
    private const int IdleBytesPerClass = 1 << 20;
    private readonly Stack<byte[]>[] _idle = new Stack<byte[]>[LargestBits - SmallestBits + 1];

    public BufferPool()
    {
        for (var i = 0; i < _idle.Length; i++) _idle[i] = new Stack<byte[]>();
    }

    /// <summary>An array of at least <paramref name="bytes"/>, with whatever it held before.</summary>
    public byte[] Rent(int bytes)
    {
        var bits = Bits(bytes);
        if (bits > LargestBits) return GC.AllocateUninitializedArray<byte>(bytes);
        return _idle[bits - SmallestBits].TryPop(out var array) ? array : GC.AllocateUninitializedArray<byte>(1 << bits);
    }

    /// <summary>Takes an array back. An array of a size that is not ours is left to the garbage collector.</summary>
    public void Return(byte[] array)
    {
        var bits = Bits(array.Length);
        if (bits > LargestBits || array.Length != 1 << bits) return;
        var idle = _idle[bits - SmallestBits];
        if ((idle.Count + 1) * (long)array.Length <= Math.Max(IdleBytesPerClass, array.Length)) idle.Push(array);
    }

    private static int Bits(int bytes) => Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(bytes, 1) - 1));
}
