// The interpreter's one loop, apart from the rest because of its length: a case an operator, nothing else.
//
// Written for the machine that runs it. A case is a line: operands are one array index each, a taken branch shares its tail
// with the others of its length (takenN: N words), and what is rare (unaligned accesses, calls, the end of a slice) stands
// behind the loop. A shift count needs no masking: C# takes it modulo the width, as WebAssembly does, and that is also what
// makes (address << 3) the bit place of a byte in its word.
namespace DePinEdge.Agent.Tasks;

public sealed partial class Interpreter
{
    // One slice. Short names on purpose: r and q are the i32 and i64 files, m memory, f the functions, fl the slice's fuel;
    // a, b, d, x and y are scratch. A displacement of zero or less is a jump back to a loop's header, one of the safe points.
    private void Step(int grant, long reserve)
    {
        var image = _image;
        var code = image.Code;
        var f = image.Functions;
        var table = image.Table;
        var r = _slotsI;
        var q = _slotsL;
        var m = _memory;
        var frames = _frames;
        var pc = _pc;
        var fl = grant;
        var depth = _depth;
        var slots = _slots;
        var current = _function;
        var trap = TrapCode.None;
        var acc = 0;
        int a;
        int b;
        int d;
        long x;
        long y;
        if (!_entered)
        {
            _entered = true;
            a = current;
            depth = -1;
            goto enter;
        }

    dispatch:
        for (; ; )
        {
            switch (code[pc])
            {
                case RegisterOp.Unreachable: trap = TrapCode.Unreachable; goto stop;
                case RegisterOp.Charge: fl -= code[pc + 1]; pc += 2; continue;
                case RegisterOp.Loop: fl -= code[pc + 1]; pc += 2; if (fl < 0) goto check; continue;
                case RegisterOp.LoopFree: pc += 2; if (fl < 0) goto check; continue;
                case RegisterOp.Idle: if (++_idle > FuelUsed + grant - fl) goto abandon; pc++; continue;
                case RegisterOp.Br: d = (short)code[pc + 1]; fl -= code[pc + 2]; pc += d; if (fl < 0 && d <= 0) goto check; continue;
                case RegisterOp.BrNz: if (r[code[pc + 1]] != 0) goto taken5; fl -= code[pc + 4]; pc += 5; continue;
                case RegisterOp.BrZ: if (r[code[pc + 1]] == 0) goto taken5; fl -= code[pc + 4]; pc += 5; continue;
                case RegisterOp.BrAccNz: if (acc != 0) goto taken4; fl -= code[pc + 3]; pc += 4; continue;
                case RegisterOp.BrAccZ: if (acc == 0) goto taken4; fl -= code[pc + 3]; pc += 4; continue;
                case RegisterOp.BrTable:
                    a = r[code[pc + 1]]; b = code[pc + 2]; if ((uint)a < (uint)b) b = a; b = pc + 3 + b + b; d = (short)code[b];
                    fl -= code[b + 1]; pc += d; if (fl < 0 && d <= 0) goto check; continue;
                case RegisterOp.Call: a = code[pc + 1]; pc += 3; goto enter;
                case RegisterOp.CallIndirect:
                    a = r[code[pc + 1]]; if ((uint)a >= (uint)table.Length || table[a] < 0) goto undefined; a = table[a];
                    if (f[(a * RegisterImage.FunctionStride) + RegisterImage.FunctionType] != code[pc + 2]) goto mismatch;
                    pc = MoveArguments(pc, a); goto enter;
                case RegisterOp.Ret:
                    if (depth == 0) goto abandon; slots -= f[(current * RegisterImage.FunctionStride) + RegisterImage.FunctionSlots];
                    depth--; pc = frames[depth + depth]; current = frames[depth + depth + 1]; continue;
                case RegisterOp.RetI:
                    a = r[code[pc + 1]]; if (depth == 0) goto finish;
                    slots -= f[(current * RegisterImage.FunctionStride) + RegisterImage.FunctionSlots]; depth--; pc = frames[depth + depth];
                    current = frames[depth + depth + 1]; r[code[pc - 1]] = a; continue;
                case RegisterOp.RetL:
                    if (depth == 0) goto abandon; x = q[code[pc + 1]];
                    slots -= f[(current * RegisterImage.FunctionStride) + RegisterImage.FunctionSlots]; depth--; pc = frames[depth + depth];
                    current = frames[depth + depth + 1]; q[code[pc - 1]] = x; continue;
                case RegisterOp.Save: if (!Save(pc)) goto abandon; pc += 5; continue;
                case RegisterOp.Restore: if (!Restore(pc)) goto abandon; pc += 5; continue;
                case RegisterOp.MovI: r[code[pc + 1]] = r[code[pc + 2]]; pc += 3; continue;
                case RegisterOp.MovL: q[code[pc + 1]] = q[code[pc + 2]]; pc += 3; continue;
                case RegisterOp.SelectI: r[code[pc + 1]] = r[code[pc + 4]] != 0 ? r[code[pc + 2]] : r[code[pc + 3]]; pc += 5; continue;
                case RegisterOp.SelectL: q[code[pc + 1]] = r[code[pc + 4]] != 0 ? q[code[pc + 2]] : q[code[pc + 3]]; pc += 5; continue;
                case RegisterOp.AddOffset:
                    a = r[code[pc + 2]]; b = r[code[pc + 3]]; r[code[pc + 1]] = (a | b | (a + b)) < 0 ? -1 : a + b; pc += 4; continue;
                case RegisterOp.InputLen:
                case RegisterOp.InputRead:
                case RegisterOp.OutputWrite:
                    if (fl + reserve < 0) goto exhausted;
                    a = _io.Fuel(code, pc, r, m);
                    if (a < 0)
                    {
                        trap = a == -1 ? TrapCode.OobMem : TrapCode.Host;
                        goto stop;
                    }

                    fl -= a;
                    if (fl + reserve < 0) goto exhausted;
                    pc = _io.Call(code, pc, r, m);
                    continue;
                case RegisterOp.MemorySize: r[code[pc + 1]] = _pages; pc += 2; continue;
                case RegisterOp.MemoryGrow:
                    a = r[code[pc + 2]]; b = _pages; if ((uint)a > (uint)(image.MemoryPagesMax - b)) b = -1; else _pages = b + a;
                    r[code[pc + 1]] = b; pc += 3; continue;
                case RegisterOp.MemoryCopy:
                case RegisterOp.MemoryFill:
                    a = r[code[pc + 3]];
                    if (!Memory.Holds(m, r[code[pc + 1]], a) || (code[pc] == RegisterOp.MemoryCopy && !Memory.Holds(m, r[code[pc + 2]], a)))
                    {
                        trap = TrapCode.OobMem;
                        goto stop;
                    }

                    fl -= a >> 3;
                    if (fl + reserve < 0) goto exhausted;
                    if (code[pc] == RegisterOp.MemoryCopy) Memory.Copy(m, r[code[pc + 1]], r[code[pc + 2]], a);
                    else Memory.Fill(m, r[code[pc + 1]], r[code[pc + 2]], a);
                    pc += 4;
                    continue;
                case RegisterOp.BrCompare + 0: // eq
                    if (r[code[pc + 1]] == r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 1: // ne
                    if (r[code[pc + 1]] != r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 2: // lt_s
                    if (r[code[pc + 1]] < r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 3: // lt_u
                    if ((uint)r[code[pc + 1]] < (uint)r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 4: // gt_s
                    if (r[code[pc + 1]] > r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 5: // gt_u
                    if ((uint)r[code[pc + 1]] > (uint)r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 6: // le_s
                    if (r[code[pc + 1]] <= r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 7: // le_u
                    if ((uint)r[code[pc + 1]] <= (uint)r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 8: // ge_s
                    if (r[code[pc + 1]] >= r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompare + 9: // ge_u
                    if ((uint)r[code[pc + 1]] >= (uint)r[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareAcc + 0: if (acc == r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue; // eq
                case RegisterOp.BrCompareAcc + 1: if (acc != r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue; // ne
                case RegisterOp.BrCompareAcc + 2: if (acc < r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue; // lt_s
                case RegisterOp.BrCompareAcc + 3: // lt_u
                    if ((uint)acc < (uint)r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue;
                case RegisterOp.BrCompareAcc + 4: if (acc > r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue; // gt_s
                case RegisterOp.BrCompareAcc + 5: // gt_u
                    if ((uint)acc > (uint)r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue;
                case RegisterOp.BrCompareAcc + 6: if (acc <= r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue; // le_s
                case RegisterOp.BrCompareAcc + 7: // le_u
                    if ((uint)acc <= (uint)r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue;
                case RegisterOp.BrCompareAcc + 8: if (acc >= r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue; // ge_s
                case RegisterOp.BrCompareAcc + 9: // ge_u
                    if ((uint)acc >= (uint)r[code[pc + 1]]) goto taken5; fl -= code[pc + 4]; pc += 5; continue;
                case RegisterOp.Compare + 0: r[code[pc + 1]] = r[code[pc + 2]] == r[code[pc + 3]] ? 1 : 0; pc += 4; continue; // eq
                case RegisterOp.Compare + 1: r[code[pc + 1]] = r[code[pc + 2]] != r[code[pc + 3]] ? 1 : 0; pc += 4; continue; // ne
                case RegisterOp.Compare + 2: r[code[pc + 1]] = r[code[pc + 2]] < r[code[pc + 3]] ? 1 : 0; pc += 4; continue; // lt_s
                case RegisterOp.Compare + 3: // lt_u
                    r[code[pc + 1]] = (uint)r[code[pc + 2]] < (uint)r[code[pc + 3]] ? 1 : 0; pc += 4; continue;
                case RegisterOp.Compare + 4: r[code[pc + 1]] = r[code[pc + 2]] > r[code[pc + 3]] ? 1 : 0; pc += 4; continue; // gt_s
                case RegisterOp.Compare + 5: // gt_u
                    r[code[pc + 1]] = (uint)r[code[pc + 2]] > (uint)r[code[pc + 3]] ? 1 : 0; pc += 4; continue;
                case RegisterOp.Compare + 6: r[code[pc + 1]] = r[code[pc + 2]] <= r[code[pc + 3]] ? 1 : 0; pc += 4; continue; // le_s
                case RegisterOp.Compare + 7: // le_u
                    r[code[pc + 1]] = (uint)r[code[pc + 2]] <= (uint)r[code[pc + 3]] ? 1 : 0; pc += 4; continue;
                case RegisterOp.Compare + 8: r[code[pc + 1]] = r[code[pc + 2]] >= r[code[pc + 3]] ? 1 : 0; pc += 4; continue; // ge_s
                case RegisterOp.Compare + 9: // ge_u
                    r[code[pc + 1]] = (uint)r[code[pc + 2]] >= (uint)r[code[pc + 3]] ? 1 : 0; pc += 4; continue;
                case RegisterOp.CompareAcc + 0: r[code[pc + 1]] = acc == r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // eq
                case RegisterOp.CompareAcc + 1: r[code[pc + 1]] = acc != r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // ne
                case RegisterOp.CompareAcc + 2: r[code[pc + 1]] = acc < r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // lt_s
                case RegisterOp.CompareAcc + 3: r[code[pc + 1]] = (uint)acc < (uint)r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // lt_u
                case RegisterOp.CompareAcc + 4: r[code[pc + 1]] = acc > r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // gt_s
                case RegisterOp.CompareAcc + 5: r[code[pc + 1]] = (uint)acc > (uint)r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // gt_u
                case RegisterOp.CompareAcc + 6: r[code[pc + 1]] = acc <= r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // le_s
                case RegisterOp.CompareAcc + 7: r[code[pc + 1]] = (uint)acc <= (uint)r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // le_u
                case RegisterOp.CompareAcc + 8: r[code[pc + 1]] = acc >= r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // ge_s
                case RegisterOp.CompareAcc + 9: r[code[pc + 1]] = (uint)acc >= (uint)r[code[pc + 2]] ? 1 : 0; pc += 3; continue; // ge_u
                case RegisterOp.Eqz: r[code[pc + 1]] = r[code[pc + 2]] == 0 ? 1 : 0; pc += 3; continue;
                case RegisterOp.EqzAcc: r[code[pc + 1]] = acc == 0 ? 1 : 0; pc += 2; continue;
                case RegisterOp.Binary + 0: r[code[pc + 1]] = r[code[pc + 2]] + r[code[pc + 3]]; pc += 4; continue; // add, registers
                case RegisterOp.Binary + 1: acc = r[code[pc + 1]] + r[code[pc + 2]]; pc += 3; continue; // add, registers to accumulator
                case RegisterOp.Binary + 2: r[code[pc + 1]] = acc + r[code[pc + 2]]; pc += 3; continue; // add, accumulator left
                case RegisterOp.Binary + 3: acc = acc + r[code[pc + 1]]; pc += 2; continue; // add, accumulator left to accumulator
                case RegisterOp.Binary + 6: r[code[pc + 1]] = r[code[pc + 2]] - r[code[pc + 3]]; pc += 4; continue; // sub, registers
                case RegisterOp.Binary + 7: acc = r[code[pc + 1]] - r[code[pc + 2]]; pc += 3; continue; // sub, registers to accumulator
                case RegisterOp.Binary + 8: r[code[pc + 1]] = acc - r[code[pc + 2]]; pc += 3; continue; // sub, accumulator left
                case RegisterOp.Binary + 9: acc = acc - r[code[pc + 1]]; pc += 2; continue; // sub, accumulator left to accumulator
                case RegisterOp.Binary + 10: r[code[pc + 1]] = r[code[pc + 2]] - acc; pc += 3; continue; // sub, accumulator right
                case RegisterOp.Binary + 11: acc = r[code[pc + 1]] - acc; pc += 2; continue; // sub, accumulator right to accumulator
                case RegisterOp.Binary + 12: r[code[pc + 1]] = r[code[pc + 2]] * r[code[pc + 3]]; pc += 4; continue; // mul, registers
                case RegisterOp.Binary + 13: acc = r[code[pc + 1]] * r[code[pc + 2]]; pc += 3; continue; // mul, registers to accumulator
                case RegisterOp.Binary + 14: r[code[pc + 1]] = acc * r[code[pc + 2]]; pc += 3; continue; // mul, accumulator left
                case RegisterOp.Binary + 15: acc = acc * r[code[pc + 1]]; pc += 2; continue; // mul, accumulator left to accumulator
                case RegisterOp.Binary + 18: r[code[pc + 1]] = r[code[pc + 2]] & r[code[pc + 3]]; pc += 4; continue; // and, registers
                case RegisterOp.Binary + 19: acc = r[code[pc + 1]] & r[code[pc + 2]]; pc += 3; continue; // and, registers to accumulator
                case RegisterOp.Binary + 20: r[code[pc + 1]] = acc & r[code[pc + 2]]; pc += 3; continue; // and, accumulator left
                case RegisterOp.Binary + 21: acc = acc & r[code[pc + 1]]; pc += 2; continue; // and, accumulator left to accumulator
                case RegisterOp.Binary + 24: r[code[pc + 1]] = r[code[pc + 2]] | r[code[pc + 3]]; pc += 4; continue; // or, registers
                case RegisterOp.Binary + 25: acc = r[code[pc + 1]] | r[code[pc + 2]]; pc += 3; continue; // or, registers to accumulator
                case RegisterOp.Binary + 26: r[code[pc + 1]] = acc | r[code[pc + 2]]; pc += 3; continue; // or, accumulator left
                case RegisterOp.Binary + 27: acc = acc | r[code[pc + 1]]; pc += 2; continue; // or, accumulator left to accumulator
                case RegisterOp.Binary + 30: r[code[pc + 1]] = r[code[pc + 2]] ^ r[code[pc + 3]]; pc += 4; continue; // xor, registers
                case RegisterOp.Binary + 31: acc = r[code[pc + 1]] ^ r[code[pc + 2]]; pc += 3; continue; // xor, registers to accumulator
                case RegisterOp.Binary + 32: r[code[pc + 1]] = acc ^ r[code[pc + 2]]; pc += 3; continue; // xor, accumulator left
                case RegisterOp.Binary + 33: acc = acc ^ r[code[pc + 1]]; pc += 2; continue; // xor, accumulator left to accumulator
                case RegisterOp.Binary + 36: r[code[pc + 1]] = r[code[pc + 2]] << r[code[pc + 3]]; pc += 4; continue; // shl, registers
                case RegisterOp.Binary + 37: acc = r[code[pc + 1]] << r[code[pc + 2]]; pc += 3; continue; // shl, registers to accumulator
                case RegisterOp.Binary + 38: r[code[pc + 1]] = acc << r[code[pc + 2]]; pc += 3; continue; // shl, accumulator left
                case RegisterOp.Binary + 39: acc = acc << r[code[pc + 1]]; pc += 2; continue; // shl, accumulator left to accumulator
                case RegisterOp.Binary + 40: r[code[pc + 1]] = r[code[pc + 2]] << acc; pc += 3; continue; // shl, accumulator right
                case RegisterOp.Binary + 41: acc = r[code[pc + 1]] << acc; pc += 2; continue; // shl, accumulator right to accumulator
                case RegisterOp.Binary + 42: r[code[pc + 1]] = r[code[pc + 2]] >> r[code[pc + 3]]; pc += 4; continue; // shr_s, registers
                case RegisterOp.Binary + 43: acc = r[code[pc + 1]] >> r[code[pc + 2]]; pc += 3; continue; // shr_s, registers to accumulator
                case RegisterOp.Binary + 44: r[code[pc + 1]] = acc >> r[code[pc + 2]]; pc += 3; continue; // shr_s, accumulator left
                case RegisterOp.Binary + 45: acc = acc >> r[code[pc + 1]]; pc += 2; continue; // shr_s, accumulator left to accumulator
                case RegisterOp.Binary + 46: r[code[pc + 1]] = r[code[pc + 2]] >> acc; pc += 3; continue; // shr_s, accumulator right
                case RegisterOp.Binary + 47: acc = r[code[pc + 1]] >> acc; pc += 2; continue; // shr_s, accumulator right to accumulator
                case RegisterOp.Binary + 48: // shr_u, registers
                    r[code[pc + 1]] = (int)((uint)r[code[pc + 2]] >> r[code[pc + 3]]); pc += 4; continue;
                case RegisterOp.Binary + 49: // shr_u, registers to accumulator
                    acc = (int)((uint)r[code[pc + 1]] >> r[code[pc + 2]]); pc += 3; continue;
                case RegisterOp.Binary + 50: // shr_u, accumulator left
                    r[code[pc + 1]] = (int)((uint)acc >> r[code[pc + 2]]); pc += 3; continue;
                case RegisterOp.Binary + 51: // shr_u, accumulator left to accumulator
                    acc = (int)((uint)acc >> r[code[pc + 1]]); pc += 2; continue;
                case RegisterOp.Binary + 52: // shr_u, accumulator right
                    r[code[pc + 1]] = (int)((uint)r[code[pc + 2]] >> acc); pc += 3; continue;
                case RegisterOp.Binary + 53: // shr_u, accumulator right to accumulator
                    acc = (int)((uint)r[code[pc + 1]] >> acc); pc += 2; continue;
                case RegisterOp.Binary + 54: // rotl, registers
                    r[code[pc + 1]] = (r[code[pc + 2]] << (b = r[code[pc + 3]])) | (int)((uint)r[code[pc + 2]] >> (32 - b)); pc += 4;
                    continue;
                case RegisterOp.Binary + 55: // rotl, registers to accumulator
                    acc = (r[code[pc + 1]] << (b = r[code[pc + 2]])) | (int)((uint)r[code[pc + 1]] >> (32 - b)); pc += 3; continue;
                case RegisterOp.Binary + 56: // rotl, accumulator left
                    r[code[pc + 1]] = (acc << (b = r[code[pc + 2]])) | (int)((uint)acc >> (32 - b)); pc += 3; continue;
                case RegisterOp.Binary + 57: // rotl, accumulator left to accumulator
                    acc = (acc << (b = r[code[pc + 1]])) | (int)((uint)acc >> (32 - b)); pc += 2; continue;
                case RegisterOp.Binary + 58: // rotl, accumulator right
                    r[code[pc + 1]] = (r[code[pc + 2]] << (b = acc)) | (int)((uint)r[code[pc + 2]] >> (32 - b)); pc += 3; continue;
                case RegisterOp.Binary + 59: // rotl, accumulator right to accumulator
                    acc = (r[code[pc + 1]] << (b = acc)) | (int)((uint)r[code[pc + 1]] >> (32 - b)); pc += 2; continue;
                case RegisterOp.Binary + 60: // rotr, registers
                    r[code[pc + 1]] = (int)((uint)r[code[pc + 2]] >> (b = r[code[pc + 3]])) | (r[code[pc + 2]] << (32 - b)); pc += 4;
                    continue;
                case RegisterOp.Binary + 61: // rotr, registers to accumulator
                    acc = (int)((uint)r[code[pc + 1]] >> (b = r[code[pc + 2]])) | (r[code[pc + 1]] << (32 - b)); pc += 3; continue;
                case RegisterOp.Binary + 62: // rotr, accumulator left
                    r[code[pc + 1]] = (int)((uint)acc >> (b = r[code[pc + 2]])) | (acc << (32 - b)); pc += 3; continue;
                case RegisterOp.Binary + 63: // rotr, accumulator left to accumulator
                    acc = (int)((uint)acc >> (b = r[code[pc + 1]])) | (acc << (32 - b)); pc += 2; continue;
                case RegisterOp.Binary + 64: // rotr, accumulator right
                    r[code[pc + 1]] = (int)((uint)r[code[pc + 2]] >> (b = acc)) | (r[code[pc + 2]] << (32 - b)); pc += 3; continue;
                case RegisterOp.Binary + 65: // rotr, accumulator right to accumulator
                    acc = (int)((uint)r[code[pc + 1]] >> (b = acc)) | (r[code[pc + 1]] << (32 - b)); pc += 2; continue;
                case RegisterOp.Load + 0: // load
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow; r[code[pc + 1]] = m[d]; pc += 4; continue;
                case RegisterOp.Load + 1: // load to accumulator
                    a = r[code[pc + 1]]; b = a + code[pc + 2]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow; acc = m[d]; pc += 3; continue;
                case RegisterOp.Load + 2: // load, accumulator address
                    a = acc; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow;
                    r[code[pc + 1]] = m[d]; pc += 3; continue;
                case RegisterOp.Load + 3: // load, accumulator address to accumulator
                    a = acc; b = a + code[pc + 1]; d = b >> 2; if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow;
                    acc = m[d]; pc += 2; continue;
                case RegisterOp.Load + 4: // load8_s
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    r[code[pc + 1]] = (sbyte)(m[d] >> (b << 3)); pc += 4; continue;
                case RegisterOp.Load + 5: // load8_s to accumulator
                    a = r[code[pc + 1]]; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    acc = (sbyte)(m[d] >> (b << 3)); pc += 3; continue;
                case RegisterOp.Load + 6: // load8_s, accumulator address
                    a = acc; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    r[code[pc + 1]] = (sbyte)(m[d] >> (b << 3)); pc += 3; continue;
                case RegisterOp.Load + 7: // load8_s, accumulator address to accumulator
                    a = acc; b = a + code[pc + 1]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    acc = (sbyte)(m[d] >> (b << 3)); pc += 2; continue;
                case RegisterOp.Load + 8: // load8_u
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    r[code[pc + 1]] = (m[d] >> (b << 3)) & 255; pc += 4; continue;
                case RegisterOp.Load + 9: // load8_u to accumulator
                    a = r[code[pc + 1]]; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    acc = (m[d] >> (b << 3)) & 255; pc += 3; continue;
                case RegisterOp.Load + 10: // load8_u, accumulator address
                    a = acc; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    r[code[pc + 1]] = (m[d] >> (b << 3)) & 255; pc += 3; continue;
                case RegisterOp.Load + 11: // load8_u, accumulator address to accumulator
                    a = acc; b = a + code[pc + 1]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    acc = (m[d] >> (b << 3)) & 255; pc += 2; continue;
                case RegisterOp.Load + 12: // load16_s
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow; r[code[pc + 1]] = (short)(m[d] >> (b << 3)); pc += 4;
                    continue;
                case RegisterOp.Load + 13: // load16_s to accumulator
                    a = r[code[pc + 1]]; b = a + code[pc + 2]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow; acc = (short)(m[d] >> (b << 3)); pc += 3; continue;
                case RegisterOp.Load + 14: // load16_s, accumulator address
                    a = acc; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow;
                    r[code[pc + 1]] = (short)(m[d] >> (b << 3)); pc += 3; continue;
                case RegisterOp.Load + 15: // load16_s, accumulator address to accumulator
                    a = acc; b = a + code[pc + 1]; d = b >> 2; if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow;
                    acc = (short)(m[d] >> (b << 3)); pc += 2; continue;
                case RegisterOp.Load + 16: // load16_u
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow; r[code[pc + 1]] = (m[d] >> (b << 3)) & 65535;
                    pc += 4; continue;
                case RegisterOp.Load + 17: // load16_u to accumulator
                    a = r[code[pc + 1]]; b = a + code[pc + 2]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow; acc = (m[d] >> (b << 3)) & 65535; pc += 3; continue;
                case RegisterOp.Load + 18: // load16_u, accumulator address
                    a = acc; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow;
                    r[code[pc + 1]] = (m[d] >> (b << 3)) & 65535; pc += 3; continue;
                case RegisterOp.Load + 19: // load16_u, accumulator address to accumulator
                    a = acc; b = a + code[pc + 1]; d = b >> 2; if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow;
                    acc = (m[d] >> (b << 3)) & 65535; pc += 2; continue;
                case RegisterOp.Store + 0: // store
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow; m[d] = r[code[pc + 1]]; pc += 4; continue;
                case RegisterOp.Store + 1: // store, accumulator value
                    a = r[code[pc + 1]]; b = a + code[pc + 2]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow; m[d] = acc; pc += 3; continue;
                case RegisterOp.Store + 2: // store, accumulator address
                    a = acc; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = r[code[pc + 1]]; pc += 3; continue;
                case RegisterOp.Store + 3: // store8
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = (m[d] & ~(255 << (b << 3))) | ((r[code[pc + 1]] & 255) << (b << 3)); pc += 4; continue;
                case RegisterOp.Store + 4: // store8, accumulator value
                    a = r[code[pc + 1]]; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = (m[d] & ~(255 << (b << 3))) | ((acc & 255) << (b << 3)); pc += 3; continue;
                case RegisterOp.Store + 5: // store8, accumulator address
                    a = acc; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = (m[d] & ~(255 << (b << 3))) | ((r[code[pc + 1]] & 255) << (b << 3)); pc += 3; continue;
                case RegisterOp.Store + 6: // store16
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = (m[d] & ~(65535 << (b << 3))) | ((r[code[pc + 1]] & 65535) << (b << 3)); pc += 4; continue;
                case RegisterOp.Store + 7: // store16, accumulator value
                    a = r[code[pc + 1]]; b = a + code[pc + 2]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = (m[d] & ~(65535 << (b << 3))) | ((acc & 65535) << (b << 3)); pc += 3; continue;
                case RegisterOp.Store + 8: // store16, accumulator address
                    a = acc; b = a + code[pc + 2]; d = b >> 2; if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = (m[d] & ~(65535 << (b << 3))) | ((r[code[pc + 1]] & 65535) << (b << 3)); pc += 3; continue;
                case RegisterOp.BinaryL + 0: q[code[pc + 1]] = q[code[pc + 2]] + q[code[pc + 3]]; pc += 4; continue; // add
                case RegisterOp.BinaryL + 1: q[code[pc + 1]] = q[code[pc + 2]] - q[code[pc + 3]]; pc += 4; continue; // sub
                case RegisterOp.BinaryL + 2: q[code[pc + 1]] = q[code[pc + 2]] * q[code[pc + 3]]; pc += 4; continue; // mul
                case RegisterOp.BinaryL + 3: q[code[pc + 1]] = q[code[pc + 2]] & q[code[pc + 3]]; pc += 4; continue; // and
                case RegisterOp.BinaryL + 4: q[code[pc + 1]] = q[code[pc + 2]] | q[code[pc + 3]]; pc += 4; continue; // or
                case RegisterOp.BinaryL + 5: q[code[pc + 1]] = q[code[pc + 2]] ^ q[code[pc + 3]]; pc += 4; continue; // xor
                case RegisterOp.BinaryL + 6: q[code[pc + 1]] = q[code[pc + 2]] << (int)q[code[pc + 3]]; pc += 4; continue; // shl
                case RegisterOp.BinaryL + 7: q[code[pc + 1]] = q[code[pc + 2]] >> (int)q[code[pc + 3]]; pc += 4; continue; // shr_s
                case RegisterOp.BinaryL + 8: // shr_u
                    q[code[pc + 1]] = (long)((ulong)q[code[pc + 2]] >> (int)q[code[pc + 3]]); pc += 4; continue;
                case RegisterOp.BinaryL + 9: // rotl
                    q[code[pc + 1]] = (q[code[pc + 2]] << (b = (int)q[code[pc + 3]])) | (long)((ulong)q[code[pc + 2]] >> (64 - b)); pc += 4;
                    continue;
                case RegisterOp.BinaryL + 10: // rotr
                    q[code[pc + 1]] = (long)((ulong)q[code[pc + 2]] >> (b = (int)q[code[pc + 3]])) | (q[code[pc + 2]] << (64 - b)); pc += 4;
                    continue;
                case RegisterOp.CompareL + 0: r[code[pc + 1]] = q[code[pc + 2]] == q[code[pc + 3]] ? 1 : 0; pc += 4; continue; // eq
                case RegisterOp.CompareL + 1: r[code[pc + 1]] = q[code[pc + 2]] != q[code[pc + 3]] ? 1 : 0; pc += 4; continue; // ne
                case RegisterOp.CompareL + 2: r[code[pc + 1]] = q[code[pc + 2]] < q[code[pc + 3]] ? 1 : 0; pc += 4; continue; // lt_s
                case RegisterOp.CompareL + 3: // lt_u
                    r[code[pc + 1]] = (ulong)q[code[pc + 2]] < (ulong)q[code[pc + 3]] ? 1 : 0; pc += 4; continue;
                case RegisterOp.CompareL + 4: r[code[pc + 1]] = q[code[pc + 2]] > q[code[pc + 3]] ? 1 : 0; pc += 4; continue; // gt_s
                case RegisterOp.CompareL + 5: // gt_u
                    r[code[pc + 1]] = (ulong)q[code[pc + 2]] > (ulong)q[code[pc + 3]] ? 1 : 0; pc += 4; continue;
                case RegisterOp.CompareL + 6: r[code[pc + 1]] = q[code[pc + 2]] <= q[code[pc + 3]] ? 1 : 0; pc += 4; continue; // le_s
                case RegisterOp.CompareL + 7: // le_u
                    r[code[pc + 1]] = (ulong)q[code[pc + 2]] <= (ulong)q[code[pc + 3]] ? 1 : 0; pc += 4; continue;
                case RegisterOp.CompareL + 8: r[code[pc + 1]] = q[code[pc + 2]] >= q[code[pc + 3]] ? 1 : 0; pc += 4; continue; // ge_s
                case RegisterOp.CompareL + 9: // ge_u
                    r[code[pc + 1]] = (ulong)q[code[pc + 2]] >= (ulong)q[code[pc + 3]] ? 1 : 0; pc += 4; continue;
                case RegisterOp.EqzL: r[code[pc + 1]] = q[code[pc + 2]] == 0 ? 1 : 0; pc += 3; continue;
                case RegisterOp.BrCompareL + 0: // eq
                    if (q[code[pc + 1]] == q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 1: // ne
                    if (q[code[pc + 1]] != q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 2: // lt_s
                    if (q[code[pc + 1]] < q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 3: // lt_u
                    if ((ulong)q[code[pc + 1]] < (ulong)q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 4: // gt_s
                    if (q[code[pc + 1]] > q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 5: // gt_u
                    if ((ulong)q[code[pc + 1]] > (ulong)q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 6: // le_s
                    if (q[code[pc + 1]] <= q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 7: // le_u
                    if ((ulong)q[code[pc + 1]] <= (ulong)q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 8: // ge_s
                    if (q[code[pc + 1]] >= q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrCompareL + 9: // ge_u
                    if ((ulong)q[code[pc + 1]] >= (ulong)q[code[pc + 2]]) goto taken6; fl -= code[pc + 5]; pc += 6; continue;
                case RegisterOp.BrNzL: if (q[code[pc + 1]] != 0) goto taken5; fl -= code[pc + 4]; pc += 5; continue;
                case RegisterOp.BrZL: if (q[code[pc + 1]] == 0) goto taken5; fl -= code[pc + 4]; pc += 5; continue;
                case RegisterOp.Wrap: r[code[pc + 1]] = (int)q[code[pc + 2]]; pc += 3; continue;
                case RegisterOp.ExtendS: q[code[pc + 1]] = r[code[pc + 2]]; pc += 3; continue;
                case RegisterOp.ExtendU: q[code[pc + 1]] = (uint)r[code[pc + 2]]; pc += 3; continue;
                case RegisterOp.LoadL + 0: // load
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)(m.Length - 1)) goto slow;
                    q[code[pc + 1]] = (uint)m[d] | ((long)m[d + 1] << 32); pc += 4; continue;
                case RegisterOp.LoadL + 1: // load8_s
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    q[code[pc + 1]] = (sbyte)(m[d] >> (b << 3)); pc += 4; continue;
                case RegisterOp.LoadL + 2: // load8_u
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    q[code[pc + 1]] = (m[d] >> (b << 3)) & 255; pc += 4; continue;
                case RegisterOp.LoadL + 3: // load16_s
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow; q[code[pc + 1]] = (short)(m[d] >> (b << 3)); pc += 4;
                    continue;
                case RegisterOp.LoadL + 4: // load16_u
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow; q[code[pc + 1]] = (m[d] >> (b << 3)) & 65535;
                    pc += 4; continue;
                case RegisterOp.LoadL + 5: // load32_s
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow; q[code[pc + 1]] = m[d]; pc += 4; continue;
                case RegisterOp.LoadL + 6: // load32_u
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow; q[code[pc + 1]] = (uint)m[d]; pc += 4; continue;
                case RegisterOp.StoreL + 0: // store
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)(m.Length - 1)) goto slow; x = q[code[pc + 1]]; m[d] = (int)x;
                    m[d + 1] = (int)(x >> 32); pc += 4; continue;
                case RegisterOp.StoreL + 1: // store8
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2; if (a < 0 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = (m[d] & ~(255 << (b << 3))) | (((int)q[code[pc + 1]] & 255) << (b << 3)); pc += 4; continue;
                case RegisterOp.StoreL + 2: // store16
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) == 3 || (uint)d >= (uint)m.Length) goto slow;
                    m[d] = (m[d] & ~(65535 << (b << 3))) | (((int)q[code[pc + 1]] & 65535) << (b << 3)); pc += 4; continue;
                case RegisterOp.StoreL + 3: // store32
                    a = r[code[pc + 2]]; b = a + code[pc + 3]; d = b >> 2;
                    if (a < 0 || (b & 3) != 0 || (uint)d >= (uint)m.Length) goto slow; m[d] = (int)q[code[pc + 1]]; pc += 4; continue;
                case RegisterOp.Divide + 0: // div_s
                    b = r[code[pc + 3]]; if (b == 0) goto div0; a = r[code[pc + 2]]; if (b == -1 && a == int.MinValue) goto overflow;
                    r[code[pc + 1]] = SafeMath.DivS(a, b); pc += 4; continue;
                case RegisterOp.Divide + 1: // div_u
                    b = r[code[pc + 3]]; if (b == 0) goto div0; r[code[pc + 1]] = SafeMath.DivU(r[code[pc + 2]], b); pc += 4; continue;
                case RegisterOp.Divide + 2: // rem_s
                    b = r[code[pc + 3]]; if (b == 0) goto div0; r[code[pc + 1]] = SafeMath.RemS(r[code[pc + 2]], b); pc += 4; continue;
                case RegisterOp.Divide + 3: // rem_u
                    b = r[code[pc + 3]]; if (b == 0) goto div0; r[code[pc + 1]] = SafeMath.RemU(r[code[pc + 2]], b); pc += 4; continue;
                case RegisterOp.DivideL + 0: // div_s
                    y = q[code[pc + 3]]; if (y == 0) goto div0; x = q[code[pc + 2]]; if (y == -1 && x == long.MinValue) goto overflow;
                    q[code[pc + 1]] = SafeMath.DivS(x, y); pc += 4; continue;
                case RegisterOp.DivideL + 1: // div_u
                    y = q[code[pc + 3]]; if (y == 0) goto div0; q[code[pc + 1]] = SafeMath.DivU(q[code[pc + 2]], y); pc += 4; continue;
                case RegisterOp.DivideL + 2: // rem_s
                    y = q[code[pc + 3]]; if (y == 0) goto div0; q[code[pc + 1]] = SafeMath.RemS(q[code[pc + 2]], y); pc += 4; continue;
                case RegisterOp.DivideL + 3: // rem_u
                    y = q[code[pc + 3]]; if (y == 0) goto div0; q[code[pc + 1]] = SafeMath.RemU(q[code[pc + 2]], y); pc += 4; continue;
                case RegisterOp.Unary + 0: r[code[pc + 1]] = Bits.Clz(r[code[pc + 2]]); pc += 3; continue; // clz
                case RegisterOp.Unary + 1: r[code[pc + 1]] = Bits.Ctz(r[code[pc + 2]]); pc += 3; continue; // ctz
                case RegisterOp.Unary + 2: r[code[pc + 1]] = Bits.Popcnt(r[code[pc + 2]]); pc += 3; continue; // popcnt
                case RegisterOp.Unary + 3: r[code[pc + 1]] = (sbyte)r[code[pc + 2]]; pc += 3; continue; // extend8_s
                case RegisterOp.Unary + 4: r[code[pc + 1]] = (short)r[code[pc + 2]]; pc += 3; continue; // extend16_s
                case RegisterOp.UnaryL + 0: q[code[pc + 1]] = Bits.Clz(q[code[pc + 2]]); pc += 3; continue; // clz
                case RegisterOp.UnaryL + 1: q[code[pc + 1]] = Bits.Ctz(q[code[pc + 2]]); pc += 3; continue; // ctz
                case RegisterOp.UnaryL + 2: q[code[pc + 1]] = Bits.Popcnt(q[code[pc + 2]]); pc += 3; continue; // popcnt
                case RegisterOp.UnaryL + 3: q[code[pc + 1]] = (sbyte)q[code[pc + 2]]; pc += 3; continue; // extend8_s
                case RegisterOp.UnaryL + 4: q[code[pc + 1]] = (short)q[code[pc + 2]]; pc += 3; continue; // extend16_s
                case RegisterOp.UnaryL + 5: q[code[pc + 1]] = (int)q[code[pc + 2]]; pc += 3; continue; // extend32_s
                default: goto abandon;
            }
        }

    taken4:
        d = (short)code[pc + 1]; fl -= code[pc + 2]; pc += d;
        if (fl < 0 && d <= 0) goto check;
        goto dispatch;

    taken5:
        d = (short)code[pc + 2]; fl -= code[pc + 3]; pc += d;
        if (fl < 0 && d <= 0) goto check;
        goto dispatch;

    taken6:
        d = (short)code[pc + 3]; fl -= code[pc + 4]; pc += d;
        if (fl < 0 && d <= 0) goto check;
        goto dispatch;

    slow: // an unaligned or out-of-bounds access
        if (!MemoryAccess.Perform(code, pc, r, q, m, ref acc))
        {
            trap = TrapCode.OobMem;
            goto stop;
        }

        pc += 1 + RegisterOp.Operands(code[pc]).Length;
        goto dispatch;

    enter: // calls function a; pc is where it returns to
        d = a * RegisterImage.FunctionStride;
        if (depth >= RegisterImage.CallsMax || slots + f[d + RegisterImage.FunctionSlots] > image.StackSlots)
        {
            trap = TrapCode.Stack;
            goto stop;
        }

        if (depth >= 0)
        {
            frames[depth + depth] = pc;
            frames[depth + depth + 1] = current;
        }

        depth++;
        slots += f[d + RegisterImage.FunctionSlots];
        current = a;
        pc = f[d];
        b = f[d + RegisterImage.FunctionFirstClearI];
        for (a = f[d + RegisterImage.FunctionClearI]; a > 0; a--) r[b++] = 0;
        b = f[d + RegisterImage.FunctionFirstClearL];
        for (a = f[d + RegisterImage.FunctionClearL]; a > 0; a--) q[b++] = 0;
        fl -= f[d + RegisterImage.FunctionCharge];
        if (fl < 0) goto check;
        goto dispatch;

    check: // the slice is used up at a safe point
        if (fl + reserve < 0) goto exhausted;
        FuelUsed += grant - fl;
        _pc = pc;
        _function = current;
        _depth = depth;
        _slots = slots;
        return;

    finish:
        if (fl + reserve < 0) goto exhausted;
        Status = r[code[pc + 1]];
        Stop(TrapCode.None, FuelUsed + grant - fl);
        return;

    exhausted:
        Stop(TrapCode.OutOfFuel, _fuelLimit);
        return;

    div0:
        trap = TrapCode.Div0;
        goto stop;

    overflow:
        trap = TrapCode.IntOvf;
        goto stop;

    undefined:
        trap = TrapCode.UndefElem;
        goto stop;

    mismatch:
        trap = TrapCode.SigMismatch;
        goto stop;

    abandon:
        trap = TrapCode.Abandoned;

    stop:
        Stop(trap, FuelUsed + grant - fl);
    }
}
