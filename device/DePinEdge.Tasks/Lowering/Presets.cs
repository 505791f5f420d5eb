namespace DePinEdge.Tasks.Lowering;

/// <summary>The first slots of each file: mutable globals, then every constant the program uses, each once.</summary>
internal sealed class Presets
{
    private readonly Dictionary<int, int> _constantsI = [];
    private readonly Dictionary<long, int> _constantsL = [];

    /// <summary>Values of the i32 file's first slots.</summary>
    public List<int> I { get; } = [];

    /// <summary>Values of the i64 file's first slots.</summary>
    public List<long> L { get; } = [];

    /// <summary>The slot of an i32 constant.</summary>
    public int Constant(int value)
    {
        if (_constantsI.TryGetValue(value, out var slot)) return slot;
        slot = I.Count;
        I.Add(value);
        return _constantsI[value] = slot;
    }

    /// <summary>The slot of an i64 constant.</summary>
    public int Constant(long value)
    {
        if (_constantsL.TryGetValue(value, out var slot)) return slot;
        slot = L.Count;
        L.Add(value);
        return _constantsL[value] = slot;
    }
}
