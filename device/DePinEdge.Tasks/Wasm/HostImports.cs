// The host functions of the ABI as the loader sees them: names, types and the register operators they become.
using DePinEdge.Agent.Tasks;

namespace DePinEdge.Tasks.Wasm;

/// <summary>A host function: all its parameters and its one result are i32.</summary>
internal sealed record HostImport(string Name, int Params, int Operator)
{
    /// <summary>The type in words, for errors.</summary>
    public string Signature => $"[{string.Join(' ', Enumerable.Repeat("i32", Params))}] -> [i32]";
}

/// <summary>The table of ABI version 1.</summary>
internal static class HostImports
{
    private static readonly HostImport[] All =
    [
        new("input_len", 0, RegisterOp.InputLen),
        new("input_read", 3, RegisterOp.InputRead),
        new("output_write", 2, RegisterOp.OutputWrite),
    ];

    /// <summary>The host function of a name, or null.</summary>
    public static HostImport? Find(string name) => Array.Find(All, h => h.Name == name);

    /// <summary>True when a module's type for the import is the host's.</summary>
    public static bool Fits(HostImport host, FunctionType type) =>
        type.Params.Length == host.Params && type.Results.Length == 1 &&
        type.Params.All(t => t == WasmType.I32) && type.Results[0] == WasmType.I32;
}
