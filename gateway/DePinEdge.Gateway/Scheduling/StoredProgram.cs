using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>A program of the library: its facts from the record, its bytes from the blob, and the lowered image that boards fetch.</summary>
public sealed class StoredProgram(ProgramAdded facts)
{
    public ProgramAdded Facts { get; } = facts;

    /// <summary>The .wasm as it was added; empty until the blob is read.</summary>
    public byte[] Wasm { get; set; } = [];

    /// <summary>The image for boards; null after a restart until the shell has lowered the program again. Without it nothing is dispatched.</summary>
    public byte[]? Image { get; set; }

    /// <summary>SHA-256 of <see cref="Image"/>.</summary>
    public byte[] ImageHash { get; set; } = [];

    /// <summary>The most output bytes one task can return.</summary>
    public int OutputBytesMax => Facts.Output switch
    {
        OutputKind.U32 => 4,
        OutputKind.I64 => 8,
        _ => Agent.Wire.FrameLimits.OutputBytesMax,
    };
}
