// Why a run stopped short. The numbers travel in result frames and are part of what is compared between engines.
namespace DePinEdge.Agent.Tasks;

/// <summary>
/// Trap codes as a result line carries them (one byte). All but <see cref="Abandoned"/> are outcomes that every engine must
/// reproduce; <see cref="Abandoned"/> says that this board could not finish, which is no vote and no fault.
/// </summary>
public static class TrapCode
{
    /// <summary>The program returned; its status counts.</summary>
    public const byte None = 0;

    /// <summary>The operator <c>unreachable</c> was executed.</summary>
    public const byte Unreachable = 1;

    /// <summary>An access at or past <c>memory_bytes</c>.</summary>
    public const byte OobMem = 2;

    /// <summary>An integer division or remainder by zero.</summary>
    public const byte Div0 = 3;

    /// <summary>The smallest integer divided by -1, or a float too large for the integer asked for.</summary>
    public const byte IntOvf = 4;

    /// <summary>NaN converted to an integer.</summary>
    public const byte BadConv = 5;

    /// <summary>An indirect call through a missing or empty table element.</summary>
    public const byte UndefElem = 6;

    /// <summary>An indirect call to a function of another type.</summary>
    public const byte SigMismatch = 7;

    /// <summary>More than 512 open calls, or more than <c>stack_slots</c> slots in open frames.</summary>
    public const byte Stack = 8;

    /// <summary>The budget is used up; the fuel reported equals the budget.</summary>
    public const byte OutOfFuel = 9;

    /// <summary>A host import refused its arguments (output longer than allowed).</summary>
    public const byte Host = 10;

    /// <summary>The board gave up: real shortage, or an image no lowering of ours produces.</summary>
    public const byte Abandoned = 255;

    /// <summary>The code's name in the words of the documents, or "UNKNOWN".</summary>
    public static string Name(byte code)
    {
        switch (code)
        {
            case None: return "NONE";
            case Unreachable: return "UNREACHABLE";
            case OobMem: return "OOB_MEM";
            case Div0: return "DIV0";
            case IntOvf: return "INT_OVF";
            case BadConv: return "BAD_CONV";
            case UndefElem: return "UNDEF_ELEM";
            case SigMismatch: return "SIG_MISMATCH";
            case Stack: return "STACK";
            case OutOfFuel: return "OUT_OF_FUEL";
            case Host: return "HOST";
            case Abandoned: return "ABANDONED";
            default: return "UNKNOWN";
        }
    }
}
