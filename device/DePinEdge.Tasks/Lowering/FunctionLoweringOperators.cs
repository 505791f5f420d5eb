// The operators that neither branch nor call: each takes operands, becomes one register operator and leaves its result.
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks.Wasm;
using static DePinEdge.Tasks.Wasm.Operators;

namespace DePinEdge.Tasks.Lowering;

internal sealed partial class FunctionLowering
{
    private void LowerSelect()
    {
        var condition = Pop();
        var b = Pop();
        var a = Pop();
        _code.Define(a.Type == WasmType.I64 ? RegisterOp.SelectL : RegisterOp.SelectI, PushTemporary(a.Type), a.Slot, b.Slot, condition.Slot);
    }

    private void Bulk(int op)
    {
        var count = Pop();
        var second = Pop();
        var to = Pop();
        _code.Emit(op, to.Slot, second.Slot, count.Slot);
    }

    private void Plain(in Instruction i)
    {
        int op = i.Op;
        if (IsLoad(op)) LowerLoad(i);
        else if (IsStore(op)) LowerStore(i);
        else if (op is >= Compare and < Eqz64 or >= Add and <= Rotr or >= Compare64 and <= 0x5a or >= Add64 and <= Rotr64) LowerBinary(op);
        else LowerUnary(op);
    }

    // An address with its offset: offsets past 16 bits are added before the access, with a check for the carry.
    private (Value Address, int Offset) Address(Value address, long offset)
    {
        if (offset <= ushort.MaxValue) return (address, (int)offset);
        var slot = Temporary(WasmType.I32, address.Rank);
        _code.Emit(RegisterOp.AddOffset, slot, address.Slot, presets.Constant((int)offset));
        return (address with { Kind = ValueKind.Temporary, Slot = slot, Variable = -1 }, 0);
    }

    private void LowerLoad(in Instruction i)
    {
        var (address, offset) = Address(Pop(), i.Imm);
        var result = PushTemporary(AccessType(i.Op));
        if (AccessType(i.Op) == WasmType.I64)
        {
            _code.Define(RegisterOp.LoadL + (i.Op == Load64 ? 0 : i.Op - 0x2f), result, address.Slot, offset);
            return;
        }

        var op = RegisterOp.Load + (4 * (i.Op == Load ? 0 : i.Op - 0x2b));
        if (_code.TakeAccumulator(address)) _code.Define(op + 2, result, offset);
        else _code.Define(op, result, address.Slot, offset);
    }

    private void LowerStore(in Instruction i)
    {
        var value = Pop();
        var (address, offset) = Address(Pop(), i.Imm);
        if (AccessType(i.Op) == WasmType.I64)
        {
            _code.Emit(RegisterOp.StoreL + (i.Op == Store64 ? 0 : i.Op - 0x3b), value.Slot, address.Slot, offset);
            return;
        }

        var op = RegisterOp.Store + (3 * (i.Op == Store ? 0 : i.Op - 0x39));
        if (_code.TakeAccumulator(value)) _code.Emit(op + 1, address.Slot, offset);
        else if (_code.TakeAccumulator(address)) _code.Emit(op + 2, value.Slot, offset);
        else _code.Emit(op, value.Slot, address.Slot, offset);
    }

    private void LowerBinary(int op)
    {
        var b = Pop();
        var a = Pop();
        var compares = op < Clz;
        var result = PushTemporary(compares ? WasmType.I32 : a.Type);
        if (op is >= Compare and < Eqz64) _code.Compare(op - Compare, result, a, b);
        else if (compares) _code.Define(RegisterOp.CompareL + op - Compare64, result, a.Slot, b.Slot);
        else
        {
            // add sub mul, then the four divisions, then and to rotr.
            var n = op - (a.Type == WasmType.I32 ? Add : Add64);
            if (n is >= 3 and <= 6) _code.Define((a.Type == WasmType.I32 ? RegisterOp.Divide : RegisterOp.DivideL) + n - 3, result, a.Slot, b.Slot);
            else if (a.Type == WasmType.I32) _code.Binary(n < 3 ? n : n - 4, result, a, b);
            else _code.Define(RegisterOp.BinaryL + (n < 3 ? n : n - 4), result, a.Slot, b.Slot);
        }
    }

    private void LowerUnary(int op)
    {
        var a = Pop();
        Numeric(op, out _, out _, out var to);
        var result = PushTemporary(to);
        if (op == Eqz)
        {
            _code.Eqz(result, a);
            return;
        }

        _code.Define(op switch
        {
            Eqz64 => RegisterOp.EqzL,
            >= Clz and < Add => RegisterOp.Unary + op - Clz,
            >= Clz64 and < Add64 => RegisterOp.UnaryL + op - Clz64,
            Wrap => RegisterOp.Wrap,
            ExtendS => RegisterOp.ExtendS,
            ExtendU => RegisterOp.ExtendU,
            Extend8 or 0xc1 => RegisterOp.Unary + 3 + op - Extend8,
            _ => RegisterOp.UnaryL + 3 + op - Extend8As64,
        }, result, a.Slot);
    }
}
