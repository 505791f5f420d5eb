// The limits a module is loaded under. Every table of the loader is bounded by one of them, and every pass over a function
// is linear in its operators, so that compile time is bounded by the program's bytes.
namespace DePinEdge.Tasks;

/// <summary>Upper bounds on what the loader accepts; each is the largest value that still passes.</summary>
public sealed record ProgramLimits
{
    /// <summary>The limits used when none are named.</summary>
    public static ProgramLimits Default { get; } = new();

    /// <summary>Bytes of the .wasm file. 1 MB (task-engine: "1 MB elsewhere"); boards state their own, smaller bound.</summary>
    public int ProgramBytes { get; init; } = 1 << 20;

    /// <summary>Function types. 4,096.</summary>
    public int Types { get; init; } = 4096;

    /// <summary>Imported functions. 64; the ABI has fewer.</summary>
    public int Imports { get; init; } = 64;

    /// <summary>Functions with a body. 8,192.</summary>
    public int Functions { get; init; } = 8192;

    /// <summary>Parameters of a function or block. 128.</summary>
    public int Params { get; init; } = 128;

    /// <summary>Results of a function or block. 16.</summary>
    public int Results { get; init; } = 16;

    /// <summary>Locals of a function, parameters included. 4,096.</summary>
    public int Locals { get; init; } = 4096;

    /// <summary>Operands of a function at once. 4,096.</summary>
    public int Operands { get; init; } = 4096;

    /// <summary>Blocks inside one another, the function's own included. 256.</summary>
    public int Nesting { get; init; } = 256;

    /// <summary>Targets of one br_table, the default not counted. 4,096.</summary>
    public int BrTableTargets { get; init; } = 4096;

    /// <summary>Globals. 1,024.</summary>
    public int Globals { get; init; } = 1024;

    /// <summary>Exports. 4,096.</summary>
    public int Exports { get; init; } = 4096;

    /// <summary>Elements of the table. 16,384.</summary>
    public int TableElements { get; init; } = 16384;

    /// <summary>Data and element segments, each. 4,096.</summary>
    public int Segments { get; init; } = 4096;

    /// <summary>The largest memory_bytes a manifest may ask for. 16 MB.</summary>
    public int MemoryBytes { get; init; } = 16 << 20;

    /// <summary>The largest stack_slots a manifest may ask for. 65,536.</summary>
    public int StackSlots { get; init; } = 65536;
}
