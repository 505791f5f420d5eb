// Lowers a whole module and writes its register image (layout: RegisterImage). Deterministic: everything is visited in the
// module's own order.
using System.Buffers.Binary;
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks.Wasm;

namespace DePinEdge.Tasks.Lowering;

/// <summary>Lowers one validated module.</summary>
internal sealed class ProgramLowering(byte[] wasm, WasmModule module, FunctionCode[] functions, CallGraph calls, Diagnosis diagnosis)
{
    private readonly Presets _presets = new();
    private readonly List<byte> _image = [];

    /// <summary>The image of the module with <paramref name="entry"/> as its run; null when a limit of the image was passed.</summary>
    public byte[]? Lower(int entry, int memoryBytes, int stackSlots, int outputBytesMax)
    {
        // Mutable globals take the first slots, so that a task's start resets them with the constants.
        var globals = new int[module.Globals.Count];
        for (var g = 0; g < globals.Length; g++)
        {
            var global = module.Globals[g];
            if (!global.Mutable) continue;
            globals[g] = global.Type == WasmType.I32 ? _presets.I.Count : _presets.L.Count;
            if (global.Type == WasmType.I32) _presets.I.Add((int)global.Initial);
            else _presets.L.Add(global.Initial);
        }

        var lowering = new FunctionLowering(module, functions, calls, _presets, globals, diagnosis);
        var lowered = new LoweredFunction[functions.Length];
        for (var f = 0; f < functions.Length && !diagnosis.Failed; f++) lowered[f] = lowering.Lower(f);
        if (diagnosis.Failed) return null;

        var results = module.Types.Where(t => t.Results.Length > 1).ToArray();
        var resultI = results.Select(t => t.Results.Count(r => r == WasmType.I32)).DefaultIfEmpty().Max();
        var resultL = results.Select(t => t.Results.Count(r => r == WasmType.I64)).DefaultIfEmpty().Max();
        var baseI = new int[functions.Length];
        var baseL = new int[functions.Length];
        var nextI = _presets.I.Count + resultI;
        var nextL = _presets.L.Count + resultL;
        for (var f = 0; f < functions.Length; f++)
        {
            (baseI[f], baseL[f]) = (nextI, nextL);
            nextI += lowered[f].OwnI;
            nextL += lowered[f].OwnL;
        }

        if (nextI > 65536 || nextL > 65536)
        {
            diagnosis.Fail(ProgramErrorCode.Limit, 0, $"the program needs {nextI} i32 and {nextL} i64 slots, more than 65536");
            return null;
        }

        var flags = 0;
        for (var f = 0; f < functions.Length; f++)
        {
            if (!calls.Recurses(f)) continue;
            if (lowered[f].OwnI > 0) flags |= RegisterImage.FlagSaveI;
            if (lowered[f].OwnL > 0) flags |= RegisterImage.FlagSaveL;
        }

        Header(entry, memoryBytes, stackSlots, outputBytesMax, flags, nextI, nextL, lowered.Sum(f => f.Words.Count));
        foreach (var type in module.Types)
        {
            U16(type.Params.Count(t => t == WasmType.I32));
            U16(type.Params.Count(t => t == WasmType.I64));
            U16(type.Results.Length > 1 ? RegisterImage.ResultMany : type.Results.Length == 0 ? RegisterImage.ResultNone
                : type.Results[0] == WasmType.I32 ? RegisterImage.ResultI : RegisterImage.ResultL);
            U16(0);
        }

        Functions(lowered, baseI, baseL);
        Table();
        foreach (var value in _presets.I) U32(value);
        foreach (var value in _presets.L)
        {
            U32((int)value);
            U32((int)(value >> 32));
        }

        foreach (var segment in module.Data)
        {
            U32((int)segment.Address);
            U32(segment.Count);
            _image.AddRange(wasm.AsSpan(segment.FileOffset, segment.Count));
        }

        if ((_image.Count & 1) != 0) _image.Add(0);
        for (var f = 0; f < functions.Length; f++)
            Code(lowered[f].Words, baseI[f], baseL[f], _presets.I.Count, _presets.L.Count, baseI, baseL);
        if (_image.Count > RegisterImage.ImageBytesMax)
        {
            diagnosis.Fail(ProgramErrorCode.Limit, 0, $"the register image takes {_image.Count} bytes, more than {RegisterImage.ImageBytesMax}");
            return null;
        }

        var image = _image.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(RegisterImage.HeaderTotalBytes), image.Length);
        return image;
    }

    private void U16(int value)
    {
        _image.Add((byte)value);
        _image.Add((byte)(value >> 8));
    }

    private void U32(int value)
    {
        U16(value);
        U16(value >> 16);
    }

    private void Header(int entry, int memoryBytes, int stackSlots, int outputBytesMax, int flags, int slotsI, int slotsL, int words)
    {
        U32(RegisterImage.Magic);
        U32(0);
        U32(memoryBytes);
        U32((int)module.MemoryMin);
        U32((int)module.MemoryMax);
        U32(stackSlots);
        U16(outputBytesMax);
        U16(HostAbi.Version);
        U32(slotsI);
        U32(slotsL);
        U16(module.Types.Count);
        U16(functions.Length);
        U32((int)module.TableMin);
        U32(_presets.I.Count);
        U32(_presets.L.Count);
        U32(module.Data.Count);
        U32(words);
        U16(entry);
        U16(flags);
    }

    private void Functions(LoweredFunction[] lowered, int[] baseI, int[] baseL)
    {
        var code = 0;
        for (var f = 0; f < functions.Length; f++)
        {
            var type = functions[f].Type;
            U32(code);
            U32(lowered[f].Words.Count);
            U32(functions[f].Slots);
            U16(type.Canonical);
            U16(functions[f].EntryCost);
            U16(baseI[f]);
            U16(lowered[f].LocalsI - type.Params.Count(t => t == WasmType.I32));
            U16(baseL[f]);
            U16(lowered[f].LocalsL - type.Params.Count(t => t == WasmType.I64));
            code += lowered[f].Words.Count;
        }
    }

    private void Table()
    {
        var table = new int[module.TableMin];
        foreach (var segment in module.Elements)
            for (var n = 0; n < segment.Functions.Length; n++) table[segment.Offset + n] = segment.Functions[n] - module.Imports.Count + 1;
        foreach (var element in table) U16(element);
    }

    private void Code(List<int> words, int ownI, int ownL, int resultI, int resultL, int[] baseI, int[] baseL)
    {
        for (var at = 0; at < words.Count;)
        {
            var op = words[at];
            U16(op);
            at++;
            var result = RegisterImage.ResultNone;
            foreach (var operand in RegisterOp.Operands(op))
            {
                var word = words[at++];
                if (operand == 'f') result = Result(functions[word].Type);
                U16(IsL(operand, result) ? L(word) : IsI(operand, result) ? I(word) : word);
            }

            if (op == RegisterOp.BrTable)
            {
                for (var n = 2 * (words[at - 1] + 1); n > 0; n--) U16(words[at++]);
            }
            else if (op == RegisterOp.CallIndirect)
            {
                var type = module.Types[words[at - 1]];
                for (var n = type.Params.Count(t => t == WasmType.I32); n > 0; n--) U16(I(words[at++]));
                for (var n = type.Params.Count(t => t == WasmType.I64); n > 0; n--) U16(L(words[at++]));
                result = Result(type);
                U16(IsL('r', result) ? L(words[at++]) : I(words[at++]));
            }
        }

        int I(int slot) => Slot.Resolve(slot, ownI, resultI, baseI);
        int L(int slot) => Slot.Resolve(slot, ownL, resultL, baseL);
    }

    private static int Result(FunctionType type) =>
        type.Results.Length != 1 ? RegisterImage.ResultNone : type.Results[0] == WasmType.I64 ? RegisterImage.ResultL : RegisterImage.ResultI;

    private static bool IsI(char operand, int result) => operand is 'i' or 'A' || (operand == 'r' && result == RegisterImage.ResultI);

    private static bool IsL(char operand, int result) => operand is 'l' or 'B' || (operand == 'r' && result == RegisterImage.ResultL);
}
