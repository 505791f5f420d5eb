// The register code's operators: their numbers and the shape of their operands. The lowering in DePinEdge.Tasks writes
// them, RegisterImage.Parse checks them, Interpreter runs them; nothing else knows the numbers.
//
// Code is 16-bit words. An operator is followed by its operands: slots of the i32 file, slots of the i64 file, plain
// numbers, a branch's displacement (signed, from the operator's own word) and what a branch charges. An "Acc" form takes
// or leaves one i32 in the interpreter's accumulator instead of a slot, which saves a board's interpreter several of its
// own instructions; the accumulator never lives past the next operator that reads it, nor across a place where a run can pause.
namespace DePinEdge.Agent.Tasks;

/// <summary>Operator numbers of the register code (image version 1).</summary>
public static class RegisterOp
{
    public const int Unreachable = 0;
    public const int Charge = 1;

    /// <summary>Loop header: charges and tests the fuel.</summary>
    public const int Loop = 2;

    /// <summary>Loop header whose first fuel block costs nothing: tests the fuel and steps over the <see cref="Idle"/> that follows.</summary>
    public const int LoopFree = 3;

    /// <summary>Where a free loop's back branches land: counts them, so that an image cannot spin without paying.</summary>
    public const int Idle = 4;

    /// <summary>Displacement, charge.</summary>
    public const int Br = 5;

    /// <summary>Slot, displacement, charge when taken, charge when not.</summary>
    public const int BrNz = 6;
    public const int BrZ = 7;
    public const int BrAccNz = 8;
    public const int BrAccZ = 9;

    /// <summary>Slot, n, then n + 1 pairs of displacement (from this operator) and charge; the last is the default.</summary>
    public const int BrTable = 10;

    /// <summary>Function, slot of the result (0 when there is none or more than one).</summary>
    public const int Call = 11;

    /// <summary>Slot of the table index, type, the i32 arguments, the i64 arguments, slot of the result.</summary>
    public const int CallIndirect = 12;
    public const int Ret = 13;
    public const int RetI = 14;
    public const int RetL = 15;

    /// <summary>First i32 slot, count, first i64 slot, count: copies them to the save stack before a call that may come back here.</summary>
    public const int Save = 16;
    public const int Restore = 17;
    public const int MovI = 18;
    public const int MovL = 19;
    public const int SelectI = 20;
    public const int SelectL = 21;

    /// <summary>Result, base, offset: an address for offsets over 65,535; -1 when the sum is past 2^31.</summary>
    public const int AddOffset = 22;
    public const int InputLen = 23;
    public const int InputRead = 24;
    public const int OutputWrite = 25;
    public const int MemorySize = 26;
    public const int MemoryGrow = 27;
    public const int MemoryCopy = 28;
    public const int MemoryFill = 29;

    /// <summary>Ten comparisons in WebAssembly's order (eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u): two slots, then as a branch.</summary>
    public const int BrCompare = 30;

    /// <summary>Accumulator against a slot.</summary>
    public const int BrCompareAcc = 40;
    public const int Compare = 50;
    public const int CompareAcc = 60;
    public const int Eqz = 70;
    public const int EqzAcc = 71;

    /// <summary>
    /// Eleven operators (add sub mul and or xor shl shr_s shr_u rotl rotr) of six forms each: slot-slot, accumulator-slot,
    /// slot-accumulator, each to a slot (even) and to the accumulator (odd).
    /// </summary>
    public const int Binary = 72;

    /// <summary>load load8_s load8_u load16_s load16_u of four forms: address in a slot or (+2) the accumulator, result in a slot or (+1) the accumulator.</summary>
    public const int Load = 138;

    /// <summary>store store8 store16 of three forms: both in slots, value in the accumulator, address in the accumulator.</summary>
    public const int Store = 158;
    public const int BinaryL = 167;
    public const int CompareL = 178;
    public const int EqzL = 188;
    public const int BrCompareL = 189;
    public const int BrNzL = 199;
    public const int BrZL = 200;
    public const int Wrap = 201;
    public const int ExtendS = 202;
    public const int ExtendU = 203;

    /// <summary>load load8_s load8_u load16_s load16_u load32_s load32_u.</summary>
    public const int LoadL = 204;

    /// <summary>store store8 store16 store32.</summary>
    public const int StoreL = 211;

    /// <summary>div_s div_u rem_s rem_u.</summary>
    public const int Divide = 215;
    public const int DivideL = 219;

    /// <summary>clz ctz popcnt extend8_s extend16_s.</summary>
    public const int Unary = 223;

    /// <summary>clz ctz popcnt extend8_s extend16_s extend32_s.</summary>
    public const int UnaryL = 228;

    /// <summary>One past the last operator.</summary>
    public const int Count = 234;

    /// <summary>
    /// The operands of an operator, a letter a word: i an i32 slot, l an i64 slot, n a number, d a displacement, c a charge,
    /// f a function, r a result slot of the callee's type, A and B the first slot of a run whose length follows.
    /// BrTable and CallIndirect name only their fixed part. Null when there is no such operator.
    /// </summary>
    public static string Operands(int op)
    {
        if (op < 0 || op >= Count) return null;
        if (op >= UnaryL) return "ll";
        if (op >= Unary) return "ii";
        if (op >= DivideL) return "lll";
        if (op >= Divide) return "iii";
        if (op >= StoreL) return "lin";
        if (op >= LoadL) return "lin";
        if (op >= ExtendS) return "li";
        if (op == Wrap) return "il";
        if (op >= BrNzL) return "ldcc";
        if (op >= BrCompareL) return "lldcc";
        if (op == EqzL) return "il";
        if (op >= CompareL) return "ill";
        if (op >= BinaryL) return "lll";
        if (op >= Store) return (op - Store) % 3 == 0 ? "iin" : "in";
        if (op >= Load) return ((op - Load) & 3) == 0 ? "iin" : ((op - Load) & 3) == 3 ? "n" : "in";
        if (op >= Binary) return BinaryOperands((op - Binary) / 6, (op - Binary) % 6);
        if (op == EqzAcc) return "i";
        if (op >= Eqz) return "ii";
        if (op >= CompareAcc) return "ii";
        if (op >= Compare) return "iii";
        if (op >= BrCompareAcc) return "idcc";
        if (op >= BrCompare) return "iidcc";
        switch (op)
        {
            case Charge: return "c";
            case Loop: return "c";
            case Br: return "dc";
            case BrNz: return "idcc";
            case BrZ: return "idcc";
            case BrAccNz: return "dcc";
            case BrAccZ: return "dcc";
            case BrTable: return "in";
            case Call: return "fr";
            case CallIndirect: return "in";
            case RetI: return "i";
            case RetL: return "l";
            case Save: return "AnBn";
            case Restore: return "AnBn";
            case MovI: return "ii";
            case MovL: return "ll";
            case SelectI: return "iiii";
            case SelectL: return "llli";
            case AddOffset: return "iii";
            case InputLen: return "i";
            case InputRead: return "iiii";
            case OutputWrite: return "iii";
            case MemorySize: return "i";
            case MemoryGrow: return "ii";
            case MemoryCopy: return "iii";
            case MemoryFill: return "iii";
            default: return "";
        }
    }

    /// <summary>True for the operators whose two operands may be swapped (index in <see cref="Binary"/>'s list): they have no slot-accumulator form.</summary>
    public static bool Commutes(int binary) => binary == 0 || (binary >= 2 && binary <= 5);

    private static string BinaryOperands(int binary, int form)
    {
        if (form >= 4 && Commutes(binary)) return null;
        if (form == 0) return "iii";
        return form == 3 || form == 5 ? "i" : "ii";
    }
}
