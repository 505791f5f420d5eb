using System.Security.Cryptography;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>The programs that jobs may run, by hash. Facts are durable; the .wasm is a blob; images are made anew by the shell.</summary>
public sealed class ProgramLibrary
{
    /// <summary>Largest .wasm, bytes (task-engine.md).</summary>
    public const int WasmBytesMax = 1 << 20;

    /// <summary>Most programs kept.</summary>
    public const int ProgramsMax = 1_000;

    private readonly SortedDictionary<string, StoredProgram> programs = new(StringComparer.Ordinal);

    public IEnumerable<StoredProgram> All => programs.Values;

    public StoredProgram? Find(ProgramHash hash) => programs.GetValueOrDefault(hash.Hex);

    /// <summary>Adds a checked program, or finds it already there (its image is taken all the same).</summary>
    public Outcome<StoredProgram> Add(ProgramOffered offered, IEffects effects)
    {
        if (offered.Wasm.Length is 0 or > WasmBytesMax)
            return new Problem("bad-program", $"a program has 1 to {WasmBytesMax} bytes, not {offered.Wasm.Length}");
        if (ProgramHash.Of(SHA256.HashData(offered.Wasm)) != offered.Hash)
            return new Problem("bad-program", "the program's hash does not fit its bytes");
        if (offered.MemoryBytes < 0 || offered.FuelMax < 1 || offered.Image.Length == 0)
            return new Problem("bad-program", "the program states no memory, fuel or image");
        if (Find(offered.Hash) is null)
        {
            if (programs.Count >= ProgramsMax)
                return new Problem("limit-reached", $"{ProgramsMax} programs are kept", "", GatewayLimit.ProgramsMax);
            effects.Record(new ProgramAdded(offered.Hash, offered.Name, offered.Version, offered.Wasm.Length, offered.Image.Length, offered.MemoryBytes,
                offered.FuelMax, offered.CapabilityBits, offered.Output, offered.Reduce));
            effects.Blob($"program/{offered.Hash}", offered.Wasm);
        }
        ProvideImage(offered.Hash, offered.Image);
        return Find(offered.Hash)!;
    }

    public void Apply(ProgramAdded added) => programs.Add(added.Hash.Hex, new StoredProgram(added));

    public void PutWasm(ProgramHash hash, byte[] wasm)
    {
        if (Find(hash) is { } program)
            program.Wasm = wasm;
    }

    public void ProvideImage(ProgramHash hash, byte[] image)
    {
        if (Find(hash) is not { } program)
            return;
        program.Image = image;
        program.ImageHash = SHA256.HashData(image);
    }

    /// <summary>The image that a board asks for by its program's hash.</summary>
    public (byte[] Image, byte[] Hash)? FindImage(byte[] programHash) =>
        programHash.Length == FrameLimits.HashBytes && Find(ProgramHash.Of(programHash)) is { Image: { } image } program ? (image, program.ImageHash) : null;

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(programs.Count);
        foreach (var program in programs.Values)
            program.Facts.WriteFields(w);
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        for (var n = r.Count(); n > 0; n--)
            Apply(ProgramAdded.Read(ref r));
    }
}
