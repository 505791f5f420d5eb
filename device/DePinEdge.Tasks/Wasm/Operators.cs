// WebAssembly's numeric operators of the integer profile by number (specification 5.4): what each takes and gives.
namespace DePinEdge.Tasks.Wasm;

/// <summary>Opcode numbers that the loader names, and the types of the ones it treats alike.</summary>
internal static class Operators
{
    public const int Unreachable = 0x00;
    public const int Nop = 0x01;
    public const int Block = 0x02;
    public const int Loop = 0x03;
    public const int If = 0x04;
    public const int Else = 0x05;
    public const int End = 0x0b;
    public const int Br = 0x0c;
    public const int BrIf = 0x0d;
    public const int BrTable = 0x0e;
    public const int Return = 0x0f;
    public const int Call = 0x10;
    public const int CallIndirect = 0x11;
    public const int Drop = 0x1a;
    public const int Select = 0x1b;
    public const int SelectTyped = 0x1c;
    public const int LocalGet = 0x20;
    public const int LocalSet = 0x21;
    public const int LocalTee = 0x22;
    public const int GlobalGet = 0x23;
    public const int GlobalSet = 0x24;
    public const int Load = 0x28;
    public const int Load64 = 0x29;
    public const int Store = 0x36;
    public const int Store64 = 0x37;
    public const int Store32As64 = 0x3e;
    public const int MemorySize = 0x3f;
    public const int MemoryGrow = 0x40;
    public const int ConstI32 = 0x41;
    public const int ConstI64 = 0x42;
    public const int Eqz = 0x45;
    public const int Compare = 0x46;
    public const int Eqz64 = 0x50;
    public const int Compare64 = 0x51;
    public const int Clz = 0x67;
    public const int Add = 0x6a;
    public const int Rotr = 0x78;
    public const int Clz64 = 0x79;
    public const int Add64 = 0x7c;
    public const int Rotr64 = 0x8a;
    public const int Wrap = 0xa7;
    public const int ExtendS = 0xac;
    public const int ExtendU = 0xad;
    public const int Extend8 = 0xc0;
    public const int Extend8As64 = 0xc2;
    public const int Extend32As64 = 0xc4;

    /// <summary>The prefix 0xfc's operators are numbered from here.</summary>
    public const int Prefixed = 0x100;
    public const int MemoryCopy = 0x10a;
    public const int MemoryFill = 0x10b;

    /// <summary>True for the operators that are free (Fuel 1).</summary>
    public static bool IsFree(int op) => op is Unreachable or Nop or Block or Loop or Else or End or Return or Drop;

    public static bool IsLoad(int op) => op is Load or Load64 or >= 0x2c and <= 0x35;

    public static bool IsStore(int op) => op is Store or Store64 or >= 0x3a and <= 0x3e;

    /// <summary>The type a load gives or a store takes.</summary>
    public static WasmType AccessType(int op) =>
        op is Load or >= 0x2c and <= 0x2f or Store or 0x3a or 0x3b ? WasmType.I32 : WasmType.I64;

    /// <summary>log2 of the bytes an access moves: its largest alignment.</summary>
    public static int AccessLog2(int op) => op switch
    {
        Load64 or Store64 => 3,
        Load or Store or 0x34 or 0x35 or 0x3e => 2,
        0x2e or 0x2f or 0x32 or 0x33 or 0x3b or 0x3d => 1,
        _ => 0,
    };

    /// <summary>Types of a numeric operator: how many operands, of which type, and the result's; false for any other operator.</summary>
    public static bool Numeric(int op, out int operands, out WasmType from, out WasmType to)
    {
        (operands, from, to) = op switch
        {
            Eqz => (1, WasmType.I32, WasmType.I32),
            >= Compare and < Eqz64 => (2, WasmType.I32, WasmType.I32),
            Eqz64 => (1, WasmType.I64, WasmType.I32),
            >= Compare64 and <= 0x5a => (2, WasmType.I64, WasmType.I32),
            >= Clz and <= 0x69 => (1, WasmType.I32, WasmType.I32),
            >= Add and <= Rotr => (2, WasmType.I32, WasmType.I32),
            >= Clz64 and <= 0x7b => (1, WasmType.I64, WasmType.I64),
            >= Add64 and <= Rotr64 => (2, WasmType.I64, WasmType.I64),
            Wrap => (1, WasmType.I64, WasmType.I32),
            ExtendS or ExtendU => (1, WasmType.I32, WasmType.I64),
            Extend8 or 0xc1 => (1, WasmType.I32, WasmType.I32),
            >= Extend8As64 and <= Extend32As64 => (1, WasmType.I64, WasmType.I64),
            _ => (0, WasmType.I32, WasmType.I32),
        };
        return operands > 0;
    }

    /// <summary>True for the operators of WebAssembly 1.0 and the saturating conversions that work on floats.</summary>
    public static bool IsFloat(int op) =>
        op is 0x2a or 0x2b or 0x38 or 0x39 or 0x43 or 0x44 or >= 0x5b and <= 0x66 or >= 0x8b and <= 0xa6 or >= 0xa8 and <= 0xab
            or >= 0xae and <= 0xbf or >= 0x100 and <= 0x107;
}
