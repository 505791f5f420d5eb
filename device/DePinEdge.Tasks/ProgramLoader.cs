// From bytes to a program that can run: decode, validate, read the manifest, check the ABI, lower. The only way in; what
// comes out has passed everything.
using System.Security.Cryptography;
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks.Lowering;
using DePinEdge.Tasks.Wasm;

namespace DePinEdge.Tasks;

/// <summary>Loads WebAssembly modules of the profile (task-engine.md, Profile; the integer part today).</summary>
public static class ProgramLoader
{
    private const int PageBytes = 65536;

    /// <summary>
    /// Loads a module. Any bytes give a program or an error with a code, a byte offset and a reason; nothing is thrown. The
    /// same bytes always give the same image. Time and memory are linear in the module's bytes.
    /// </summary>
    public static LoadResult Load(ReadOnlyMemory<byte> wasm, ProgramLimits? limits = null)
    {
        limits ??= ProgramLimits.Default;
        var diagnosis = new Diagnosis();
        var program = Load(wasm, limits, diagnosis);
        return new LoadResult(diagnosis.Failed ? null : program, diagnosis.Error);
    }

    private static LoadedProgram? Load(ReadOnlyMemory<byte> wasm, ProgramLimits limits, Diagnosis diagnosis)
    {
        if (wasm.Length > limits.ProgramBytes)
        {
            diagnosis.Fail(ProgramErrorCode.Limit, limits.ProgramBytes, $"{wasm.Length} bytes, more than {limits.ProgramBytes}");
            return null;
        }

        var bytes = wasm.ToArray();
        var module = new ModuleDecoder(bytes, limits, diagnosis).Decode();
        if (diagnosis.Failed) return null;
        var functions = Validate(bytes, module, limits, diagnosis);
        if (diagnosis.Failed) return null;
        var manifest = Manifest(wasm, module, limits, diagnosis);
        var entry = Entry(module, bytes.Length, diagnosis);
        if (manifest is null || diagnosis.Failed) return null;
        CheckMemory(module, manifest, diagnosis);
        if (diagnosis.Failed) return null;
        var calls = new CallGraph(module, functions);
        var image = new ProgramLowering(bytes, module, functions, calls, diagnosis).Lower(entry, manifest.MemoryBytes, manifest.StackSlots, OutputBytes(manifest));
        if (image is null) return null;
        if (RegisterImage.Parse(image, 0, image.Length, out var flaw) is null)
            throw new InvalidOperationException($"the lowering wrote an image that its own check refuses: {flaw}");
        var info = new ModuleInfo(
            functions.Length,
            [.. module.Imports.Select(i => $"{HostAbi.Module}.{i.Name}")],
            module.Globals.Count,
            functions.Sum(f => f.Operators),
            MemoryNeeded(module),
            calls.WorstSlots(entry, functions),
            bytes.Length,
            image.Length);
        return new LoadedProgram(bytes, SHA256.HashData(bytes), manifest, image, info);
    }

    private static FunctionCode[] Validate(byte[] bytes, WasmModule module, ProgramLimits limits, Diagnosis diagnosis)
    {
        var validator = new FunctionValidator(bytes, module, limits, diagnosis);
        var functions = new FunctionCode[module.Bodies.Count];
        for (var f = 0; f < functions.Length && !diagnosis.Failed; f++)
            functions[f] = validator.Validate(module.Bodies[f], module.Types[module.Functions[module.Imports.Count + f]]);
        return functions;
    }

    private static ProgramManifest? Manifest(ReadOnlyMemory<byte> wasm, WasmModule module, ProgramLimits limits, Diagnosis diagnosis)
    {
        if (module.Manifest is not { } section)
        {
            diagnosis.Fail(ProgramErrorCode.Manifest, wasm.Length, "no custom section 'depin' with a manifest");
            return null;
        }

        var manifest = ManifestReader.Read(wasm[section.Start..section.End], limits, out var error);
        if (error is not null) diagnosis.Fail(ProgramErrorCode.Manifest, section.Start, error);
        return manifest;
    }

    // The function run starts with, without the imports.
    private static int Entry(WasmModule module, int end, Diagnosis diagnosis)
    {
        var run = module.Exports.Find(e => e.Name == "run");
        var memory = module.Exports.Find(e => e.Name == "memory");
        if (memory is null) diagnosis.Fail(ProgramErrorCode.Export, end, "no export 'memory'");
        else if (memory.Kind != 2) diagnosis.Fail(ProgramErrorCode.Export, memory.ByteOffset, "the export 'memory' is no memory");
        if (run is null)
        {
            diagnosis.Fail(ProgramErrorCode.Export, end, "no export 'run'");
            return -1;
        }

        var type = run.Kind == 0 ? module.Types[module.Functions[run.Index]] : null;
        if (type is null || type.Params.Length != 0 || type.Results.Length != 1 || type.Results[0] != WasmType.I32)
            diagnosis.Fail(ProgramErrorCode.Export, run.ByteOffset, "the export 'run' is no function of the type [] -> [i32]");
        else if (run.Index < module.Imports.Count)
            diagnosis.Fail(ProgramErrorCode.Export, run.ByteOffset, "the export 'run' is an import");
        return run.Index - module.Imports.Count;
    }

    private static void CheckMemory(WasmModule module, ProgramManifest manifest, Diagnosis diagnosis)
    {
        if (manifest.MemoryBytes > (long)module.MemoryMin * PageBytes)
            diagnosis.Fail(ProgramErrorCode.Manifest, module.Manifest!.Value.Start, $"'memory_bytes' is {manifest.MemoryBytes}, more than the module's {module.MemoryMin} pages");
        foreach (var segment in module.Data)
        {
            if ((long)segment.Address + segment.Count > manifest.MemoryBytes)
                diagnosis.Fail(ProgramErrorCode.Manifest, segment.ByteOffset, $"a data segment ends at {(long)segment.Address + segment.Count}, past 'memory_bytes' {manifest.MemoryBytes}");
        }
    }

    private static int OutputBytes(ProgramManifest manifest) => manifest.Output switch
    {
        ProgramOutput.U32 => 4,
        ProgramOutput.I64 => 8,
        _ => HostAbi.OutputBytesMax,
    };

    // What the module says of its memory: where its data ends, where its stack starts (the linkers' first mutable global,
    // growing down), and the symbols that linkers export for the ends of data and heap.
    private static int MemoryNeeded(WasmModule module)
    {
        long bytes = 0;
        foreach (var segment in module.Data) bytes = Math.Max(bytes, (long)segment.Address + segment.Count);
        var stack = module.Globals.FirstOrDefault(g => g.Mutable && g.Type == WasmType.I32);
        foreach (var export in module.Exports)
        {
            if (export.Kind == 3 && export.Name is "__heap_base" or "__data_end")
                bytes = Math.Max(bytes, (uint)module.Globals[export.Index].Initial);
        }

        if (stack is not null && (uint)stack.Initial <= (long)module.MemoryMin * PageBytes) bytes = Math.Max(bytes, (uint)stack.Initial);
        return (int)Math.Min((bytes + 255) / 256 * 256, int.MaxValue & ~255);
    }
}
