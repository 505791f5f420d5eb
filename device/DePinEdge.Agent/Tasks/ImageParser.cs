// Reads and checks a register image (layout: RegisterImage). What it guarantees to the interpreter: every operand names an
// existing slot, every branch lands on an operator of its own function, every backward branch lands just behind a loop
// header and is paid for, every call's operands fit its callee, no function runs off its end.
namespace DePinEdge.Agent.Tasks;

/// <summary>One parse of one image.</summary>
internal sealed class ImageParser
{
    private readonly byte[] _bytes;
    private readonly int _end;
    private readonly int _start;
    private readonly RegisterImage _image = new RegisterImage();
    private int _at;

    // One byte a code word: 0 operand, 1 start of an operator, 2 start of an operator behind a loop header.
    private byte[] _starts;

    internal string Error;

    internal ImageParser(byte[] bytes, int offset, int count)
    {
        _bytes = bytes;
        var inside = bytes != null && offset >= 0 && count >= 0 && offset <= bytes.Length && count <= bytes.Length - offset;
        _start = inside ? offset : 0;
        _at = _start;
        _end = inside ? offset + count : 0;
    }

    internal RegisterImage Parse()
    {
        if (!Header() || !Types() || !Functions() || !TableAndPresets() || !Data() || !Code()) return null;
        return _image;
    }

    private bool Fail(string error)
    {
        Error = error;
        return false;
    }

    private int U16(int at) => _bytes[at] | (_bytes[at + 1] << 8);

    private int I32(int at) => U16(at) | (U16(at + 2) << 16);

    // True when count items of a size fit between the cursor and the end.
    private bool Fits(int count, int bytesEach) => count >= 0 && count <= RegisterImage.ImageBytesMax && (long)count * bytesEach <= _end - _at;

    private bool Header()
    {
        var count = _end - _start;
        if (count < RegisterImage.HeaderBytes) return Fail("shorter than its header");
        if (count > RegisterImage.ImageBytesMax) return Fail("over the largest image");
        if (I32(_start + RegisterImage.HeaderMagic) != RegisterImage.Magic) return Fail("not a register image of this version");
        if (I32(_start + RegisterImage.HeaderTotalBytes) != count) return Fail("length differs from its header");
        if (U16(_start + RegisterImage.HeaderAbi) != HostAbi.Version) return Fail("another host ABI version");
        _image.Bytes = _bytes;
        _image.MemoryBytes = I32(_start + RegisterImage.HeaderMemoryBytes);
        if (_image.MemoryBytes < 0 || _image.MemoryBytes > RegisterImage.MemoryBytesMax || (_image.MemoryBytes & 255) != 0)
            return Fail("memory_bytes out of range");
        _image.MemoryPages = I32(_start + RegisterImage.HeaderPages);
        _image.MemoryPagesMax = I32(_start + RegisterImage.HeaderPagesMax);
        if (_image.MemoryPages < 0 || _image.MemoryPagesMax > 65536 || _image.MemoryPages > _image.MemoryPagesMax)
            return Fail("memory pages out of range");
        _image.StackSlots = I32(_start + RegisterImage.HeaderStackSlots);
        if (_image.StackSlots < 0 || _image.StackSlots > RegisterImage.StackSlotsMax) return Fail("stack_slots out of range");
        _image.OutputBytesMax = U16(_start + RegisterImage.HeaderOutputBytesMax);
        if (_image.OutputBytesMax > HostAbi.OutputBytesMax) return Fail("output limit out of range");
        _image.SlotsI = I32(_start + RegisterImage.HeaderSlotsI);
        _image.SlotsL = I32(_start + RegisterImage.HeaderSlotsL);
        if (_image.SlotsI < 0 || _image.SlotsI > 65536 || _image.SlotsL < 0 || _image.SlotsL > 65536) return Fail("slots out of range");
        var flags = U16(_start + RegisterImage.HeaderFlags);
        if ((flags & ~3) != 0) return Fail("unknown flags");
        _image.SaveSlotsI = (flags & RegisterImage.FlagSaveI) != 0 ? _image.StackSlots : 0;
        _image.SaveSlotsL = (flags & RegisterImage.FlagSaveL) != 0 ? _image.StackSlots : 0;
        _at = _start + RegisterImage.HeaderBytes;
        return true;
    }

    private bool Types()
    {
        var count = U16(_start + RegisterImage.HeaderTypes);
        if (!Fits(count, 8)) return Fail("types run past the end");
        _image.Types = new ushort[count * 4];
        for (var i = 0; i < _image.Types.Length; i++)
        {
            _image.Types[i] = (ushort)U16(_at);
            _at += 2;
        }

        for (var t = 0; t < count; t++)
            if (_image.Types[(t * 4) + 2] > RegisterImage.ResultMany) return Fail("unknown result kind");
        return true;
    }

    private bool Functions()
    {
        var count = U16(_start + RegisterImage.HeaderFunctions);
        if (!Fits(count, RegisterImage.FunctionBytes)) return Fail("functions run past the end");
        var words = I32(_start + RegisterImage.HeaderCodeWords);
        if (words < 0 || words > RegisterImage.ImageBytesMax) return Fail("code length out of range");
        var f = new int[count * RegisterImage.FunctionStride];
        _image.Functions = f;
        var next = 0;
        for (var n = 0; n < f.Length; n += RegisterImage.FunctionStride)
        {
            f[n + RegisterImage.FunctionCode] = I32(_at);
            f[n + RegisterImage.FunctionWords] = I32(_at + 4);
            f[n + RegisterImage.FunctionSlots] = I32(_at + 8);
            for (var k = 0; k < 6; k++) f[n + RegisterImage.FunctionType + k] = U16(_at + 12 + k + k);
            _at += RegisterImage.FunctionBytes;
            if (f[n] != next || f[n + 1] <= 0 || f[n + 1] > words - next) return Fail("a function's code is out of place");
            next += f[n + 1];
            if (f[n + RegisterImage.FunctionSlots] < 0 || f[n + RegisterImage.FunctionSlots] > RegisterImage.StackSlotsMax)
                return Fail("a function's stack slots are out of range");
            var type = f[n + RegisterImage.FunctionType] * 4;
            if (type >= _image.Types.Length) return Fail("a function's type does not exist");
            if (f[n + RegisterImage.FunctionCharge] == 0) return Fail("a function's entry is free");
            if (f[n + RegisterImage.FunctionBaseI] + _image.Types[type] + f[n + RegisterImage.FunctionClearI] > _image.SlotsI ||
                f[n + RegisterImage.FunctionBaseL] + _image.Types[type + 1] + f[n + RegisterImage.FunctionClearL] > _image.SlotsL)
                return Fail("a function's locals are out of range");
            f[n + RegisterImage.FunctionFirstClearI] = f[n + RegisterImage.FunctionBaseI] + _image.Types[type];
            f[n + RegisterImage.FunctionFirstClearL] = f[n + RegisterImage.FunctionBaseL] + _image.Types[type + 1];
        }

        if (next != words) return Fail("code belongs to no function");
        _image.Entry = U16(_start + RegisterImage.HeaderEntry);
        if (_image.Entry >= count) return Fail("the entry function does not exist");
        var entry = f[(_image.Entry * RegisterImage.FunctionStride) + RegisterImage.FunctionType] * 4;
        if (_image.Types[entry] != 0 || _image.Types[entry + 1] != 0 || _image.Types[entry + 2] != RegisterImage.ResultI)
            return Fail("the entry function's type is not [] -> [i32]");
        return true;
    }

    private bool TableAndPresets()
    {
        var functions = U16(_start + RegisterImage.HeaderFunctions);
        var count = I32(_start + RegisterImage.HeaderTable);
        if (!Fits(count, 2)) return Fail("the table runs past the end");
        _image.Table = new int[count];
        for (var i = 0; i < count; i++)
        {
            _image.Table[i] = U16(_at) - 1;
            _at += 2;
            if (_image.Table[i] >= functions) return Fail("a table element's function does not exist");
        }

        count = I32(_start + RegisterImage.HeaderPresetsI);
        if (!Fits(count, 4) || count > _image.SlotsI) return Fail("i32 presets out of range");
        _image.PresetsI = new int[count];
        for (var i = 0; i < count; i++)
        {
            _image.PresetsI[i] = I32(_at);
            _at += 4;
        }

        count = I32(_start + RegisterImage.HeaderPresetsL);
        if (!Fits(count, 8) || count > _image.SlotsL) return Fail("i64 presets out of range");
        _image.PresetsL = new long[count];
        for (var i = 0; i < count; i++)
        {
            _image.PresetsL[i] = (uint)I32(_at) | ((long)I32(_at + 4) << 32);
            _at += 8;
        }

        return true;
    }

    private bool Data()
    {
        _image.DataOffset = _at;
        _image.DataSegments = I32(_start + RegisterImage.HeaderDataSegments);
        if (!Fits(_image.DataSegments, 8)) return Fail("data segments run past the end");
        for (var i = 0; i < _image.DataSegments; i++)
        {
            if (!Fits(1, 8)) return Fail("a data segment runs past the end");
            var address = I32(_at);
            var count = I32(_at + 4);
            _at += 8;
            if (!Fits(count, 1)) return Fail("a data segment runs past the end");
            if (address < 0 || address > _image.MemoryBytes || count > _image.MemoryBytes - address)
                return Fail("a data segment lies outside memory_bytes");
            _at += count;
        }

        if (((_at - _start) & 1) != 0) _at++;
        return true;
    }

    private bool Code()
    {
        var words = I32(_start + RegisterImage.HeaderCodeWords);
        if (!Fits(words, 2) || _at + words + words != _end) return Fail("code does not end where the image does");
        _image.Code = new ushort[words];
        for (var i = 0; i < words; i++)
        {
            _image.Code[i] = (ushort)U16(_at);
            _at += 2;
        }

        _starts = new byte[words];
        var f = _image.Functions;
        for (var n = 0; n < f.Length; n += RegisterImage.FunctionStride)
            if (!Operators(n)) return false;
        for (var n = 0; n < f.Length; n += RegisterImage.FunctionStride)
            if (!Branches(n)) return false;
        return true;
    }

    // First pass over a function: operands in range, operators back to back, the last one a transfer.
    private bool Operators(int function)
    {
        var at = _image.Functions[function + RegisterImage.FunctionCode];
        var end = at + _image.Functions[function + RegisterImage.FunctionWords];
        var code = _image.Code;
        var op = RegisterOp.Unreachable;
        var afterLoop = false;
        while (at < end)
        {
            if (op == RegisterOp.LoopFree && code[at] != RegisterOp.Idle) return Fail("a free loop header without its idle operator");
            op = code[at];
            var length = Length(at, end);
            if (length == 0) return Fail("unknown operator");
            if (length > end - at) return Fail("an operator runs past its function");
            _starts[at] = afterLoop ? (byte)2 : (byte)1;
            afterLoop = op == RegisterOp.Loop || op == RegisterOp.LoopFree;
            if (!OperandsInRange(function, at)) return false;
            at += length;
        }

        return EndsFlow(op) || Fail("a function runs off its end");
    }

    private static bool EndsFlow(int op) =>
        op == RegisterOp.Unreachable || op == RegisterOp.Br || op == RegisterOp.BrTable ||
        op == RegisterOp.Ret || op == RegisterOp.RetI || op == RegisterOp.RetL;

    // Words of the operator at a place; 0 when there is none such.
    private int Length(int at, int end)
    {
        var code = _image.Code;
        int op = code[at];
        var operands = RegisterOp.Operands(op);
        if (operands == null) return 0;
        var length = 1 + operands.Length;
        if (op == RegisterOp.BrTable && end - at >= 3) return length + (2 * (code[at + 2] + 1));
        if (op == RegisterOp.CallIndirect && end - at >= 3)
        {
            var type = code[at + 2] * 4;
            if (type >= _image.Types.Length) return 0;
            return length + _image.Types[type] + _image.Types[type + 1] + 1;
        }

        return length;
    }

    private bool OperandsInRange(int function, int at)
    {
        var code = _image.Code;
        int op = code[at];
        var operands = RegisterOp.Operands(op);
        var result = RegisterImage.ResultNone;
        for (var k = 0; k < operands.Length; k++)
        {
            int word = code[at + 1 + k];
            var bound = 65536;
            switch (operands[k])
            {
                case 'i': bound = _image.SlotsI; break;
                case 'l': bound = _image.SlotsL; break;
                case 'A': bound = _image.SlotsI - code[at + 2 + k] + 1; break;
                case 'B': bound = _image.SlotsL - code[at + 2 + k] + 1; break;
                case 'f':
                    bound = _image.Functions.Length / RegisterImage.FunctionStride;
                    if (word < bound)
                        result = _image.Types[(_image.Functions[(word * RegisterImage.FunctionStride) + RegisterImage.FunctionType] * 4) + 2];
                    break;
                case 'r': bound = ResultBound(result); break;
                default: break;
            }

            if (word >= bound) return Fail("an operand is out of range");
        }

        if (op == RegisterOp.CallIndirect) return ArgumentsInRange(at);
        if (op == RegisterOp.Ret || op == RegisterOp.RetI || op == RegisterOp.RetL)
        {
            int kind = _image.Types[(_image.Functions[function + RegisterImage.FunctionType] * 4) + 2];
            var want = op == RegisterOp.RetI ? RegisterImage.ResultI : op == RegisterOp.RetL ? RegisterImage.ResultL : RegisterImage.ResultNone;
            if (kind == RegisterImage.ResultMany) kind = RegisterImage.ResultNone;
            if (kind != want) return Fail("a return of another type than its function");
        }

        return true;
    }

    private int ResultBound(int result) =>
        result == RegisterImage.ResultI ? _image.SlotsI : result == RegisterImage.ResultL ? _image.SlotsL : 1;

    private bool ArgumentsInRange(int at)
    {
        var code = _image.Code;
        var type = code[at + 2] * 4;
        at += 3;
        for (int k = _image.Types[type]; k > 0; k--)
            if (code[at++] >= _image.SlotsI) return Fail("an argument is out of range");
        for (int k = _image.Types[type + 1]; k > 0; k--)
            if (code[at++] >= _image.SlotsL) return Fail("an argument is out of range");
        return code[at] < ResultBound(_image.Types[type + 2]) || Fail("a result is out of range");
    }

    // Second pass: every displacement lands on an operator, backwards only behind a loop header and never for free.
    private bool Branches(int function)
    {
        var at = _image.Functions[function + RegisterImage.FunctionCode];
        var start = at;
        var end = at + _image.Functions[function + RegisterImage.FunctionWords];
        var code = _image.Code;
        while (at < end)
        {
            int op = code[at];
            var operands = RegisterOp.Operands(op);
            for (var k = 0; k < operands.Length; k++)
                if (operands[k] == 'd' && !Lands(start, end, at, at + 1 + k)) return false;
            if (op == RegisterOp.BrTable)
            {
                for (int k = code[at + 2]; k >= 0; k--)
                    if (!Lands(start, end, at, at + 3 + k + k)) return false;
            }

            at += Length(at, end);
        }

        return true;
    }

    private bool Lands(int start, int end, int op, int displacement)
    {
        int d = (short)_image.Code[displacement];
        var target = op + d;
        if (target < start || target >= end || _starts[target] == 0) return Fail("a branch lands outside its function's operators");
        if (d > 0) return true;
        if (_starts[target] != 2) return Fail("a backward branch does not land behind a loop header");
        return _image.Code[displacement + 1] != 0 || _image.Code[target] == RegisterOp.Idle || Fail("a backward branch is free");
    }
}
