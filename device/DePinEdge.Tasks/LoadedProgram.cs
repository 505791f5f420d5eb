namespace DePinEdge.Tasks;

/// <summary>A module that passed every check, with the register image boards and the interpreter run. Immutable; do not write to its arrays.</summary>
public sealed class LoadedProgram
{
    internal LoadedProgram(byte[] wasm, byte[] hash, ProgramManifest manifest, byte[] image, ModuleInfo info)
    {
        Wasm = wasm;
        Hash = hash;
        HashHex = Convert.ToHexStringLower(hash);
        Manifest = manifest;
        Image = image;
        Info = info;
    }

    /// <summary>SHA-256 of <see cref="Wasm"/>: the program's name.</summary>
    public byte[] Hash { get; }

    /// <summary><see cref="Hash"/> as 64 lower case hexadecimal digits.</summary>
    public string HashHex { get; }

    /// <summary>The checked manifest.</summary>
    public ProgramManifest Manifest { get; }

    /// <summary>The module's bytes.</summary>
    public byte[] Wasm { get; }

    /// <summary>The register image; the same module always gives the same bytes.</summary>
    public byte[] Image { get; }

    /// <summary>Counts for people.</summary>
    public ModuleInfo Info { get; }
}
