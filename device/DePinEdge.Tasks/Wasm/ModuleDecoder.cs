// Decodes the sections of a module (specification 5.5) and checks everything outside function bodies: the order of
// sections, indices, constant expressions, limits. Function bodies are only located here; FunctionValidator reads them.
namespace DePinEdge.Tasks.Wasm;

/// <summary>One decode of one module.</summary>
internal sealed class ModuleDecoder(byte[] bytes, ProgramLimits limits, Diagnosis diagnosis)
{
    private const string FloatMessage = "floating point is not supported yet";

    private readonly WasmModule _module = new();
    private readonly HashSet<string> _exportNames = [];
    private readonly Dictionary<string, int> _canonicalTypes = [];
    private int _declared;
    private int _dataCount = -1;

    /// <summary>Decodes; the module is to be used only when the diagnosis stayed clear.</summary>
    public WasmModule Decode()
    {
        var reader = new WasmReader(bytes, 0, bytes.Length, diagnosis);
        if (bytes.Length > limits.ProgramBytes)
        {
            reader.Limit(limits.ProgramBytes, $"{bytes.Length} bytes, more than {limits.ProgramBytes}");
            return _module;
        }

        if (bytes.Length < 4 || !bytes.AsSpan(0, 4).SequenceEqual("\0asm"u8)) reader.Malformed(0, "magic header not detected");
        else if (bytes.Length < 8 || !bytes.AsSpan(4, 4).SequenceEqual(new byte[] { 1, 0, 0, 0 })) reader.Malformed(4, "unknown binary version");
        else reader.Skip(8);
        var last = 0;
        while (reader.More)
        {
            var at = reader.At;
            int id = reader.Byte();
            var sizeAt = reader.At;
            var size = reader.U32();
            if (reader.Failed) break;
            if (size > (uint)(reader.End - reader.At))
            {
                reader.Malformed(sizeAt, "a section runs past the end of the file");
                break;
            }

            // The data count stands between elements and code although its number is the highest.
            var order = id == 12 ? 19 : id >= 10 ? id + 10 : id * 2;
            if (id > 12) reader.Malformed(at, $"unknown section {id}");
            else if (id != 0 && order <= last) reader.Malformed(at, $"section {id} is out of order or stands twice");
            if (reader.Failed) break;
            if (id != 0) last = order;
            var section = reader.Part((int)size);
            Section(id, section);
            if (!diagnosis.Failed && section.At != section.End) section.Malformed(section.At, $"section {id} is longer than its content");
        }

        if (diagnosis.Failed) return _module;
        if (_module.Bodies.Count != _declared) reader.Malformed(bytes.Length, $"{_declared} functions are declared, {_module.Bodies.Count} have a body");
        else if (_dataCount >= 0 && _dataCount != _module.Data.Count) reader.Malformed(bytes.Length, "the data count differs from the data section");
        return _module;
    }

    private void Section(int id, WasmReader r)
    {
        switch (id)
        {
            case 0: Custom(r); break;
            case 1: Types(r); break;
            case 2: Imports(r); break;
            case 3: Functions(r); break;
            case 4: Tables(r); break;
            case 5: Memories(r); break;
            case 6: Globals(r); break;
            case 7: Exports(r); break;
            case 8: r.Unsupported(r.At, "a start function is not supported: everything starts in run"); break;
            case 9: Elements(r); break;
            case 10: Code(r); break;
            case 11: Data(r); break;
            default: _dataCount = (int)Math.Min(r.U32(), int.MaxValue); break;
        }
    }

    private void Custom(WasmReader r)
    {
        var at = r.At;
        var name = r.Name();
        if (r.Failed) return;
        if (name == ManifestReader.SectionName)
        {
            if (_module.Manifest is not null) diagnosis.Fail(ProgramErrorCode.Manifest, at, "a second custom section 'depin'");
            _module.Manifest = (r.At, r.End);
        }

        r.Skip(r.End - r.At);
    }

    /// <summary>Reads a value type; floats and references are outside the profile.</summary>
    internal static WasmType ReadValueType(WasmReader r)
    {
        var at = r.At;
        switch (r.Byte())
        {
            case 0x7f: return WasmType.I32;
            case 0x7e: return WasmType.I64;
            case 0x7d or 0x7c: r.Unsupported(at, FloatMessage); break;
            case 0x7b: r.Unsupported(at, "vectors are not supported"); break;
            case 0x70 or 0x6f: r.Unsupported(at, "reference types are not supported"); break;
            default: r.Malformed(at, "unknown value type"); break;
        }

        return WasmType.I32;
    }

    private void Types(WasmReader r)
    {
        for (var n = r.Count(limits.Types, "types"); n > 0 && !r.Failed; n--)
        {
            var at = r.At;
            if (r.Byte() != 0x60)
            {
                r.Malformed(at, "a type is not a function type");
                return;
            }

            var parameters = new WasmType[r.Count(limits.Params, "parameters")];
            for (var i = 0; i < parameters.Length; i++) parameters[i] = ReadValueType(r);
            var results = new WasmType[r.Count(limits.Results, "results")];
            for (var i = 0; i < results.Length; i++) results[i] = ReadValueType(r);
            var key = Key(parameters) + ">" + Key(results);
            if (!_canonicalTypes.TryGetValue(key, out var canonical)) _canonicalTypes[key] = canonical = _module.Types.Count;
            _module.Types.Add(new FunctionType(parameters, results) { Canonical = canonical });
        }
    }

    private static string Key(WasmType[] types) => string.Concat(types.Select(t => t == WasmType.I32 ? 'i' : 'l'));

    private int TypeIndex(WasmReader r)
    {
        var at = r.At;
        var type = r.U32();
        if (r.Failed || type < (uint)_module.Types.Count) return (int)type;
        r.Invalid(at, $"unknown type {type}");
        return 0;
    }

    private void Imports(WasmReader r)
    {
        for (var n = r.Count(limits.Imports, "imports"); n > 0 && !r.Failed; n--)
        {
            var at = r.At;
            var module = r.Name();
            var name = r.Name();
            var kindAt = r.At;
            int kind = r.Byte();
            if (r.Failed) return;
            if (kind > 3)
            {
                r.Malformed(kindAt, "unknown import kind");
                return;
            }

            var host = kind == 0 && module == Agent.Tasks.HostAbi.Module ? HostImports.Find(name) : null;
            if (host is null)
            {
                diagnosis.Fail(ProgramErrorCode.Import, at, kind == 0
                    ? $"the host has no function '{module}.{name}'"
                    : $"'{module}.{name}' is not a function; only functions of 'depin' can be imported");
                return;
            }

            var type = TypeIndex(r);
            if (r.Failed) return;
            if (!HostImports.Fits(host, _module.Types[type]))
            {
                diagnosis.Fail(ProgramErrorCode.Import, at, $"'{module}.{name}' has another type: it is {host.Signature}");
                return;
            }

            _module.Imports.Add(new ImportedFunction(name, type, at));
            _module.Functions.Add(type);
        }
    }

    private void Functions(WasmReader r)
    {
        _declared = r.Count(limits.Functions, "functions");
        for (var n = _declared; n > 0 && !r.Failed; n--) _module.Functions.Add(TypeIndex(r));
    }

    // Limits of a table or memory: flag, minimum, maximum. Answers the maximum, or the bound when there is none.
    private static (uint Min, uint Max) Limits(WasmReader r, uint bound, string what)
    {
        var at = r.At;
        var flag = r.Byte();
        if (flag > 1) r.Malformed(at, $"malformed limits of a {what}");
        var minAt = r.At;
        var min = r.U32();
        var max = flag == 1 ? r.U32() : bound;
        if (r.Failed) return default;
        if (min > bound || max > bound) r.Invalid(minAt, $"the {what}'s size must be at most {bound}");
        else if (min > max) r.Invalid(minAt, $"the {what}'s minimum is larger than its maximum");
        return (min, max);
    }

    private void Tables(WasmReader r)
    {
        var at = r.At;
        var count = r.Count(16, "tables");
        if (count > 1) r.Invalid(at, "more than one table");
        if (r.Failed || count == 0) return;
        at = r.At;
        var kind = r.Byte();
        if (kind == 0x6f) r.Unsupported(at, "reference types are not supported");
        else if (kind != 0x70) r.Malformed(at, "unknown reference type");
        at = r.At;
        (_module.TableMin, _) = Limits(r, uint.MaxValue, "table");
        if (!r.Failed && _module.TableMin > (uint)limits.TableElements) r.Limit(at, $"{_module.TableMin} table elements, more than {limits.TableElements}");
        _module.HasTable = true;
    }

    private void Memories(WasmReader r)
    {
        var at = r.At;
        var count = r.Count(16, "memories");
        if (count > 1) r.Invalid(at, "more than one memory");
        if (r.Failed || count == 0) return;
        (_module.MemoryMin, _module.MemoryMax) = Limits(r, 65536, "memory");
        _module.HasMemory = true;
    }

    private void Globals(WasmReader r)
    {
        for (var n = r.Count(limits.Globals, "globals"); n > 0 && !r.Failed; n--)
        {
            var type = ReadValueType(r);
            var at = r.At;
            var mutable = r.Byte();
            if (mutable > 1) r.Malformed(at, "malformed mutability");
            var value = Constant(r, type);
            _module.Globals.Add(new Global(type, mutable == 1, value));
        }
    }

    // A constant expression of the extended-const profile: constants, add, sub, mul. There are no imported globals to read.
    private long Constant(WasmReader r, WasmType want)
    {
        var start = r.At;
        var stack = new List<(WasmType Type, long Value)>();
        while (!r.Failed)
        {
            var at = r.At;
            int op = r.Byte();
            if (r.Failed) break;
            if (op == 0x0b)
            {
                if (stack.Count == 1 && stack[0].Type == want) return stack[0].Value;
                r.Invalid(start, "type mismatch in a constant expression");
                break;
            }

            var type = op is 0x41 or >= 0x6a and <= 0x6c ? WasmType.I32 : WasmType.I64;
            if (op == 0x41) stack.Add((type, r.S32()));
            else if (op == 0x42) stack.Add((type, r.S64()));
            else if (op is (>= 0x6a and <= 0x6c) or (>= 0x7c and <= 0x7e))
            {
                if (stack.Count < 2 || stack[^1].Type != type || stack[^2].Type != type)
                {
                    r.Invalid(at, "type mismatch in a constant expression");
                    break;
                }

                var (x, y) = (stack[^2].Value, stack[^1].Value);
                var value = (op is 0x6a or 0x7c) ? x + y : (op is 0x6b or 0x7d) ? x - y : x * y;
                stack.RemoveRange(stack.Count - 2, 2);
                stack.Add((type, type == WasmType.I32 ? (int)value : value));
            }
            else if (op is 0x43 or 0x44) r.Unsupported(at, FloatMessage);
            else if (op == 0x23)
            {
                var index = r.U32();
                r.Invalid(at, $"unknown global {index} in a constant expression");
            }
            else if (op is 0xd0 or 0xd2) r.Unsupported(at, "reference types are not supported");
            else r.Invalid(at, "constant expression required");
        }

        return 0;
    }

    private void Exports(WasmReader r)
    {
        for (var n = r.Count(limits.Exports, "exports"); n > 0 && !r.Failed; n--)
        {
            var at = r.At;
            var name = r.Name();
            var kindAt = r.At;
            int kind = r.Byte();
            var indexAt = r.At;
            var index = r.U32();
            if (r.Failed) return;
            var count = kind switch
            {
                0 => _module.Functions.Count,
                1 => _module.HasTable ? 1 : 0,
                2 => _module.HasMemory ? 1 : 0,
                3 => _module.Globals.Count,
                _ => -1,
            };
            if (count < 0) r.Malformed(kindAt, "unknown export kind");
            else if (index >= (uint)count) r.Invalid(indexAt, $"the export '{name}' names nothing");
            else if (!_exportNames.Add(name)) r.Invalid(at, $"duplicate export name '{name}'");
            else _module.Exports.Add(new Export(name, kind, (int)index, at));
        }
    }

    private void Elements(WasmReader r)
    {
        for (var n = r.Count(limits.Segments, "element segments"); n > 0 && !r.Failed; n--)
        {
            var at = r.At;
            var flag = r.U32();
            if (flag is not 0 and not 2) r.Unsupported(at, "only active element segments of function indices are supported");
            if (flag == 2 && r.U32() != 0) r.Invalid(at, "unknown table");
            if (!r.Failed && !_module.HasTable) r.Invalid(at, "unknown table 0");
            var offset = Constant(r, WasmType.I32);
            if (flag == 2 && r.Byte() != 0) r.Malformed(at, "malformed element kind");
            var functions = new int[r.Count(limits.TableElements, "elements")];
            for (var i = 0; i < functions.Length && !r.Failed; i++)
            {
                var functionAt = r.At;
                var function = r.U32();
                if (function >= (uint)_module.Functions.Count) r.Invalid(functionAt, $"unknown function {function}");
                else if (function < (uint)_module.Imports.Count) r.Unsupported(functionAt, "a host function in a table is not supported");
                functions[i] = (int)function;
            }

            if (r.Failed) return;
            if ((uint)offset + (ulong)functions.Length > _module.TableMin) r.Invalid(at, "out of bounds table access: an element segment does not fit");
            _module.Elements.Add(new ElementSegment((int)offset, functions, at));
        }
    }

    private void Code(WasmReader r)
    {
        var at = r.At;
        var count = r.Count(limits.Functions, "function bodies");
        if (!r.Failed && count != _declared) r.Malformed(at, $"{_declared} functions are declared, {count} have a body");
        for (; count > 0 && !r.Failed; count--)
        {
            at = r.At;
            var size = r.U32();
            if (r.Failed) return;
            if (size > (uint)(r.End - r.At))
            {
                r.Malformed(at, "a function body runs past its section");
                return;
            }

            _module.Bodies.Add(new FunctionBody(r.At, r.At + (int)size));
            r.Skip((int)size);
        }
    }

    private void Data(WasmReader r)
    {
        for (var n = r.Count(limits.Segments, "data segments"); n > 0 && !r.Failed; n--)
        {
            var at = r.At;
            var flag = r.U32();
            if (flag == 1) r.Unsupported(at, "passive data segments are not supported");
            else if (flag is not 0 and not 2) r.Malformed(at, "unknown kind of data segment");
            if (flag == 2 && r.U32() != 0) r.Invalid(at, "unknown memory");
            if (!r.Failed && !_module.HasMemory) r.Invalid(at, "unknown memory 0");
            var address = (uint)Constant(r, WasmType.I32);
            var count = r.Bytes().Length;
            if (r.Failed) return;
            _module.Data.Add(new DataSegment(address, r.At - count, count, at));
        }
    }
}
