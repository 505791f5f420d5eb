// Slots while lowering are symbols, because where a function's slots lie is known only when all functions are lowered.
namespace DePinEdge.Tasks.Lowering;

/// <summary>
/// A slot as an int: below 2^16 a preset (global or constant), then a slot of the function itself, then a shared result
/// slot, then a parameter of any function.
/// </summary>
internal static class Slot
{
    private const int OwnBase = 1 << 16;
    private const int ResultBase = 1 << 18;
    private const int ParameterBase = 1 << 20;
    private const int ParametersMax = 128;

    /// <summary>A slot of the function being lowered: locals, then temporaries.</summary>
    public static int Own(int index) => OwnBase + index;

    /// <summary>Where a function with several results leaves the n-th of a type.</summary>
    public static int Result(int index) => ResultBase + index;

    /// <summary>The n-th parameter of a type of a function.</summary>
    public static int Parameter(int function, int index) => ParameterBase + (function * ParametersMax) + index;

    /// <summary>The place in its file, given where the parts lie.</summary>
    public static int Resolve(int slot, int ownBase, int resultBase, int[] functionBase) => slot switch
    {
        < OwnBase => slot,
        < ResultBase => ownBase + slot - OwnBase,
        < ParameterBase => resultBase + slot - ResultBase,
        _ => functionBase[(slot - ParameterBase) / ParametersMax] + ((slot - ParameterBase) % ParametersMax),
    };
}
