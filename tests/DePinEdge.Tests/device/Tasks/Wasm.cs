using static DePinEdge.Tests.Device.Tasks.WasmBuilder;

namespace DePinEdge.Tests.Device.Tasks;

/// <summary>Operators by name, for the modules that tests build.</summary>
internal static class Wasm
{
    public const int Unreachable = 0x00;
    public const int Nop = 0x01;
    public const int Else = 0x05;
    public const int End = 0x0b;
    public const int Return = 0x0f;
    public const int Drop = 0x1a;
    public const int Select = 0x1b;
    public const int Eqz = 0x45;
    public const int Eq = 0x46;
    public const int LtU = 0x49;
    public const int Add = 0x6a;
    public const int Sub = 0x6b;
    public const int Mul = 0x6c;
    public const int DivS = 0x6d;
    public const int DivU = 0x6e;
    public const int RemS = 0x6f;
    public const int RemU = 0x70;

    public static byte[] I32(int value) => [0x41, .. Sleb(value)];

    public static byte[] I64(long value) => [0x42, .. Sleb(value)];

    public static byte[] Get(int local) => [0x20, .. Leb(local)];

    public static byte[] Set(int local) => [0x21, .. Leb(local)];

    public static byte[] Tee(int local) => [0x22, .. Leb(local)];

    public static byte[] GlobalGet(int global) => [0x23, .. Leb(global)];

    public static byte[] GlobalSet(int global) => [0x24, .. Leb(global)];

    public static byte[] Block(int type = 0x40) => [0x02, (byte)type];

    public static byte[] Loop(int type = 0x40) => [0x03, (byte)type];

    public static byte[] If(int type = 0x40) => [0x04, (byte)type];

    public static byte[] Br(int depth) => [0x0c, .. Leb(depth)];

    public static byte[] BrIf(int depth) => [0x0d, .. Leb(depth)];

    public static byte[] BrTable(params int[] targets) => [0x0e, .. Leb(targets.Length - 1), .. targets.SelectMany(t => Leb(t))];

    public static byte[] Call(int function) => [0x10, .. Leb(function)];

    public static byte[] CallIndirect(int type) => [0x11, .. Leb(type), 0];

    /// <summary>A load or store with an offset, alignment 1.</summary>
    public static byte[] At(int op, long offset = 0) => [(byte)op, 0, .. Leb(offset)];

    public static byte[] MemorySize => [0x3f, 0];

    public static byte[] MemoryGrow => [0x40, 0];

    public static byte[] MemoryCopy => [0xfc, 0x0a, 0, 0];

    public static byte[] MemoryFill => [0xfc, 0x0b, 0];
}
