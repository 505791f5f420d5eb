using DePinEdge.Tasks.Wasm;

namespace DePinEdge.Tasks.Lowering;

/// <summary>Where an operand is: a temporary slot of its own, or a variable or constant that was not copied yet.</summary>
internal enum ValueKind : byte
{
    Temporary,
    Variable,
    Constant,
}

/// <summary>
/// An operand of the stack at lowering time. Variable numbers locals, then globals. Rank is how many operands of the same
/// type lie below: it fixes the temporary the operand would be copied to.
/// </summary>
internal readonly record struct Value(WasmType Type, ValueKind Kind, int Slot, int Rank, int Variable);
