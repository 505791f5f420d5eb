// Decodes and validates function bodies by the algorithm of the specification's appendix (7.3 in release 2): a stack of
// operand types, a stack of control frames, and polymorphic operands behind an unconditional transfer. In the same pass it
// finds the fuel blocks (task-engine.md, Fuel 1 and 2), so that every engine charges what is found here.
using static DePinEdge.Tasks.Wasm.Operators;

namespace DePinEdge.Tasks.Wasm;

/// <summary>Validates the bodies of one module, one after another.</summary>
internal sealed class FunctionValidator(byte[] bytes, WasmModule module, ProgramLimits limits, Diagnosis diagnosis)
{
    private static readonly WasmType[] None = [];
    private static readonly WasmType[] OneI32 = [WasmType.I32];
    private static readonly WasmType[] OneI64 = [WasmType.I64];

    private readonly List<WasmType> _operands = [];
    private readonly List<Frame> _frames = [];
    private FunctionCode _code = null!;
    private WasmReader _r = null!;
    private Instruction _i;

    // The fuel block being filled: the instruction it stands behind (-1 for the entry) and its cost so far.
    private int _leader;
    private int _cost;

    // True behind an unconditional transfer, until code that something can reach; blocks opened there are dead as a whole.
    private bool _dead;

    private sealed class Frame
    {
        public required int Op { get; set; }
        public required WasmType[] Params { get; init; }
        public required WasmType[] Results { get; init; }
        public required int Height { get; init; }
        public required int Start { get; init; }
        public int Else { get; set; }
        public bool Unreachable { get; set; }

        /// <summary>The block itself stands in dead code.</summary>
        public required bool Dead { get; init; }

        public WasmType[] Label => Op == Loop ? Params : Results;
    }

    /// <summary>The parameters and results of a block type as <see cref="Instruction.A"/> holds it.</summary>
    public static (WasmType[] Params, WasmType[] Results) BlockType(WasmModule module, int type) => type switch
    {
        -1 => (None, None),
        -2 => (None, OneI32),
        -3 => (None, OneI64),
        _ => (module.Types[type].Params, module.Types[type].Results),
    };

    /// <summary>Validates one body; the result is to be used only when the diagnosis stayed clear.</summary>
    public FunctionCode Validate(FunctionBody body, FunctionType type)
    {
        _r = new WasmReader(bytes, body.Start, body.End, diagnosis);
        _code = new FunctionCode { Type = type, Locals = ReadLocals(type) };
        _operands.Clear();
        _frames.Clear();
        _leader = -1;
        _cost = 1;
        _dead = false;
        Open(Block, None, type.Results, -1);
        while (_frames.Count > 0 && !diagnosis.Failed)
        {
            if (_r.At >= _r.End)
            {
                _r.Malformed(_r.At, "END opcode expected");
                break;
            }

            Operator();
        }

        if (!diagnosis.Failed && _r.At != _r.End) _r.Malformed(_r.At, "a function body goes on behind its end");
        CloseFuelBlock();
        return _code;
    }

    private WasmType[] ReadLocals(FunctionType type)
    {
        var locals = new List<WasmType>(type.Params);
        for (var n = _r.Count(int.MaxValue, "groups of locals"); n > 0 && !diagnosis.Failed; n--)
        {
            var at = _r.At;
            var count = _r.U32();
            if (!diagnosis.Failed && count > (uint)(limits.Locals - locals.Count)) _r.Limit(at, $"more than {limits.Locals} locals");
            var local = ModuleDecoder.ReadValueType(_r);
            if (!diagnosis.Failed) locals.AddRange(Enumerable.Repeat(local, (int)count));
        }

        if (!diagnosis.Failed && locals.Count > limits.Locals) _r.Limit(_r.At, $"more than {limits.Locals} locals");
        return [.. locals];
    }

    private void Operator()
    {
        var at = _r.At;
        int op = _r.Byte();
        if (op == 0xfc) op = Prefixed + (int)Math.Min(_r.U32(), 0xfff);
        _i = new Instruction { Op = (ushort)op, ByteOffset = at, Dead = _dead };
        if (!_dead && !IsFree(op))
        {
            _cost++;
            _code.Operators++;
        }

        switch (op)
        {
            case Unreachable: EndFlow(); break;
            case Nop: break;
            case Block or Loop or If: OpenBlock(op); return;
            case Else: OpenElse(); return;
            case End: Close(); return;
            case Br: PopTypes(Label(Index())); EndFlow(); break;
            case BrIf: BranchIf(); return;
            case BrTable: BranchTable(); break;
            case Return: PopTypes(_frames[0].Results); EndFlow(); break;
            case Call: CallFunction(); break;
            case CallIndirect: CallTable(); break;
            case Drop: Pop(); break;
            case Select or SelectTyped: SelectValue(op); break;
            case LocalGet: Push(Local()); break;
            case LocalSet: Pop(Local()); break;
            case LocalTee: var local = Local(); Pop(local); Push(local); break;
            case GlobalGet: Push(GlobalAt().Type); break;
            case GlobalSet: SetGlobal(); break;
            case MemorySize: MemoryIndex(); Push(WasmType.I32); break;
            case MemoryGrow: MemoryIndex(); Pop(WasmType.I32); Push(WasmType.I32); break;
            case ConstI32: _i.Imm = _r.S32(); Push(WasmType.I32); break;
            case ConstI64: _i.Imm = _r.S64(); Push(WasmType.I64); break;
            case MemoryCopy: MemoryIndex(); MemoryIndex(); PopThree(); break;
            case MemoryFill: MemoryIndex(); PopThree(); break;
            default: Other(op, at); break;
        }

        Emit();
    }

    private void Other(int op, int at)
    {
        if (IsLoad(op))
        {
            MemoryArgument(op);
            Pop(WasmType.I32);
            Push(AccessType(op));
        }
        else if (IsStore(op))
        {
            MemoryArgument(op);
            Pop(AccessType(op));
            Pop(WasmType.I32);
        }
        else if (Numeric(op, out var operands, out var from, out var to))
        {
            for (var n = operands; n > 0; n--) Pop(from);
            Push(to);
        }
        else if (IsFloat(op)) _r.Unsupported(at, "floating point is not supported yet");
        else if (op is 0x25 or 0x26 or 0xd0 or 0xd1 or 0xd2 or >= 0x10c and <= 0x111) _r.Unsupported(at, "reference types and table operators are not supported");
        else if (op is 0x108 or 0x109) _r.Unsupported(at, "passive data segments are not supported");
        else if (op is 0x12 or 0x13) _r.Unsupported(at, "tail calls are not supported");
        else if (op == 0xfd) _r.Unsupported(at, "vectors are not supported");
        else if (op == 0xfe) _r.Unsupported(at, "threads are not supported");
        else if (op is 0x06 or 0x07 or 0x08 or 0x09 or 0x0a or 0x18 or 0x19) _r.Unsupported(at, "exceptions are not supported");
        else _r.Malformed(at, $"illegal opcode 0x{(op >= Prefixed ? 0xfc00 + op - Prefixed : op):x2}");
    }

    private void Emit() => _code.Instructions.Add(_i);

    private void CloseFuelBlock()
    {
        if (_leader < -1 || diagnosis.Failed) return;
        if (_leader == -1) _code.EntryCost = _cost;
        else System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_code.Instructions)[_leader].Cost = _cost;
        if (_cost > ushort.MaxValue)
            diagnosis.Fail(ProgramErrorCode.Limit, _leader < 0 ? _r.At : _code.Instructions[_leader].ByteOffset, $"more than {ushort.MaxValue} operators without a branch");
    }

    // Emits the operator as the last of its fuel block and starts the next one behind it.
    private void EmitLeader()
    {
        CloseFuelBlock();
        _leader = _code.Instructions.Count;
        _cost = 0;
        Emit();
    }

    private void EndFlow()
    {
        if (_frames.Count == 0) return;
        var frame = _frames[^1];
        if (_operands.Count > frame.Height) _operands.RemoveRange(frame.Height, _operands.Count - frame.Height);
        frame.Unreachable = true;
        if (!_dead)
        {
            CloseFuelBlock();
            _leader = -2;
        }

        _dead = true;
    }

    private void Open(int op, WasmType[] parameters, WasmType[] results, int start)
    {
        _frames.Add(new Frame { Op = op, Params = parameters, Results = results, Height = _operands.Count, Start = start, Dead = _dead });
        foreach (var type in parameters) Push(type);
    }

    private void OpenBlock(int op)
    {
        var at = _r.At;
        var number = _r.S33();
        _i.A = number switch { -64 => -1, -1 => -2, -2 => -3, >= 0 and < int.MaxValue => (int)number, _ => int.MaxValue };
        if (number is -3 or -4) _r.Unsupported(at, "floating point is not supported yet");
        else if (number is < 0 and not -64 and < -2) _r.Malformed(at, "unknown block type");
        else if (_i.A >= module.Types.Count) _r.Invalid(at, $"unknown type {number}");
        if (_frames.Count >= limits.Nesting) _r.Limit(at, $"more than {limits.Nesting} nested blocks");
        if (diagnosis.Failed) return;
        var (parameters, results) = BlockType(module, _i.A);
        if (op == If) Pop(WasmType.I32);
        PopTypes(parameters);
        var start = _code.Instructions.Count;
        if (op != Block && !_dead) EmitLeader();
        else Emit();
        Open(op, parameters, results, start);
    }

    private void OpenElse()
    {
        var frame = _frames[^1];
        if (frame.Op != If)
        {
            _r.Malformed(_i.ByteOffset, "else without if");
            return;
        }

        PopTypes(frame.Results);
        if (_operands.Count != frame.Height) _r.Invalid(_i.ByteOffset, "type mismatch: operands are left over at else");
        if (diagnosis.Failed) return;
        frame.Op = Else;
        frame.Unreachable = false;
        frame.Else = _code.Instructions.Count;
        _i.Dead = frame.Dead;
        if (frame.Dead) Emit();
        else EmitLeader();
        _dead = frame.Dead;
        foreach (var type in frame.Params) Push(type);
    }

    private void Close()
    {
        var frame = _frames[^1];
        PopTypes(frame.Results);
        if (!diagnosis.Failed && _operands.Count != frame.Height) _r.Invalid(_i.ByteOffset, "type mismatch: operands are left over at the end of a block");
        if (!diagnosis.Failed && frame.Op == If && !frame.Params.SequenceEqual(frame.Results))
            _r.Invalid(_i.ByteOffset, "type mismatch: an if without else must give what it takes");
        if (diagnosis.Failed) return;
        _frames.RemoveAt(_frames.Count - 1);
        var here = _code.Instructions.Count;
        _i.A = frame.Start;
        if (frame.Start >= 0)
        {
            var span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_code.Instructions);
            span[frame.Start].Imm = (uint)here | ((long)frame.Else << 32);
            if (frame.Else > 0) span[frame.Else].Imm = here;
        }

        // The end of a block or if starts a fuel block and can be reached; the end of a loop is nobody's target.
        if (frame.Start >= 0 && frame.Op != Loop)
        {
            _i.Dead = frame.Dead;
            if (frame.Dead) Emit();
            else EmitLeader();
            _dead = frame.Dead;
        }
        else
        {
            // What ends a loop or the function must be seen by the lowering even behind a transfer.
            if (frame.Start < 0 || !frame.Dead) _i.Dead = false;
            Emit();
        }

        foreach (var type in frame.Results) Push(type);
    }

    private void BranchIf()
    {
        var label = Label(Index());
        Pop(WasmType.I32);
        PopTypes(label);
        foreach (var type in label) Push(type);
        if (_dead) Emit();
        else EmitLeader();
    }

    private void BranchTable()
    {
        var count = _r.Count(limits.BrTableTargets, "targets of a br_table");
        _i.A = _code.Targets.Count;
        _i.Imm = count + 1;
        Pop(WasmType.I32);
        var first = _code.Targets.Count;
        for (var n = 0; n <= count && !diagnosis.Failed; n++)
        {
            var depth = Depth();
            if (!diagnosis.Failed) _code.Targets.Add(depth);
        }

        if (diagnosis.Failed) return;
        var last = Label(_code.Targets[^1]);
        for (var n = first; n < _code.Targets.Count && !diagnosis.Failed; n++)
        {
            var label = Label(_code.Targets[n]);
            if (label.Length != last.Length) _r.Invalid(_i.ByteOffset, "type mismatch: the targets of a br_table take different numbers of values");
            else PopAndPutBack(label);
        }

        PopTypes(last);
        EndFlow();
    }

    // Checks the operands against a label and leaves them as they were; behind a transfer, missing ones stay unknown.
    private void PopAndPutBack(WasmType[] label)
    {
        var kept = new WasmType[label.Length];
        for (var n = label.Length - 1; n >= 0; n--) kept[n] = Pop(label[n]);
        _operands.AddRange(kept);
    }

    private void CallFunction()
    {
        var at = _r.At;
        var function = _r.U32();
        if (diagnosis.Failed) return;
        if (function >= (uint)module.Functions.Count)
        {
            _r.Invalid(at, $"unknown function {function}");
            return;
        }

        _i.A = (int)function;
        Apply(module.Types[module.Functions[(int)function]]);
    }

    private void CallTable()
    {
        var at = _r.At;
        var type = _r.U32();
        var tableAt = _r.At;
        var table = _r.U32();
        if (diagnosis.Failed) return;
        if (table != 0 || !module.HasTable) _r.Invalid(tableAt, $"unknown table {table}");
        else if (type >= (uint)module.Types.Count) _r.Invalid(at, $"unknown type {type}");
        if (diagnosis.Failed) return;
        _i.A = module.Types[(int)type].Canonical;
        Pop(WasmType.I32);
        Apply(module.Types[(int)type]);
    }

    private void Apply(FunctionType type)
    {
        PopTypes(type.Params);
        foreach (var result in type.Results) Push(result);
    }

    private void SelectValue(int op)
    {
        _i.Op = Select;
        if (op == SelectTyped)
        {
            var at = _r.At;
            if (_r.Count(limits.Results, "types of a select") != 1) _r.Invalid(at, "a select takes one type");
            var type = ModuleDecoder.ReadValueType(_r);
            Pop(WasmType.I32);
            Pop(type);
            Pop(type);
            Push(type);
            return;
        }

        Pop(WasmType.I32);
        var x = Pop();
        var y = Pop(x);
        Push(x == WasmType.Unknown ? y : x);
    }

    private WasmType Local()
    {
        var at = _r.At;
        var local = _r.U32();
        if (diagnosis.Failed) return WasmType.I32;
        _i.A = (int)local;
        if (local < (uint)_code.Locals.Length) return _code.Locals[(int)local];
        _r.Invalid(at, $"unknown local {local}");
        return WasmType.I32;
    }

    private Global GlobalAt()
    {
        var at = _r.At;
        var global = _r.U32();
        if (!diagnosis.Failed && global < (uint)module.Globals.Count)
        {
            _i.A = (int)global;
            return module.Globals[(int)global];
        }

        _r.Invalid(at, $"unknown global {global}");
        return new Global(WasmType.I32, true, 0);
    }

    private void SetGlobal()
    {
        var global = GlobalAt();
        if (!diagnosis.Failed && !global.Mutable) _r.Invalid(_i.ByteOffset, "global is immutable");
        Pop(global.Type);
    }

    private void MemoryIndex()
    {
        var at = _r.At;
        if (_r.Byte() != 0) _r.Malformed(at, "zero byte expected");
        else if (!module.HasMemory) _r.Invalid(at, "unknown memory 0");
    }

    private void MemoryArgument(int op)
    {
        var at = _r.At;
        var align = _r.U32();
        _i.Imm = _r.U32();
        if (diagnosis.Failed) return;
        if (align >= 32) _r.Malformed(at, "malformed memory alignment");
        else if (!module.HasMemory) _r.Invalid(at, "unknown memory 0");
        else if (align > (uint)AccessLog2(op)) _r.Invalid(at, "alignment must not be larger than natural");
    }

    private void PopThree()
    {
        Pop(WasmType.I32);
        Pop(WasmType.I32);
        Pop(WasmType.I32);
    }

    private int Index()
    {
        _i.A = Depth();
        return _i.A;
    }

    private int Depth()
    {
        var at = _r.At;
        var depth = _r.U32();
        if (diagnosis.Failed || depth < (uint)_frames.Count) return (int)depth;
        _r.Invalid(at, $"unknown label {depth}");
        return 0;
    }

    private WasmType[] Label(int depth) => diagnosis.Failed ? None : _frames[^(depth + 1)].Label;

    private void Push(WasmType type)
    {
        _operands.Add(type);
        if (_dead || _operands.Count <= _code.Height) return;
        _code.Height = _operands.Count;
        if (_code.Height > limits.Operands) _r.Limit(_i.ByteOffset, $"more than {limits.Operands} operands at once");
    }

    private WasmType Pop()
    {
        if (diagnosis.Failed) return WasmType.Unknown;
        var frame = _frames[^1];
        if (_operands.Count == frame.Height)
        {
            if (!frame.Unreachable) _r.Invalid(_i.ByteOffset, "type mismatch: an operand is missing");
            return WasmType.Unknown;
        }

        var type = _operands[^1];
        _operands.RemoveAt(_operands.Count - 1);
        return type;
    }

    private WasmType Pop(WasmType want)
    {
        var type = Pop();
        if (!diagnosis.Failed && type != want && type != WasmType.Unknown && want != WasmType.Unknown)
            _r.Invalid(_i.ByteOffset, $"type mismatch: {Text(type)} where {Text(want)} is expected");
        return type;
    }

    private void PopTypes(WasmType[] types)
    {
        for (var n = types.Length - 1; n >= 0; n--) Pop(types[n]);
    }

    private static string Text(WasmType type) => type == WasmType.I32 ? "i32" : "i64";
}
