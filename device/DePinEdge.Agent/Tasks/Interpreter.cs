// The interpreter of register images: the hot path of every board, and of a gateway that recomputes what boards send.
// In goes a task's input and a fuel limit; out come status, trap, fuel and output, the same on every engine. It allocates
// nothing while it runs, keeps all state in arrays of primitives, and stops at a safe point (a function's entry, a loop's
// header) when its slice is used up, so that a board can keep its link alive during a long task.
//
// Fuel: a branch or an entry charges the whole fuel block it leads to. The counter may fall below zero in the middle of a
// function; it is looked at only at the safe points, before and during host imports, before memory.copy and memory.fill,
// and when run returns (task-engine.md, Fuel 1 to 7). A counter below zero there means that the slice is used up, and the
// reserve behind it tells whether the budget is too.
namespace DePinEdge.Agent.Tasks;

/// <summary>
/// Runs tasks of one image, one after another: <see cref="Begin"/>, then <see cref="Run"/> until it answers true. Not
/// thread-safe. Each task starts from fresh memory and globals.
/// </summary>
public sealed partial class Interpreter
{
    /// <summary>What <c>run</c> returned; 0 when a trap ended it.</summary>
    public int Status;

    /// <summary>One of <see cref="TrapCode"/>; <see cref="TrapCode.None"/> when <c>run</c> returned.</summary>
    public byte Trap;

    /// <summary>Fuel consumed so far; the task's fuel once it has finished.</summary>
    public long FuelUsed;

    /// <summary>The output buffer, the image's limit long; overwritten by the next task.</summary>
    public byte[] Output => _io.Output;

    /// <summary>Bytes of output; 0 when a trap ended the run.</summary>
    public int OutputCount => _io.OutputCount;

    private const int SliceMax = 1 << 29;

    private readonly RegisterImage _image;
    private readonly TaskIo _io;
    private readonly int[] _slotsI;
    private readonly long[] _slotsL;
    private readonly int[] _memory;
    private readonly int[] _frames;
    private readonly int[] _saveI;
    private readonly long[] _saveL;
    private long _fuelLimit;
    private long _idle;
    private bool _entered;
    private bool _finished;
    private int _pc;
    private int _function;
    private int _depth;
    private int _slots;
    private int _pages;
    private int _savedI;
    private int _savedL;

    /// <summary>Takes the image's whole working memory at once: memory_bytes, the slots, the frames, the save stacks.</summary>
    public Interpreter(RegisterImage image)
    {
        _image = image;
        _slotsI = new int[image.SlotsI];
        _slotsL = new long[image.SlotsL];
        _memory = new int[image.MemoryBytes >> 2];
        _frames = new int[2 * RegisterImage.CallsMax];
        _saveI = new int[image.SaveSlotsI];
        _saveL = new long[image.SaveSlotsL];
        _io = new TaskIo(image.OutputBytesMax);
        _finished = true;
    }

    /// <summary>
    /// Starts a task. The program sees the input's bytes followed by the tail's. Both buffers stay the caller's and must
    /// not change before the task has finished. A negative fuel limit counts as 0.
    /// </summary>
    public void Begin(byte[] input, int inputOffset, int inputCount, byte[] tail, int tailOffset, int tailCount, long fuelLimit)
    {
        _io.Begin(input, inputOffset, inputCount, tail, tailOffset, tailCount);
        _fuelLimit = fuelLimit < 0 ? 0 : fuelLimit;
        System.Array.Copy(_image.PresetsI, 0, _slotsI, 0, _image.PresetsI.Length);
        System.Array.Copy(_image.PresetsL, 0, _slotsL, 0, _image.PresetsL.Length);
        System.Array.Clear(_memory, 0, _memory.Length);
        LoadData();
        _pages = _image.MemoryPages;
        BeginFunction(_image.Entry);
    }

    /// <summary>Runs until the task has finished (true) or at least about <paramref name="fuelSlice"/> fuel is used (false; call again).</summary>
    public bool Run(int fuelSlice)
    {
        if (_finished) return true;
        var remaining = _fuelLimit - FuelUsed;
        var grant = fuelSlice < 1 ? 1 : fuelSlice > SliceMax ? SliceMax : fuelSlice;
        if (grant > remaining) grant = (int)remaining;
        Step(grant, remaining - grant);
        return _finished;
    }

    private void BeginFunction(int function)
    {
        _function = function;
        _pc = _image.Functions[(function * RegisterImage.FunctionStride) + RegisterImage.FunctionCode];
        _depth = 0;
        _slots = 0;
        _savedI = 0;
        _savedL = 0;
        _idle = 0;
        _entered = false;
        _finished = false;
        Status = 0;
        Trap = TrapCode.None;
        FuelUsed = 0;
    }

    // Copies the data segments into cleared memory; a segment that starts on a word goes in words.
    private void LoadData()
    {
        var bytes = _image.Bytes;
        var at = _image.DataOffset;
        for (var n = _image.DataSegments; n > 0; n--)
        {
            var address = Int32At(bytes, at);
            var end = address + Int32At(bytes, at + 4);
            at += 8;
            while (address < end && (address & 3) != 0) Memory.WriteByte(_memory, address++, bytes[at++]);
            for (; end - address >= 4; address += 4)
            {
                _memory[address >> 2] = Int32At(bytes, at);
                at += 4;
            }

            while (address < end) Memory.WriteByte(_memory, address++, bytes[at++]);
        }
    }

    private static int Int32At(byte[] bytes, int at) =>
        bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);

    private void Stop(byte trap, long fuelUsed)
    {
        _finished = true;
        Trap = trap;
        FuelUsed = fuelUsed;
        if (trap != TrapCode.None) _io.OutputCount = 0;
    }

    // Copies an indirect call's arguments to its callee's parameters; answers where the call returns to.
    private int MoveArguments(int pc, int callee)
    {
        var code = _image.Code;
        var type = code[pc + 2] * 4;
        callee *= RegisterImage.FunctionStride;
        pc += 3;
        var to = _image.Functions[callee + RegisterImage.FunctionBaseI];
        for (int n = _image.Types[type]; n > 0; n--) _slotsI[to++] = _slotsI[code[pc++]];
        to = _image.Functions[callee + RegisterImage.FunctionBaseL];
        for (int n = _image.Types[type + 1]; n > 0; n--) _slotsL[to++] = _slotsL[code[pc++]];
        return pc + 1;
    }

    private bool Save(int pc)
    {
        var code = _image.Code;
        int n = code[pc + 2];
        int k = code[pc + 4];
        if (n > _saveI.Length - _savedI || k > _saveL.Length - _savedL) return false;
        for (int from = code[pc + 1]; n > 0; n--) _saveI[_savedI++] = _slotsI[from++];
        for (int from = code[pc + 3]; k > 0; k--) _saveL[_savedL++] = _slotsL[from++];
        return true;
    }

    private bool Restore(int pc)
    {
        var code = _image.Code;
        int n = code[pc + 2];
        int k = code[pc + 4];
        if (n > _savedI || k > _savedL) return false;
        for (var to = code[pc + 1] + n; n > 0; n--) _slotsI[--to] = _saveI[--_savedI];
        for (var to = code[pc + 3] + k; k > 0; k--) _slotsL[--to] = _saveL[--_savedL];
        return true;
    }
}
