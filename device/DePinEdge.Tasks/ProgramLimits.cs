// The limits a module is loaded under. Every table of the loader is bounded by one of them, so that compile time is too.
namespace DePinEdge.Tasks;

/// <summary>Upper bounds on what the loader accepts. The defaults are for gateways; a board's program is bounded further by its image.</summary>
public sealed record ProgramLimits
{
    /// <summary>The limits used when none are named.</summary>
    public static ProgramLimits Default { get; } = new();

    /// <summary>Bytes of the .wasm file; 1 MB by default (task-engine: "1 MB elsewhere").</summary>
    public int ProgramBytes { get; init; } = 1 << 20;
}
