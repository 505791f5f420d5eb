// A piece of a program.
namespace DePinEdge.Agent.Wire;

/// <summary>Down: a piece of the image (register code lowered from the .wasm for boards). Total 0 says that the gateway has no such image.</summary>
public sealed class ProgramChunk
{
    /// <summary>SHA-256 of the .wasm: the program's name.</summary>
    public byte[] ProgramHash = new byte[FrameLimits.HashBytes];
    /// <summary>SHA-256 of the whole image; lets a board check what it put together.</summary>
    public byte[] ImageHash = new byte[FrameLimits.HashBytes];
    /// <summary>Bytes of the whole image.</summary>
    public int Total;
    /// <summary>Where this piece starts in it.</summary>
    public int Offset;
    /// <summary>The bytes; after Decode a view into the buffer that was handed in.</summary>
    public byte[] Data;
    /// <summary>Where they start in <see cref="Data"/>.</summary>
    public int DataOffset;
    /// <summary>How many they are.</summary>
    public int DataCount;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Exact(buffer, offset, 1, ProgramHash, FrameLimits.HashBytes);
        at = ProtoWriter.Exact(buffer, at, 2, ImageHash, FrameLimits.HashBytes);
        at = ProtoWriter.Unsigned(buffer, at, 3, Total);
        at = ProtoWriter.Unsigned(buffer, at, 4, Offset);
        if (DataCount < 0 || DataCount > FrameLimits.ChunkBytesMax)
            return -1;
        at = ProtoWriter.Bytes(buffer, at, 5, Data, DataOffset, DataCount);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        bool hasProgramHash = false;
        bool hasImageHash = false;
        Total = 0;
        Offset = 0;
        Data = buffer;
        DataOffset = 0;
        DataCount = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1 << 3) | 2: reader.Exact(ProgramHash); hasProgramHash = true; break;
                case (2 << 3) | 2: reader.Exact(ImageHash); hasImageHash = true; break;
                case 3 << 3: Total = reader.Int(); break;
                case 4 << 3: Offset = reader.Int(); break;
                case (5 << 3) | 2:
                    DataOffset = reader.Offset;
                    DataCount = reader.Count;
                    if (DataCount > FrameLimits.ChunkBytesMax)
                        reader.Refuse();
                    break;
            }
        }
        return !reader.Failed && hasProgramHash && hasImageHash;
    }
}
