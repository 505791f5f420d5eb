// Which functions can come back to themselves, and how deep the stack can get. A call inside a group of functions that
// reach each other (a strongly connected component) must save its caller's slots; any other call need not, since slots are
// fixed per function and nothing below can write them. Tarjan's algorithm with its own stack: a module may nest calls deeper
// than ours. Source: R. Tarjan, Depth-first search and linear graph algorithms, 1972.
using DePinEdge.Tasks.Wasm;

namespace DePinEdge.Tasks.Lowering;

/// <summary>The calls between a module's own functions, numbered from 0 without the imports.</summary>
internal sealed class CallGraph
{
    private readonly int[][] _callees;
    private readonly int[] _group;
    private readonly bool[] _recurses;
    private readonly int[][] _tableByType;

    public CallGraph(WasmModule module, FunctionCode[] functions)
    {
        _tableByType = TableByType(module);
        _callees = new int[functions.Length][];
        var seen = new HashSet<int>();
        for (var f = 0; f < functions.Length; f++)
        {
            seen.Clear();
            var types = new HashSet<int>();
            foreach (var i in functions[f].Instructions)
            {
                if (i.Dead) continue;
                if (i.Op == Operators.Call && i.A >= module.Imports.Count) seen.Add(i.A - module.Imports.Count);
                else if (i.Op == Operators.CallIndirect && types.Add(i.A)) seen.UnionWith(_tableByType[i.A]);
            }

            _callees[f] = [.. seen.Order()];
        }

        _group = new int[functions.Length];
        _recurses = new bool[functions.Length];
        FindGroups();
    }

    /// <summary>True when a direct call can lead back to its caller.</summary>
    public bool Returns(int caller, int callee) => _group[caller] == _group[callee] && _recurses[caller];

    /// <summary>True when an indirect call of a type can lead back to its caller.</summary>
    public bool ReturnsIndirect(int caller, int type) => Array.Exists(_tableByType[type], callee => Returns(caller, callee));

    /// <summary>True when the function can be open twice.</summary>
    public bool Recurses(int function) => _recurses[function];

    /// <summary>The most slots open frames hold when run starts at a function; null when it can recurse.</summary>
    public long? WorstSlots(int entry, FunctionCode[] functions)
    {
        // Groups are numbered callees first, so one pass in that order sees every callee before its callers.
        var order = Enumerable.Range(0, functions.Length).OrderBy(f => _group[f]).ToArray();
        var worst = new long?[functions.Length];
        foreach (var f in order)
        {
            long? below = 0;
            foreach (var callee in _callees[f]) below = below is null || worst[callee] is null ? null : Math.Max(below.Value, worst[callee]!.Value);
            worst[f] = _recurses[f] ? null : below + functions[f].Slots;
        }

        return worst[entry];
    }

    private static int[][] TableByType(WasmModule module)
    {
        var table = new HashSet<int>[module.Types.Count];
        for (var t = 0; t < table.Length; t++) table[t] = [];
        foreach (var function in module.Elements.SelectMany(e => e.Functions))
            table[module.Types[module.Functions[function]].Canonical].Add(function - module.Imports.Count);
        return [.. table.Select(t => t.Order().ToArray())];
    }

    private void FindGroups()
    {
        var index = new int[_callees.Length];
        var low = new int[_callees.Length];
        var next = new int[_callees.Length];
        var open = new Stack<int>();
        var isOpen = new bool[_callees.Length];
        var path = new Stack<int>();
        var groups = 0;
        var counter = 0;
        for (var root = 0; root < _callees.Length; root++)
        {
            if (index[root] != 0) continue;
            path.Push(root);
            while (path.Count > 0)
            {
                var f = path.Peek();
                if (index[f] == 0)
                {
                    index[f] = low[f] = ++counter;
                    open.Push(f);
                    isOpen[f] = true;
                }

                if (next[f] < _callees[f].Length)
                {
                    var callee = _callees[f][next[f]++];
                    if (callee == f) _recurses[f] = true;
                    if (index[callee] == 0) path.Push(callee);
                    else if (isOpen[callee]) low[f] = Math.Min(low[f], index[callee]);
                    continue;
                }

                path.Pop();
                if (path.Count > 0) low[path.Peek()] = Math.Min(low[path.Peek()], low[f]);
                if (low[f] != index[f]) continue;
                var alone = open.Peek() == f;
                int member;
                do
                {
                    member = open.Pop();
                    isOpen[member] = false;
                    _group[member] = groups;
                    if (!alone) _recurses[member] = true;
                }
                while (member != f);
                groups++;
            }
        }
    }
}
