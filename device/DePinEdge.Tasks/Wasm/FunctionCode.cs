namespace DePinEdge.Tasks.Wasm;

/// <summary>
/// One operator of a body. A is its index or depth, or for block, loop and if the block type (-1 none, -2 i32, -3 i64, else a
/// type). Imm is a constant or a memory offset; for block, loop, if and else the place of the matching end in the low half
/// and, for if, of its else in the high half (0 without). Cost is the fuel block that starts behind the operator.
/// </summary>
internal struct Instruction
{
    public ushort Op;
    public bool Dead;
    public int A;
    public int Cost;
    public int ByteOffset;
    public long Imm;
}

/// <summary>A validated function body.</summary>
internal sealed class FunctionCode
{
    /// <summary>Parameters first.</summary>
    public required WasmType[] Locals { get; init; }

    public required FunctionType Type { get; init; }

    public List<Instruction> Instructions { get; } = [];

    /// <summary>Depths of all br_tables one after another; a br_table's A is where its own start, its Imm how many, the default last.</summary>
    public List<int> Targets { get; } = [];

    /// <summary>Fuel of the entry and the first block together.</summary>
    public int EntryCost { get; set; }

    /// <summary>Greatest number of operands in reachable code.</summary>
    public int Height { get; set; }

    /// <summary>Operators that cost fuel.</summary>
    public int Operators { get; set; }

    /// <summary>Slots an open frame counts (Fuel 7): parameters, locals, greatest operand height.</summary>
    public int Slots => Locals.Length + Height;
}
