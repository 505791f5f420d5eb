// Traps, the stack's two bounds, memory_bytes and the host's own checks, each one before, at and one after its edge.
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks;
using static DePinEdge.Tests.Device.Tasks.Wasm;

namespace DePinEdge.Tests.Device.Tasks;

public class TrapTests
{
    private static void Traps(byte trap, TaskOutcome outcome)
    {
        Assert.Equal(trap, outcome.Trap);
        Assert.Equal(0, trap == TrapCode.None ? 0 : outcome.Status);
        if (trap != TrapCode.None) Assert.Empty(outcome.Output);
    }

    [Fact]
    public void Unreachable_traps() => Traps(TrapCode.Unreachable, new WasmBuilder().Run("", Unreachable).RunOnce());

    [Theory]
    [InlineData(DivS)]
    [InlineData(DivU)]
    [InlineData(RemS)]
    [InlineData(RemU)]
    public void Division_by_zero_traps(int op) => Traps(TrapCode.Div0, new WasmBuilder().Run("", I32(1), I32(0), op).RunOnce());

    [Fact]
    public void The_smallest_integer_by_minus_one_overflows_but_has_a_remainder()
    {
        Traps(TrapCode.IntOvf, new WasmBuilder().Run("", I32(int.MinValue), I32(-1), DivS).RunOnce());
        Assert.Equal((TrapCode.None, 0), (new WasmBuilder().Run("", I32(int.MinValue), I32(-1), RemS).RunOnce().Trap, new WasmBuilder().Run("", I32(int.MinValue), I32(-1), RemS).RunOnce().Status));
        Traps(TrapCode.IntOvf, new WasmBuilder().Run("", I64(long.MinValue), I64(-1), 0x7f, 0xa7).RunOnce());
    }

    // run calls f(n), which calls itself n times: n + 1 calls are open at the deepest.
    [Theory]
    [InlineData(511, TrapCode.None)]
    [InlineData(512, TrapCode.Stack)]
    public void The_513th_open_call_traps(int n, byte trap)
    {
        var module = new WasmBuilder();
        module.Function("i>", "", Get(0), If(), Get(0), I32(1), Sub, Call(0), End);
        var outcome = module.Run("", I32(n), Call(0), I32(0)).RunOnce();
        Traps(trap, outcome);

        // Each frame: entry 1, get and if 2, then get, const, sub, call 4; the last open frame's call is charged, its callee is not.
        if (trap == TrapCode.Stack) Assert.Equal(1 + 3 + (512 * 7), outcome.Fuel);
    }

    // run holds 1 operand, f 1 parameter + 2 locals + 2 operands: 6 slots are open in f.
    [Theory]
    [InlineData(6, TrapCode.None)]
    [InlineData(5, TrapCode.Stack)]
    public void Stack_slots_bound_the_open_frames(int slots, byte trap)
    {
        var module = new WasmBuilder { StackSlots = slots };
        module.Function("i>i", "il", Get(0), I32(1), Add);
        var program = module.Run("", I32(1), Call(0)).Load();
        Assert.Equal(6, program.Info.StackSlotsWorst);
        var outcome = new TaskRunner(program).RunTask(1000);
        Traps(trap, outcome);
        Assert.Equal(trap == TrapCode.Stack ? 3 : 7, outcome.Fuel);
    }

    [Fact]
    public void A_run_that_is_too_large_itself_traps_for_nothing()
    {
        var outcome = new WasmBuilder { StackSlots = 2 }.Run("ii", I32(0)).RunOnce();
        Assert.Equal((TrapCode.Stack, 0), (outcome.Trap, outcome.Fuel));
    }

    [Fact]
    public void A_recursive_program_has_no_worst_stack()
    {
        var module = new WasmBuilder();
        module.Function("i>", "", Get(0), If(), Get(0), I32(1), Sub, Call(0), End);
        Assert.Null(module.Run("", I32(1), Call(0), I32(0)).Load().Info.StackSlotsWorst);
    }

    [Theory]
    [InlineData(0x2d, 1)]
    [InlineData(0x2f, 2)]
    [InlineData(0x28, 4)]
    [InlineData(0x29, 8)]
    [InlineData(0x35, 4)]
    public void Loads_trap_at_memory_bytes(int op, int bytes)
    {
        object[] wrap = op is 0x29 or 0x35 ? [0xa7, Drop] : [Drop];
        foreach (var memory in (int[])[256, 512, 65536])
        {
            for (var over = -8; over <= 8; over++)
            {
                var address = memory - bytes + over;
                var trap = over > 0 ? TrapCode.OobMem : TrapCode.None;
                Traps(trap, new WasmBuilder { MemoryBytes = memory }.Run("", I32(address), At(op), WasmBuilder.Code(wrap), I32(0)).RunOnce());
                Traps(trap, new WasmBuilder { MemoryBytes = memory }.Run("", I32(5), At(op, address - 5), WasmBuilder.Code(wrap), I32(0)).RunOnce());
            }
        }
    }

    [Theory]
    [InlineData(-1, 0L)]
    [InlineData(-4, 4L)]
    [InlineData(-4, 8L)]
    [InlineData(int.MinValue, 0x80000000L)]
    [InlineData(0, 0xffffffffL)]
    [InlineData(4, 0xfffffffcL)]
    [InlineData(0, 0x80000000L)]
    [InlineData(int.MaxValue, 0x7fffffffL)]
    [InlineData(int.MaxValue, 65535L)]
    public void Addresses_do_not_wrap_around(int address, long offset)
    {
        Traps(TrapCode.OobMem, new WasmBuilder().Run("", I32(address), At(0x28, offset)).RunOnce());
        Traps(TrapCode.OobMem, new WasmBuilder().Run("i", I32(address), Set(0), Get(0), I64(1), At(0x37, offset), I32(0)).RunOnce());
    }

    [Fact]
    public void An_offset_over_16_bits_reaches_its_byte()
    {
        var module = new WasmBuilder { MemoryBytes = 2 * 65536 };
        module.Memory(2);
        module.Data(70_005, 42);
        Assert.Equal(42, module.Run("", I32(5), At(0x2d, 70_000)).RunOnce().Status);
    }

    [Theory]
    [InlineData(0, 256, TrapCode.None)]
    [InlineData(1, 256, TrapCode.OobMem)]
    [InlineData(256, 0, TrapCode.None)]
    [InlineData(257, 0, TrapCode.OobMem)]
    [InlineData(0, -1, TrapCode.OobMem)]
    [InlineData(-1, 0, TrapCode.OobMem)]
    public void Copy_and_fill_trap_before_they_write(int address, int count, byte trap)
    {
        Traps(trap, new WasmBuilder { MemoryBytes = 256 }.Run("", I32(address), I32(1), I32(count), MemoryFill, I32(0)).RunOnce());
        Traps(trap, new WasmBuilder { MemoryBytes = 256 }.Run("", I32(address), I32(0), I32(count), MemoryCopy, I32(0)).RunOnce());
        Traps(trap, new WasmBuilder { MemoryBytes = 256 }.Run("", I32(0), I32(address), I32(count), MemoryCopy, I32(0)).RunOnce());
    }

    [Fact]
    public void Copy_and_fill_agree_with_csharp_on_every_overlap()
    {
        var random = new Random(99);
        for (var round = 0; round < 200; round++)
        {
            var module = new WasmBuilder { MemoryBytes = 256 };
            var write = module.Import("output_write", "ii>i");
            var bytes = new byte[256];
            random.NextBytes(bytes);
            module.Data(0, bytes);
            var (to, from, count, value) = (random.Next(100), random.Next(100), random.Next(60), random.Next(-1, 300));
            var (at, run) = (random.Next(200), random.Next(50));
            var outcome = module.Run("", I32(to), I32(from), I32(count), MemoryCopy, I32(at), I32(value), I32(run), MemoryFill, I32(0), I32(256), Call(write), Drop, I32(0)).RunOnce();
            bytes.AsSpan(from, count).ToArray().CopyTo(bytes, to);
            bytes.AsSpan(at, run).Fill((byte)value);
            Assert.Equal(bytes, outcome.Output);
        }
    }

    [Fact]
    public void Memory_grow_reaches_the_modules_maximum_and_adds_no_touchable_byte()
    {
        static WasmBuilder Module(params object[] code)
        {
            var module = new WasmBuilder();
            module.Memory(1, 3);
            return module.Run("", code);
        }

        Assert.Equal(1, Module(I32(2), MemoryGrow).RunOnce().Status);
        Assert.Equal(-1, Module(I32(3), MemoryGrow).RunOnce().Status);
        Assert.Equal(-1, Module(I32(-1), MemoryGrow).RunOnce().Status);
        Assert.Equal(3, Module(I32(2), MemoryGrow, Drop, MemorySize).RunOnce().Status);
        Assert.Equal(-1, Module(I32(2), MemoryGrow, Drop, I32(1), MemoryGrow).RunOnce().Status);
        Traps(TrapCode.OobMem, Module(I32(2), MemoryGrow, Drop, I32(65536), At(0x2d)).RunOnce());
    }

    [Fact]
    public void Input_and_tail_are_one_input()
    {
        var module = new WasmBuilder();
        var length = module.Import("input_len", ">i");
        var read = module.Import("input_read", "iii>i");
        var write = module.Import("output_write", "ii>i");
        module.Run("", I32(100), I32(2), I32(4), Call(read), Drop, I32(100), I32(4), Call(write), Drop, Call(length));
        var outcome = new TaskRunner(module.Load()).RunTask(1000, [1, 2, 3], [4, 5, 6, 7]);
        Assert.Equal(7, outcome.Status);
        Assert.Equal([3, 4, 5, 6], outcome.Output);
    }

    [Theory]
    [InlineData(0, 4, 0, 4, TrapCode.None)]
    [InlineData(252, 4, 0, 4, TrapCode.None)]
    [InlineData(253, 4, 0, 0, TrapCode.OobMem)]
    [InlineData(253, 4, 1, 3, TrapCode.None)]
    [InlineData(0, 100, 4, 0, TrapCode.None)]
    [InlineData(0, 100, -1, 0, TrapCode.None)]
    [InlineData(0, -1, 1, 3, TrapCode.None)]
    [InlineData(-1, 1, 0, 0, TrapCode.OobMem)]
    [InlineData(257, 0, 0, 0, TrapCode.OobMem)]
    public void Input_read_stays_inside_input_and_memory(int to, int count, int offset, int expected, byte trap)
    {
        var module = new WasmBuilder { MemoryBytes = 256 };
        var read = module.Import("input_read", "iii>i");
        var outcome = module.Run("", I32(to), I32(offset), I32(count), Call(read)).RunOnce(input: [9, 8, 7, 6]);
        Traps(trap, outcome);
        Assert.Equal(expected, outcome.Status);
    }

    [Theory]
    [InlineData("u32", 4)]
    [InlineData("i64", 8)]
    [InlineData("bytes", 256)]
    public void Output_past_its_limit_traps_host(string output, int max)
    {
        foreach (var (count, trap) in ((int, byte)[])[(max - 1, TrapCode.None), (max, TrapCode.None), (max + 1, TrapCode.Host), (-1, TrapCode.OobMem)])
        {
            var module = new WasmBuilder { Output = output };
            var write = module.Import("output_write", "ii>i");
            Traps(trap, module.Run("", I32(0), I32(count), Call(write), Drop, I32(0)).RunOnce());
        }

        var twice = new WasmBuilder { Output = output };
        var again = twice.Import("output_write", "ii>i");
        Traps(TrapCode.Host, twice.Run("", I32(0), I32(max), Call(again), Drop, I32(0), I32(1), Call(again)).RunOnce());
    }

    [Fact]
    public void Output_outside_memory_traps_oob()
    {
        var module = new WasmBuilder { MemoryBytes = 256 };
        var write = module.Import("output_write", "ii>i");
        Traps(TrapCode.OobMem, module.Run("", I32(253), I32(4), Call(write)).RunOnce());
    }

    [Fact]
    public void An_input_of_the_largest_size_passes_and_one_more_is_a_callers_error()
    {
        var runner = new TaskRunner(new WasmBuilder().Run("", I32(0)).Load());
        Assert.Equal(TrapCode.None, runner.RunTask(10, new byte[1000], new byte[24]).Trap);
        Assert.Throws<ArgumentException>(() => runner.RunTask(10, new byte[1000], new byte[25]));
    }

    [Fact]
    public void A_cancelled_run_throws_and_leaves_the_runner_usable()
    {
        var runner = new TaskRunner(new WasmBuilder().Run("", I32(3)).Load());
        Assert.Throws<OperationCanceledException>(() => runner.Run([], [], 10, new CancellationToken(true)));
        Assert.Equal(3, runner.RunTask(10).Status);
    }

    [Fact]
    public void Every_trap_has_a_name()
    {
        Assert.Equal("NONE UNREACHABLE OOB_MEM DIV0 INT_OVF BAD_CONV UNDEF_ELEM SIG_MISMATCH STACK OUT_OF_FUEL HOST UNKNOWN",
            string.Join(' ', Enumerable.Range(0, 12).Select(n => TrapCode.Name((byte)n))));
        Assert.Equal("ABANDONED", TrapCode.Name(TrapCode.Abandoned));
    }
}
