// Bit counts in plain shifts and masks: boards have no intrinsic for them.
namespace DePinEdge.Agent.Tasks;

/// <summary>clz, ctz and popcnt of WebAssembly; of zero, clz and ctz give the width.</summary>
public static class Bits
{
    public static int Clz(int value)
    {
        if (value <= 0) return value == 0 ? 32 : 0;
        var n = 1;
        if ((value >> 16) == 0) { n += 16; value <<= 16; }
        if ((value >> 24) == 0) { n += 8; value <<= 8; }
        if ((value >> 28) == 0) { n += 4; value <<= 4; }
        if ((value >> 30) == 0) { n += 2; value <<= 2; }
        return value < 0 ? n - 1 : n;
    }

    public static int Ctz(int value) => value == 0 ? 32 : Popcnt((value & -value) - 1);

    public static int Popcnt(int value)
    {
        value -= (value >> 1) & 0x55555555;
        value = (value & 0x33333333) + ((value >> 2) & 0x33333333);
        value = (value + (value >> 4)) & 0x0f0f0f0f;
        return (int)((uint)(value * 0x01010101) >> 24);
    }

    public static long Clz(long value)
    {
        var high = (int)(value >> 32);
        return high == 0 ? 32 + Clz((int)value) : Clz(high);
    }

    public static long Ctz(long value) => (int)value == 0 ? 32 + Ctz((int)(value >> 32)) : Ctz((int)value);

    public static long Popcnt(long value) => Popcnt((int)value) + Popcnt((int)(value >> 32));
}
