// nanoFramework CoreLibrary 1.17: the primitive types. Signatures only.
namespace System;

public struct Void
{
}

public struct Boolean
{
    public override string ToString() => throw null;
}

public struct Char
{
    public const char MinValue = (char)0;
    public const char MaxValue = (char)0xFFFF;
    public override string ToString() => throw null;
}

public struct SByte
{
    public const sbyte MinValue = -128;
    public const sbyte MaxValue = 127;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static sbyte Parse(string s) => throw null;
}

public struct Byte
{
    public const byte MinValue = 0;
    public const byte MaxValue = 255;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static byte Parse(string s) => throw null;
}

public struct Int16
{
    public const short MinValue = -32768;
    public const short MaxValue = 32767;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static short Parse(string s) => throw null;
}

public struct UInt16
{
    public const ushort MinValue = 0;
    public const ushort MaxValue = 65535;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static ushort Parse(string s) => throw null;
}

public struct Int32
{
    public const int MinValue = unchecked((int)0x80000000);
    public const int MaxValue = 0x7fffffff;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static int Parse(string s) => throw null;
}

public struct UInt32
{
    public const uint MinValue = 0U;
    public const uint MaxValue = 0xffffffff;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static uint Parse(string s) => throw null;
}

public struct Int64
{
    public const long MinValue = unchecked((long)0x8000000000000000L);
    public const long MaxValue = 0x7fffffffffffffffL;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static long Parse(string s) => throw null;
}

public struct UInt64
{
    public const ulong MinValue = 0UL;
    public const ulong MaxValue = 0xffffffffffffffffUL;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
    public static ulong Parse(string s) => throw null;
}

public struct Single
{
    public static bool IsNaN(float value) => throw null;
    public static bool IsInfinity(float value) => throw null;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
}

public struct Double
{
    public static bool IsNaN(double value) => throw null;
    public static bool IsInfinity(double value) => throw null;
    public override string ToString() => throw null;
    public string ToString(string format) => throw null;
}

public struct IntPtr
{
}

public struct UIntPtr
{
}
