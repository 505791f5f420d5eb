using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>A .wasm file on this machine's disk, checked whole.</summary>
internal static class ProgramFile
{
    /// <summary>Throws <see cref="HostException"/> naming file, byte and reason when the module is refused; IOException when it cannot be read.</summary>
    public static LoadedProgram Load(string path)
    {
        var loaded = ProgramLoader.Load(File.ReadAllBytes(path));
        return loaded.Program ?? throw new HostException(
            $"{path} is refused at byte {loaded.Error!.ByteOffset}: {loaded.Error.Message} ({loaded.Error.Code})",
            loaded.Error.Code == ProgramErrorCode.Manifest
                ? "correct the program's manifest.json and build again"
                : "the offset is that of the .wasm file; 'wasm-objdump -d' shows what stands there");
    }
}
