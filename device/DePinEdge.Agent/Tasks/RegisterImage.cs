// The register image: a program lowered for the interpreter. A gateway lowers a module it has validated, signs the image,
// and a board runs it without a validator of its own. Parsing still trusts nothing: every slot, branch, function, type and
// count is checked once here, so that the interpreter's loop needs no check but the ones WebAssembly asks for.
//
// Layout, little endian:
//   header  HeaderBytes, see the Header* offsets
//   types   4 x u16 each: i32 parameters, i64 parameters, result kind, 0
//   functions  FunctionBytes each: u32 first code word, u32 code words, u32 stack slots, u16 type, entry charge,
//              first i32 slot, i32 locals to clear, first i64 slot, i64 locals to clear
//   table   u16 each: function + 1, 0 when empty
//   i32 presets (u32 each), i64 presets (u64 each): what the first slots hold when a task starts: globals, constants
//   data    u32 address, u32 count, then count bytes, each segment
//   code    u16 words; starts at the next even offset
//
// Slots are global: every function has its own fixed ones, so an operand is one array index and not a frame plus an index.
// A call that can come back to its own function saves its slots around itself (Save, Restore). i64 values live in a long[]
// beside the int[]: one access each on .NET and on nanoFramework, whose long arithmetic is native.
namespace DePinEdge.Agent.Tasks;

/// <summary>A checked register image, ready for any number of interpreters. Its arrays are read only by agreement.</summary>
public sealed class RegisterImage
{
    public const int Magic = 0x31495044; // "DPI1"
    public const int HeaderBytes = 64;
    public const int FunctionBytes = 24;

    public const int HeaderMagic = 0;
    public const int HeaderTotalBytes = 4;
    public const int HeaderMemoryBytes = 8;
    public const int HeaderPages = 12;
    public const int HeaderPagesMax = 16;
    public const int HeaderStackSlots = 20;
    public const int HeaderOutputBytesMax = 24;
    public const int HeaderAbi = 26;
    public const int HeaderSlotsI = 28;
    public const int HeaderSlotsL = 32;
    public const int HeaderTypes = 36;
    public const int HeaderFunctions = 38;
    public const int HeaderTable = 40;
    public const int HeaderPresetsI = 44;
    public const int HeaderPresetsL = 48;
    public const int HeaderDataSegments = 52;
    public const int HeaderCodeWords = 56;
    public const int HeaderEntry = 60;
    public const int HeaderFlags = 62;

    /// <summary>Flag: the program recurses through i32 slots, so the interpreter needs a save stack for them.</summary>
    public const int FlagSaveI = 1;

    /// <summary>Flag: as <see cref="FlagSaveI"/> for i64 slots.</summary>
    public const int FlagSaveL = 2;

    /// <summary>Result kinds of a type: none, one i32, one i64, several (left in fixed slots by moves).</summary>
    public const int ResultNone = 0;
    public const int ResultI = 1;
    public const int ResultL = 2;
    public const int ResultMany = 3;

    // Places in Functions, which holds FunctionStride ints for each function.
    public const int FunctionStride = 11;
    public const int FunctionCode = 0;
    public const int FunctionWords = 1;
    public const int FunctionSlots = 2;
    public const int FunctionType = 3;
    public const int FunctionCharge = 4;
    public const int FunctionBaseI = 5;
    public const int FunctionClearI = 6;
    public const int FunctionBaseL = 7;
    public const int FunctionClearL = 8;
    public const int FunctionFirstClearI = 9;
    public const int FunctionFirstClearL = 10;

    /// <summary>The largest image that is looked at.</summary>
    public const int ImageBytesMax = 8 << 20;

    /// <summary>The most memory an image may ask for.</summary>
    public const int MemoryBytesMax = 64 << 20;

    /// <summary>The largest stack_slots.</summary>
    public const int StackSlotsMax = 1 << 20;

    /// <summary>Open calls below <c>run</c>; the next one traps STACK.</summary>
    public const int CallsMax = 512;

    /// <summary>Bytes of memory a run may touch.</summary>
    public int MemoryBytes;

    /// <summary>The most output a run may write.</summary>
    public int OutputBytesMax;

    /// <summary>Bound on the sum of parameters, locals and operands of open frames.</summary>
    public int StackSlots;

    /// <summary>memory.size at the start and the largest memory.grow reaches, in 64 KiB pages.</summary>
    public int MemoryPages;
    public int MemoryPagesMax;

    /// <summary>Lengths of the i32 and the i64 file.</summary>
    public int SlotsI;
    public int SlotsL;

    /// <summary>Words of the save stacks; 0 when the program does not recurse.</summary>
    public int SaveSlotsI;
    public int SaveSlotsL;

    /// <summary>The function a run starts with: no parameters, one i32.</summary>
    public int Entry;
    public ushort[] Code;
    public int[] Functions;
    public ushort[] Types;

    /// <summary>The table's functions; -1 where it is empty.</summary>
    public int[] Table;
    public int[] PresetsI;
    public long[] PresetsL;

    /// <summary>The image's own bytes and where its data segments start in them; the buffer stays the caller's and must not change.</summary>
    public byte[] Bytes;
    public int DataOffset;
    public int DataSegments;

    /// <summary>Checks an image; null when it is malformed.</summary>
    public static RegisterImage Parse(byte[] image, int offset, int count)
    {
        string error;
        return Parse(image, offset, count, out error);
    }

    /// <summary>Checks an image; null when it is malformed, with the reason.</summary>
    public static RegisterImage Parse(byte[] image, int offset, int count, out string error)
    {
        var parser = new ImageParser(image, offset, count);
        var result = parser.Parse();
        error = parser.Error;
        return result;
    }
}
