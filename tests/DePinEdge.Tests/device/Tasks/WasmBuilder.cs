// Writes small WebAssembly modules for the tests byte by byte, so that what a test feeds the loader is visible in the test.
using System.Text;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Tasks;

/// <summary>A module under construction. Signatures are written "il>i": i for i32, l for i64.</summary>
internal sealed class WasmBuilder
{
    private readonly List<string> _types = [];
    private readonly List<(string Name, int Type)> _imports = [];
    private readonly List<(int Type, byte[] Body)> _functions = [];
    private readonly List<byte[]> _globals = [];
    private readonly List<byte[]> _exports = [];
    private readonly List<byte[]> _elements = [];
    private readonly List<byte[]> _data = [];
    private byte[] _memory = [0, 1];
    private int _table;

    public int MemoryBytes { get; set; } = 65536;

    public int StackSlots { get; set; } = 4096;

    public string Input { get; set; } = "bytes";

    public string Output { get; set; } = "bytes";

    /// <summary>Replaces the whole manifest; null leaves the section out.</summary>
    public Func<string, string?> EditManifest { get; set; } = json => json;

    public int Type(string signature)
    {
        if (!_types.Contains(signature)) _types.Add(signature);
        return _types.IndexOf(signature);
    }

    /// <summary>Imports must be declared before functions.</summary>
    public int Import(string name, string signature)
    {
        _imports.Add((name, Type(signature)));
        return _imports.Count - 1;
    }

    /// <summary>Adds a function; parts are bytes (ints), byte arrays. The final end is added.</summary>
    public int Function(string signature, string locals, params object[] parts)
    {
        List<byte> body = [.. Leb(locals.Length)];
        foreach (var local in locals) body.AddRange([1, TypeByte(local)]);
        body.AddRange(Code(parts));
        body.Add(0x0b);
        _functions.Add((Type(signature), [.. body]));
        return _imports.Count + _functions.Count - 1;
    }

    /// <summary>The function of the next number, for calls ahead of its definition.</summary>
    public int NextFunction => _imports.Count + _functions.Count;

    public WasmBuilder Run(string locals, params object[] parts)
    {
        Export("run", 0, Function(">i", locals, parts));
        return this;
    }

    public void Memory(int min, int? max = null) => _memory = max is { } m ? [1, .. Leb(min), .. Leb(m)] : [0, .. Leb(min)];

    public int Global(char type, bool mutable, long value)
    {
        _globals.Add([TypeByte(type), (byte)(mutable ? 1 : 0), (byte)(type == 'i' ? 0x41 : 0x42), .. Sleb(value), 0x0b]);
        return _globals.Count - 1;
    }

    public void Table(int elements) => _table = elements;

    public void Element(int offset, params int[] functions) =>
        _elements.Add([0, 0x41, .. Sleb(offset), 0x0b, .. Leb(functions.Length), .. functions.SelectMany(f => Leb(f))]);

    public void Data(int address, params byte[] bytes) => _data.Add([0, 0x41, .. Sleb(address), 0x0b, .. Leb(bytes.Length), .. bytes]);

    public void Export(string name, int kind, int index) => _exports.Add([.. Name(name), (byte)kind, .. Leb(index)]);

    public byte[] Build()
    {
        var exports = new List<byte[]>(_exports) { (byte[])[.. Name("memory"), 2, 0] };
        List<byte> module = [.. Header];
        module.AddRange(Section(1, [.. _types.Select(TypeBytes)]));
        module.AddRange(Section(2, [.. _imports.Select(i => (byte[])[.. Name("depin"), .. Name(i.Name), 0, .. Leb(i.Type)])]));
        module.AddRange(Section(3, [.. _functions.Select(f => Leb(f.Type))]));
        if (_table > 0) module.AddRange(Section(4, [[0x70, 0, .. Leb(_table)]]));
        module.AddRange(Section(5, [_memory]));
        module.AddRange(Section(6, [.. _globals]));
        module.AddRange(Section(7, [.. exports]));
        module.AddRange(Section(9, [.. _elements]));
        module.AddRange(Section(10, [.. _functions.Select(f => (byte[])[.. Leb(f.Body.Length), .. f.Body])]));
        module.AddRange(Section(11, [.. _data]));
        var manifest = EditManifest(Manifest());
        if (manifest is not null) module.AddRange(Custom("depin", Encoding.UTF8.GetBytes(manifest)));
        return [.. module];
    }

    public string Manifest() =>
        "{\"abi\":1,\"name\":\"test\",\"version\":\"1\",\"summary\":\"A test\",\"memory_bytes\":" + MemoryBytes +
        ",\"stack_slots\":" + StackSlots + ",\"fuel_max\":1000000,\"capabilities\":[],\"input\":\"" + Input + "\",\"output\":\"" + Output +
        "\",\"reduce\":\"none\",\"source\":\"here\",\"licence\":\"MIT\"}";

    public LoadedProgram Load()
    {
        var result = ProgramLoader.Load(Build());
        Assert.True(result.Error is null, result.Error?.ToString());
        return result.Program!;
    }

    public TaskOutcome RunOnce(long fuelLimit = 1_000_000, byte[]? input = null) => new TaskRunner(Load()).RunTask(fuelLimit, input);

    // ---- pieces ----
    public static byte[] Header => [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

    public static byte[] Code(params object[] parts)
    {
        var bytes = new List<byte>();
        foreach (var part in parts)
        {
            if (part is int op) bytes.Add(checked((byte)op));
            else bytes.AddRange((byte[])part);
        }

        return [.. bytes];
    }

    public static byte[] Section(int id, params byte[][] items)
    {
        if (items.Length == 0) return [];
        byte[] content = [.. Leb(items.Length), .. items.SelectMany(i => i)];
        return [(byte)id, .. Leb(content.Length), .. content];
    }

    public static byte[] Custom(string name, byte[] content)
    {
        byte[] body = [.. Name(name), .. content];
        return [0, .. Leb(body.Length), .. body];
    }

    public static byte[] Name(string name) => [.. Leb(Encoding.UTF8.GetByteCount(name)), .. Encoding.UTF8.GetBytes(name)];

    public static byte[] Leb(long value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)(value > 127 ? 128 + (value & 127) : value));
            value >>= 7;
        }
        while (value > 0);
        return [.. bytes];
    }

    public static byte[] Sleb(long value)
    {
        var bytes = new List<byte>();
        while (true)
        {
            var low = (byte)(value & 127);
            value >>= 7;
            var done = (value == 0 && (low & 64) == 0) || (value == -1 && (low & 64) != 0);
            bytes.Add((byte)(done ? low : low | 128));
            if (done) return [.. bytes];
        }
    }

    private static byte TypeByte(char type) => type switch { 'i' => 0x7f, 'l' => 0x7e, 'f' => 0x7d, _ => 0x7c };

    private static byte[] TypeBytes(string signature)
    {
        var parts = signature.Split('>');
        return [0x60, .. Leb(parts[0].Length), .. parts[0].Select(TypeByte), .. Leb(parts[1].Length), .. parts[1].Select(TypeByte)];
    }
}
