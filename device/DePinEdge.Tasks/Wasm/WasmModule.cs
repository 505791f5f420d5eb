// What the decoder finds in a module: the sections of specification 5.5 as plain lists.
namespace DePinEdge.Tasks.Wasm;

/// <summary>The value types of the integer profile; the number is the file a value lives in.</summary>
internal enum WasmType : byte
{
    I32 = 0,
    I64 = 1,

    /// <summary>Any type, on the operand stack of unreachable code only.</summary>
    Unknown = 2,
}

/// <summary>A function's type.</summary>
internal sealed record FunctionType(WasmType[] Params, WasmType[] Results)
{
    /// <summary>The first type of the module with the same parameters and results: equal types have equal numbers.</summary>
    public int Canonical { get; init; }
}

/// <summary>An imported function.</summary>
internal sealed record ImportedFunction(string Name, int Type, int ByteOffset);

/// <summary>A global with its value at the start.</summary>
internal sealed record Global(WasmType Type, bool Mutable, long Initial);

/// <summary>An export: kind 0 function, 1 table, 2 memory, 3 global.</summary>
internal sealed record Export(string Name, int Kind, int Index, int ByteOffset);

/// <summary>A run of table elements.</summary>
internal sealed record ElementSegment(int Offset, int[] Functions, int ByteOffset);

/// <summary>A run of bytes for memory: where they are in the file, and where they go.</summary>
internal sealed record DataSegment(uint Address, int FileOffset, int Count, int ByteOffset);

/// <summary>Where a function's body lies in the file, locals included.</summary>
internal readonly record struct FunctionBody(int Start, int End);

/// <summary>A decoded module.</summary>
internal sealed class WasmModule
{
    public List<FunctionType> Types { get; } = [];

    public List<ImportedFunction> Imports { get; } = [];

    /// <summary>The type of every function, imported ones first.</summary>
    public List<int> Functions { get; } = [];

    public bool HasTable { get; set; }

    public uint TableMin { get; set; }

    public bool HasMemory { get; set; }

    public uint MemoryMin { get; set; }

    public uint MemoryMax { get; set; } = 65536;

    public List<Global> Globals { get; } = [];

    public List<Export> Exports { get; } = [];

    public List<ElementSegment> Elements { get; } = [];

    public List<FunctionBody> Bodies { get; } = [];

    public List<DataSegment> Data { get; } = [];

    /// <summary>Range of the manifest in the file; null without a section of its name.</summary>
    public (int Start, int End)? Manifest { get; set; }
}
