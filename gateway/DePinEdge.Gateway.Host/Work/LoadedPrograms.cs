using System.Collections.Concurrent;
using DePinEdge.Gateway.Flow;
using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host.Work;

/// <summary>
/// The decoded programs of this process, by hash; any thread. The core and the store hold their bytes, this holds what runs. A program
/// that is not there yet is read from the store, so that it does not matter who told the core of it.
/// </summary>
public sealed class LoadedPrograms(Func<ProgramHash, byte[]?> stored)
{
    private readonly ConcurrentDictionary<ProgramHash, LoadedProgram> programs = new();

    /// <summary>The program, or null when the store does not have it.</summary>
    public LoadedProgram? Find(ProgramHash hash)
    {
        if (programs.TryGetValue(hash, out var program))
            return program;
        if (stored(hash) is { } wasm && ProgramLoader.Load(wasm).Program is { } loaded)
            return programs.GetOrAdd(hash, loaded);
        return null;
    }

    /// <summary>Keeps a program.</summary>
    public void Add(LoadedProgram program) => programs.TryAdd(ProgramHash.Of(program.Hash), program);
}
