// Lowers one validated function from WebAssembly's stack code to three-address register code.
//
// The operand stack exists only here. An operand is a temporary, or a variable or constant that is read in place and
// copied to its temporary only when it must be: before its variable is written, where control flow joins, before a call
// that may write its global. An operand's temporary depends on its depth alone, so that all paths to a label agree.
// Every pass over operands is paid for by operands it settles, so that lowering is linear in the operators.
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks.Wasm;
using static DePinEdge.Tasks.Wasm.Operators;

namespace DePinEdge.Tasks.Lowering;

/// <summary>What the layout needs to know of a lowered function.</summary>
internal sealed record LoweredFunction(List<int> Words, int OwnI, int OwnL, int LocalsI, int LocalsL);

/// <summary>Lowers functions of one module, one after another.</summary>
internal sealed partial class FunctionLowering(WasmModule module, FunctionCode[] functions, CallGraph calls, Presets presets, int[] globalSlots, Diagnosis diagnosis)
{
    private readonly List<Value> _stack = [];
    private readonly List<Label> _labels = [];
    private readonly int[] _count = new int[2];
    private readonly int[] _locals = new int[2];
    private readonly int[] _temporaries = new int[2];
    private CodeWriter _code = null!;
    private FunctionCode _f = null!;
    private int _function;
    private int[] _variableSlot = [];

    // How many operands read each variable in place; operands below _settled read none.
    private int[] _pending = [];
    private int _pendingGlobals;
    private int _settled;
    private bool _dead;

    private sealed class Label
    {
        public required int Op { get; init; }
        public required WasmType[] Params { get; init; }
        public required WasmType[] Results { get; init; }

        /// <summary>Operands below the block's parameters, and how many of each type.</summary>
        public required int Height { get; init; }
        public required int BelowI { get; init; }
        public required int BelowL { get; init; }

        /// <summary>What a branch here charges.</summary>
        public required int Cost { get; init; }

        /// <summary>A loop's place to come back to.</summary>
        public int Target { get; set; } = -1;

        /// <summary>Where the jump of an if to its else waits for its displacement, -1 when there is none.</summary>
        public (int Word, int Op) Else { get; set; } = (-1, -1);

        /// <summary>Forward branches waiting for their displacement.</summary>
        public List<(int Word, int Op)> Waiting { get; } = [];

        public WasmType[] Carried => Op == Loop ? Params : Results;
    }

    /// <summary>Lowers one function; the result is to be used only when the diagnosis stayed clear.</summary>
    public LoweredFunction Lower(int function)
    {
        _function = function;
        _f = functions[function];
        _code = new CodeWriter();
        _stack.Clear();
        _labels.Clear();
        Array.Clear(_count);
        Array.Clear(_locals);
        Array.Clear(_temporaries);
        _variableSlot = new int[_f.Locals.Length + module.Globals.Count];
        for (var v = 0; v < _f.Locals.Length; v++) _variableSlot[v] = Slot.Own(_locals[(int)_f.Locals[v]]++);
        globalSlots.CopyTo(_variableSlot, _f.Locals.Length);
        _pending = new int[_variableSlot.Length];
        _pendingGlobals = 0;
        _settled = 0;
        _dead = false;
        _labels.Add(new Label { Op = Block, Params = [], Results = _f.Type.Results, Height = 0, BelowI = 0, BelowL = 0, Cost = 0 });
        for (var n = 0; n < _f.Instructions.Count && !diagnosis.Failed; n++)
            if (!_f.Instructions[n].Dead) Instruction(_f.Instructions[n]);
        return new LoweredFunction(_code.Words, _locals[0] + _temporaries[0], _locals[1] + _temporaries[1], _locals[0], _locals[1]);
    }

    private void Instruction(in Instruction i)
    {
        switch (i.Op)
        {
            case Unreachable: _code.Emit(RegisterOp.Unreachable); _dead = true; break;
            case Nop: break;
            case Block or Loop or If: Open(i); break;
            case Else: OpenElse(); break;
            case End: Close(i); break;
            case Br: Jump(i.A); _dead = true; break;
            case BrIf: JumpIf(i); break;
            case BrTable: JumpTable(i); _dead = true; break;
            case Return: Leave(); _dead = true; break;
            case Call: LowerCall(i); break;
            case CallIndirect: LowerCallIndirect(i); break;
            case Drop: Pop(); break;
            case Select: LowerSelect(); break;
            case LocalGet: PushVariable(i.A, _f.Locals[i.A]); break;
            case LocalSet: SetVariable(i.A); break;
            case LocalTee: var type = SetVariable(i.A); PushVariable(i.A, type); break;
            case GlobalGet: GetGlobal(i.A); break;
            case GlobalSet: SetVariable(_f.Locals.Length + i.A); break;
            case ConstI32: PushConstant((int)i.Imm); break;
            case ConstI64: Push(WasmType.I64, ValueKind.Constant, presets.Constant(i.Imm), -1); break;
            case MemorySize: _code.Define(RegisterOp.MemorySize, PushTemporary(WasmType.I32)); break;
            case MemoryGrow: var pages = Pop(); _code.Define(RegisterOp.MemoryGrow, PushTemporary(WasmType.I32), pages.Slot); break;
            case MemoryCopy or MemoryFill: Bulk(i.Op == MemoryCopy ? RegisterOp.MemoryCopy : RegisterOp.MemoryFill); break;
            default: Plain(i); break;
        }
    }

    // ---- The operand stack ----
    private void Push(WasmType type, ValueKind kind, int slot, int variable) =>
        _stack.Add(new Value(type, kind, slot, _count[(int)type]++, variable));

    private int Temporary(WasmType type, int rank)
    {
        if (rank >= _temporaries[(int)type]) _temporaries[(int)type] = rank + 1;
        return Slot.Own(_locals[(int)type] + rank);
    }

    private int PushTemporary(WasmType type)
    {
        var slot = Temporary(type, _count[(int)type]);
        Push(type, ValueKind.Temporary, slot, -1);
        return slot;
    }

    private void PushConstant(int value) => Push(WasmType.I32, ValueKind.Constant, presets.Constant(value), -1);

    private void PushVariable(int variable, WasmType type)
    {
        Push(type, ValueKind.Variable, _variableSlot[variable], variable);
        _pending[variable]++;
        if (variable >= _f.Locals.Length) _pendingGlobals++;
    }

    private Value Pop()
    {
        var value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        _count[(int)value.Type]--;
        Forget(value);
        if (_settled > _stack.Count) _settled = _stack.Count;
        return value;
    }

    private void Forget(Value value)
    {
        if (value.Kind != ValueKind.Variable) return;
        _pending[value.Variable]--;
        if (value.Variable >= _f.Locals.Length) _pendingGlobals--;
    }

    private void Move(WasmType type, int to, int from)
    {
        if (to != from) _code.Emit(type == WasmType.I64 ? RegisterOp.MovL : RegisterOp.MovI, to, from);
    }

    // Copies an operand to its temporary.
    private void Settle(int place)
    {
        var value = _stack[place];
        if (value.Kind == ValueKind.Temporary) return;
        var slot = Temporary(value.Type, value.Rank);
        Move(value.Type, slot, value.Slot);
        Forget(value);
        _stack[place] = value with { Kind = ValueKind.Temporary, Slot = slot, Variable = -1 };
    }

    // Copies every operand that reads a variable; constants can stay, nothing writes them.
    private void SettleVariables()
    {
        for (; _settled < _stack.Count; _settled++)
            if (_stack[_settled].Kind == ValueKind.Variable) Settle(_settled);
    }

    private void SettleReadersOf(int variable)
    {
        for (var place = _stack.Count - 1; _pending[variable] > 0; place--)
            if (_stack[place].Variable == variable) Settle(place);
    }

    private void SettleGlobals()
    {
        for (var place = _stack.Count - 1; _pendingGlobals > 0; place--)
            if (_stack[place].Variable >= _f.Locals.Length) Settle(place);
    }

    private WasmType SetVariable(int variable)
    {
        var value = Pop();
        var slot = _variableSlot[variable];
        if (_pending[variable] > 0 || !_code.Retarget(value, slot))
        {
            SettleReadersOf(variable);
            Move(value.Type, slot, value.Slot);
        }

        return value.Type;
    }

    private void GetGlobal(int global)
    {
        var g = module.Globals[global];
        if (g.Mutable) PushVariable(_f.Locals.Length + global, g.Type);
        else if (g.Type == WasmType.I32) PushConstant((int)g.Initial);
        else Push(WasmType.I64, ValueKind.Constant, presets.Constant(g.Initial), -1);
    }

    // ---- Control ----
    private void Open(in Instruction i)
    {
        var (parameters, results) = FunctionValidator.BlockType(module, i.A);
        var condition = i.Op == If ? _code.TakeCondition(Pop()) : default;
        SettleVariables();
        for (var n = 1; n <= parameters.Length; n++) Settle(_stack.Count - n);
        var belowI = _count[0] - parameters.Count(t => t == WasmType.I32);
        var belowL = _count[1] - parameters.Count(t => t == WasmType.I64);
        var end = (int)i.Imm;
        var otherwise = (int)(i.Imm >> 32);
        var label = new Label
        {
            Op = i.Op,
            Params = parameters,
            Results = results,
            Height = _stack.Count - parameters.Length,
            BelowI = belowI,
            BelowL = belowL,
            Cost = i.Op == Loop ? i.Cost : _f.Instructions[end].Cost,
        };
        _labels.Add(label);
        if (i.Op == Loop) OpenLoop(label, i.Cost);
        if (i.Op == If)
        {
            var op = _code.At;
            var word = EmitBranch(condition.Inverse, condition, _f.Instructions[otherwise > 0 ? otherwise : end].Cost, i.Cost);
            label.Else = (word, op);
        }

        _code.Barrier();
    }

    private void OpenLoop(Label label, int cost)
    {
        if (cost > 0) _code.Emit(RegisterOp.Loop, cost);
        else
        {
            _code.Emit(RegisterOp.LoopFree);
            label.Target = _code.At;
            _code.Emit(RegisterOp.Idle);
            return;
        }

        label.Target = _code.At;
    }

    // Emits a conditional branch and answers the word of its displacement.
    private int EmitBranch(int op, Condition condition, int taken, int notTaken)
    {
        _code.Emit(op);
        if (condition.A >= 0) _code.Words.Add(condition.A);
        if (condition.B >= 0) _code.Words.Add(condition.B);
        var word = _code.At;
        _code.Words.Add(0);
        _code.Words.Add(taken);
        _code.Words.Add(notTaken);
        return word;
    }

    private void Bind((int Word, int Op) branch, int target)
    {
        var displacement = target - branch.Op;
        if (displacement is > short.MaxValue or < short.MinValue)
            diagnosis.Fail(ProgramErrorCode.Limit, _f.Instructions[0].ByteOffset, "a function is too long: a branch spans more than 32,767 words of register code");
        _code.Words[branch.Word] = (ushort)displacement;
    }

    private void Connect(Label label, int word, int op)
    {
        if (label.Op == Loop) Bind((word, op), label.Target);
        else label.Waiting.Add((word, op));
    }

    private void OpenElse()
    {
        var label = _labels[^1];
        if (!_dead) Jump(0);
        Bind(label.Else, _code.At);
        label.Else = (-1, -1);
        Reset(label, label.Params);
    }

    // The stack as every path to a label leaves it.
    private void Reset(Label label, WasmType[] types)
    {
        while (_stack.Count > label.Height) Pop();
        foreach (var type in types) PushTemporary(type);
        _dead = false;
        _code.Barrier();
    }

    private void Close(in Instruction i)
    {
        var label = _labels[^1];
        if (_labels.Count == 1)
        {
            if (!_dead) Leave();
            return;
        }

        _labels.RemoveAt(_labels.Count - 1);
        if (label.Op == Loop)
        {
            // Nothing jumps to a loop's end: the operands simply go on.
            return;
        }

        if (!_dead)
        {
            Carry(label);
            if (i.Cost > 0) _code.Emit(RegisterOp.Charge, i.Cost);
        }

        if (label.Else.Word >= 0) Bind(label.Else, _code.At);
        foreach (var branch in label.Waiting) Bind(branch, _code.At);
        Reset(label, label.Results);
    }

    // Moves the operands a label carries to the temporaries it expects them in. From the lowest up: a temporary only moves
    // down, so that nothing is overwritten before it is read.
    private void Carry(Label label)
    {
        var types = label.Carried;
        int[] rank = [label.BelowI, label.BelowL];
        var place = _stack.Count - types.Length;
        foreach (var type in types) Move(type, Temporary(type, rank[(int)type]++), _stack[place++].Slot);
    }

    // Words that a jump to the label must emit before it can branch.
    private bool JumpsPlainly(Label label) => label != _labels[0] && label.Carried.Length == 0;

    private void Jump(int depth)
    {
        var label = _labels[^(depth + 1)];
        if (label == _labels[0])
        {
            Leave();
            return;
        }

        Carry(label);
        var op = _code.At;
        _code.Emit(RegisterOp.Br, 0, label.Cost);
        Connect(label, op + 1, op);
    }

    private void JumpIf(in Instruction i)
    {
        var condition = _code.TakeCondition(Pop());
        var label = _labels[^(i.A + 1)];
        var op = _code.At;
        if (JumpsPlainly(label))
        {
            Connect(label, EmitBranch(condition.Op, condition, label.Cost, i.Cost), op);
            return;
        }

        var around = EmitBranch(condition.Inverse, condition, i.Cost, 0);
        Jump(i.A);
        Bind((around, op), _code.At);
        _code.Barrier();
    }

    private void JumpTable(in Instruction i)
    {
        var index = Pop();
        var op = _code.At;
        var count = (int)i.Imm;
        _code.Emit(RegisterOp.BrTable, index.Slot, count - 1);
        var stubs = new SortedDictionary<int, List<int>>();
        for (var n = 0; n < count; n++)
        {
            var depth = _f.Targets[i.A + n];
            var label = _labels[^(depth + 1)];
            var word = _code.At;
            _code.Words.Add(0);
            if (JumpsPlainly(label))
            {
                _code.Words.Add(label.Cost);
                Connect(label, word, op);
                continue;
            }

            _code.Words.Add(0);
            if (!stubs.TryGetValue(depth, out var words)) stubs[depth] = words = [];
            words.Add(word);
        }

        foreach (var (depth, words) in stubs)
        {
            foreach (var word in words) Bind((word, op), _code.At);
            Jump(depth);
        }
    }

    // Returns from the function with the topmost operands.
    private void Leave()
    {
        var results = _f.Type.Results;
        if (results.Length == 1)
        {
            _code.Emit(results[0] == WasmType.I64 ? RegisterOp.RetL : RegisterOp.RetI, _stack[^1].Slot);
            return;
        }

        var place = _stack.Count - results.Length;
        int[] rank = [0, 0];
        foreach (var type in results) Move(type, Slot.Result(rank[(int)type]++), _stack[place++].Slot);
        _code.Emit(RegisterOp.Ret);
    }

    // ---- Calls ----
    private Value[] PopArguments(int count)
    {
        var arguments = new Value[count];
        for (var n = count - 1; n >= 0; n--) arguments[n] = Pop();
        return arguments;
    }

    private void LowerCall(in Instruction i)
    {
        var type = module.Types[module.Functions[i.A]];
        if (i.A < module.Imports.Count)
        {
            var slots = PopArguments(type.Params.Length).Select(v => v.Slot).ToArray();
            _code.Define(HostImports.Find(module.Imports[i.A].Name)!.Operator, [PushTemporary(WasmType.I32), .. slots]);
            return;
        }

        var callee = i.A - module.Imports.Count;
        var returns = calls.Returns(_function, callee);
        SettleGlobals();
        if (callee == _function)
        {
            // The callee's parameters are the caller's own: an argument that reads one in place could be overwritten.
            for (var n = 1; n <= type.Params.Length; n++)
                if (_stack[^n].Kind == ValueKind.Variable) Settle(_stack.Count - n);
        }

        var arguments = PopArguments(type.Params.Length);
        var save = returns ? SaveSlots() : null;
        int[] rank = [type.Params.Count(t => t == WasmType.I32), type.Params.Count(t => t == WasmType.I64)];
        for (var n = arguments.Length - 1; n >= 0; n--)
        {
            var to = Slot.Parameter(callee, --rank[(int)arguments[n].Type]);
            if (returns || !_code.Retarget(arguments[n], to)) Move(arguments[n].Type, to, arguments[n].Slot);
        }

        _code.Emit(RegisterOp.Call, callee);
        FinishCall(type, save);
    }

    private void LowerCallIndirect(in Instruction i)
    {
        var type = module.Types[i.A];
        var returns = calls.ReturnsIndirect(_function, i.A);
        SettleGlobals();
        for (var n = 1; returns && n <= type.Params.Length + 1; n++)
            if (_stack[^n].Kind == ValueKind.Variable) Settle(_stack.Count - n);
        var index = Pop();
        var arguments = PopArguments(type.Params.Length);
        var save = returns ? SaveSlots() : null;
        _code.Emit(RegisterOp.CallIndirect, index.Slot, i.A);
        foreach (var file in (ReadOnlySpan<WasmType>)[WasmType.I32, WasmType.I64])
            foreach (var argument in arguments)
                if (argument.Type == file) _code.Words.Add(argument.Slot);
        FinishCall(type, save);
    }

    // Saves the locals and the temporaries below the arguments, which the callee may overwrite on its way back here.
    private int[]? SaveSlots()
    {
        int[] operands = [Slot.Own(0), _locals[0] + _count[0], Slot.Own(0), _locals[1] + _count[1]];
        if (operands[1] + operands[3] == 0) return null;

        // What is counted as saved must exist, even where no operand ever needed its temporary.
        _temporaries[0] = Math.Max(_temporaries[0], _count[0]);
        _temporaries[1] = Math.Max(_temporaries[1], _count[1]);
        _code.Emit(RegisterOp.Save, operands);
        return operands;
    }

    // The rest of a call: where its result goes, and getting the saved slots back.
    private void FinishCall(FunctionType type, int[]? save)
    {
        if (type.Results.Length == 1)
        {
            _code.Words.Add(PushTemporary(type.Results[0]));
            _code.LastCallType = type.Results[0];
            if (save is null) _code.ResultIsLastWord();
        }
        else
        {
            _code.Words.Add(0);
        }

        if (save is not null) _code.Emit(RegisterOp.Restore, save);
        if (type.Results.Length < 2) return;
        int[] rank = [0, 0];
        foreach (var result in type.Results)
        {
            var from = Slot.Result(rank[(int)result]++);
            Move(result, PushTemporary(result), from);
        }
    }
}
