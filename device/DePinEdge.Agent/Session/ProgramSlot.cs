// One program that a board holds or is fetching.
using DePinEdge.Agent.Tasks;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>A place in the program cache.</summary>
public sealed class ProgramSlot
{
    /// <summary>Nothing here.</summary>
    public const int Empty = 0;
    /// <summary>Pieces are arriving.</summary>
    public const int Fetching = 1;
    /// <summary>Can be run.</summary>
    public const int Ready = 2;
    /// <summary>Cannot be had or cannot be run here: its batches are abandoned.</summary>
    public const int Bad = 3;

    public int State;
    /// <summary>SHA-256 of the .wasm.</summary>
    public readonly byte[] Hash = new byte[FrameLimits.HashBytes];
    /// <summary>The program, when Ready.</summary>
    public RegisterImage Image;
    /// <summary>When it was used last, in uses of the cache.</summary>
    public long UsedAt;
    /// <summary>Image bytes that it occupies.</summary>
    public int ImageBytes;

    /// <summary>True when this place is about that program, in whatever state.</summary>
    public bool Is(byte[] hash) => State != Empty && KeyDerivation.Same(Hash, 0, hash, 0, FrameLimits.HashBytes);

    /// <summary>Gives the place up.</summary>
    public void Free()
    {
        State = Empty;
        Image = null;
        ImageBytes = 0;
    }
}
