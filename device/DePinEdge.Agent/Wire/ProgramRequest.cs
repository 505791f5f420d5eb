// Asks for a piece of a program.
namespace DePinEdge.Agent.Wire;

/// <summary>Up: the bytes [Offset, Offset + Count) of the image lowered from a program.</summary>
public sealed class ProgramRequest
{
    /// <summary>SHA-256 of the .wasm.</summary>
    public byte[] ProgramHash = new byte[FrameLimits.HashBytes];
    /// <summary>Bytes.</summary>
    public int Offset;
    /// <summary>Bytes, at most FrameLimits.ChunkBytesMax.</summary>
    public int Count;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Exact(buffer, offset, 1, ProgramHash, FrameLimits.HashBytes);
        at = ProtoWriter.Unsigned(buffer, at, 2, Offset);
        at = ProtoWriter.Unsigned(buffer, at, 3, Count);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        bool hasProgramHash = false;
        Offset = 0;
        Count = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1 << 3) | 2: reader.Exact(ProgramHash); hasProgramHash = true; break;
                case 2 << 3: Offset = reader.Int(); break;
                case 3 << 3: Count = reader.Int(); break;
            }
        }
        return !reader.Failed && hasProgramHash;
    }
}
