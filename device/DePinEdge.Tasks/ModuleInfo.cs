namespace DePinEdge.Tasks;

/// <summary>Counts of a loaded module.</summary>
/// <param name="Functions">Functions with a body.</param>
/// <param name="Imports">Host functions imported, as module.name.</param>
/// <param name="Globals">Globals.</param>
/// <param name="Operators">Operators that cost fuel, over all bodies.</param>
/// <param name="MemoryBytesNeeded">The smallest memory_bytes that holds the data segments and, where the module says so, its stack.</param>
/// <param name="StackSlotsWorst">The most slots open frames can hold; null when the program recurses.</param>
/// <param name="WasmBytes">Bytes of the module.</param>
/// <param name="ImageBytes">Bytes of the register image.</param>
public sealed record ModuleInfo(
    int Functions,
    IReadOnlyList<string> Imports,
    int Globals,
    int Operators,
    int MemoryBytesNeeded,
    long? StackSlotsWorst,
    int WasmBytes,
    int ImageBytes);
