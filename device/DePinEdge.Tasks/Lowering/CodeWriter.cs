// Emits the register code of one function and does the peepholes that look at the operator just emitted: taking a result
// from the accumulator, writing it straight to its variable, fusing a comparison with its branch.
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks.Wasm;

namespace DePinEdge.Tasks.Lowering;

/// <summary>A comparison taken back from the code, to be emitted again as a branch.</summary>
/// <param name="Op">The branch operator for "true".</param>
/// <param name="Inverse">The branch operator for "false".</param>
/// <param name="A">First operand, -1 when there is none.</param>
/// <param name="B">Second operand, -1 when there is none.</param>
internal readonly record struct Condition(int Op, int Inverse, int A, int B);

/// <summary>The code of one function as ints: operands are symbolic slots, displacements are final.</summary>
internal sealed class CodeWriter
{
    // The inverse of each of the ten comparisons.
    private static readonly int[] Inverse = [1, 0, 8, 9, 6, 7, 4, 5, 2, 3];

    // The comparison with its operands swapped.
    private static readonly int[] Swapped = [0, 1, 4, 5, 2, 3, 8, 9, 6, 7];

    private int _last = -1;
    private int _result = -1;

    public List<int> Words { get; } = [];

    public int At => Words.Count;

    /// <summary>Forgets the last operator: something can jump here, or its result was used.</summary>
    public void Barrier()
    {
        _last = -1;
        _result = -1;
    }

    /// <summary>An operator without a result that a peephole may use.</summary>
    public void Emit(int op, params ReadOnlySpan<int> operands)
    {
        Barrier();
        Words.Add(op);
        Words.AddRange(operands);
    }

    /// <summary>An operator whose first operand is the slot of its result.</summary>
    public void Define(int op, params ReadOnlySpan<int> operands)
    {
        _last = At;
        _result = At + 1;
        Words.Add(op);
        Words.AddRange(operands);
    }

    /// <summary>Says that the last word is the slot of a result (calls).</summary>
    public void ResultIsLastWord()
    {
        _last = -1;
        _result = At - 1;
    }

    /// <summary>Writes the value's result to another slot instead, when the value is what the last operator gave.</summary>
    public bool Retarget(Value value, int slot)
    {
        if (value.Kind != ValueKind.Temporary || _result < 0 || Words[_result] != value.Slot || ResultType() != value.Type) return false;
        Words[_result] = slot;
        Barrier();
        return true;
    }

    // The file of the last result. Slots of both files have the same numbers, so equal numbers alone say nothing.
    private WasmType ResultType() => _last < 0 ? LastCallType : RegisterOp.Operands(Words[_last])[0] == 'l' ? WasmType.I64 : WasmType.I32;

    /// <summary>The type of the result the last call gave.</summary>
    public WasmType LastCallType { get; set; }

    private bool IsLast(Value value) =>
        value.Kind == ValueKind.Temporary && _last >= 0 && Words[_last + 1] == value.Slot && ResultType() == value.Type;

    /// <summary>Leaves the value in the accumulator, when the last operator gave it and can.</summary>
    public bool TakeAccumulator(Value value)
    {
        if (value.Type != WasmType.I32 || !IsLast(value)) return false;
        var op = Words[_last];
        var can = op is >= RegisterOp.Binary and < RegisterOp.Load ? (op - RegisterOp.Binary) % 2 == 0
            : op is >= RegisterOp.Load and < RegisterOp.Store && ((op - RegisterOp.Load) & 1) == 0;
        if (!can) return false;
        Words[_last] = op + 1;
        Words.RemoveAt(_last + 1);
        Barrier();
        return true;
    }

    /// <summary>An i32 operator of <see cref="RegisterOp.Binary"/>'s list.</summary>
    public void Binary(int binary, int result, Value a, Value b)
    {
        var op = RegisterOp.Binary + (binary * 6);
        if (TakeAccumulator(b)) Define(RegisterOp.Commutes(binary) ? op + 2 : op + 4, result, a.Slot);
        else if (TakeAccumulator(a)) Define(op + 2, result, b.Slot);
        else Define(op, result, a.Slot, b.Slot);
    }

    /// <summary>An i32 comparison.</summary>
    public void Compare(int compare, int result, Value a, Value b)
    {
        if (TakeAccumulator(b)) Define(RegisterOp.CompareAcc + Swapped[compare], result, a.Slot);
        else if (TakeAccumulator(a)) Define(RegisterOp.CompareAcc + compare, result, b.Slot);
        else Define(RegisterOp.Compare + compare, result, a.Slot, b.Slot);
    }

    /// <summary>i32.eqz; of a comparison it is the inverse comparison.</summary>
    public void Eqz(int result, Value a)
    {
        if (IsLast(a) && InverseOf(Words[_last]) is { } inverse)
        {
            Words[_last] = inverse;
            Words[_result] = result;
        }
        else if (TakeAccumulator(a)) Define(RegisterOp.EqzAcc, result);
        else Define(RegisterOp.Eqz, result, a.Slot);
    }

    private static int? InverseOf(int op) => op switch
    {
        >= RegisterOp.Compare and < RegisterOp.CompareAcc => RegisterOp.Compare + Inverse[op - RegisterOp.Compare],
        >= RegisterOp.CompareAcc and < RegisterOp.Eqz => RegisterOp.CompareAcc + Inverse[op - RegisterOp.CompareAcc],
        >= RegisterOp.CompareL and < RegisterOp.EqzL => RegisterOp.CompareL + Inverse[op - RegisterOp.CompareL],
        _ => null,
    };

    /// <summary>The branch for a condition: takes the last operator back when it is the comparison that gave the value.</summary>
    public Condition TakeCondition(Value value)
    {
        if (IsLast(value))
        {
            var op = Words[_last];
            var a = At > _last + 2 ? Words[_last + 2] : -1;
            var b = At > _last + 3 ? Words[_last + 3] : -1;
            Condition? fused = op switch
            {
                >= RegisterOp.Compare and < RegisterOp.CompareAcc => Fuse(RegisterOp.BrCompare, op - RegisterOp.Compare, a, b),
                >= RegisterOp.CompareAcc and < RegisterOp.Eqz => Fuse(RegisterOp.BrCompareAcc, op - RegisterOp.CompareAcc, a, b),
                >= RegisterOp.CompareL and < RegisterOp.EqzL => Fuse(RegisterOp.BrCompareL, op - RegisterOp.CompareL, a, b),
                RegisterOp.Eqz => new Condition(RegisterOp.BrZ, RegisterOp.BrNz, a, -1),
                RegisterOp.EqzAcc => new Condition(RegisterOp.BrAccZ, RegisterOp.BrAccNz, -1, -1),
                RegisterOp.EqzL => new Condition(RegisterOp.BrZL, RegisterOp.BrNzL, a, -1),
                _ => null,
            };
            if (fused is { } condition)
            {
                Words.RemoveRange(_last, At - _last);
                Barrier();
                return condition;
            }
        }

        return TakeAccumulator(value)
            ? new Condition(RegisterOp.BrAccNz, RegisterOp.BrAccZ, -1, -1)
            : new Condition(RegisterOp.BrNz, RegisterOp.BrZ, value.Slot, -1);
    }

    private static Condition Fuse(int branch, int compare, int a, int b) => new(branch + compare, branch + Inverse[compare], a, b);
}
