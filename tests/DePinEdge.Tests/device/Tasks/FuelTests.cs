// Fuel against sums made by hand from task-engine.md, Fuel 1 to 7. Every number here is part of the contract between engines.
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks;
using static DePinEdge.Tests.Device.Tasks.Wasm;

namespace DePinEdge.Tests.Device.Tasks;

public class FuelTests
{
    // A countdown: entry 1, n = 3 (2 operators), loop of 7 operators a round, then the status.
    private static WasmBuilder Countdown() => new WasmBuilder().Run("i",
        I32(3), Set(0), Loop(), Get(0), I32(1), Sub, Tee(0), BrIf(0), End, I32(0));

    private static void AssertExact(WasmBuilder module, long fuel, byte trap = TrapCode.None)
    {
        var program = module.Load();
        var runner = new TaskRunner(program);
        var full = runner.RunTask(1_000_000);
        Assert.Equal((trap, fuel), (full.Trap, full.Fuel));
        var exact = runner.RunTask(fuel);
        Assert.Equal((trap, fuel), (exact.Trap, exact.Fuel));
        if (trap != TrapCode.None) return;
        var short1 = runner.RunTask(fuel - 1);
        Assert.Equal((TrapCode.OutOfFuel, fuel - 1), (short1.Trap, short1.Fuel));
        Assert.Empty(short1.Output);
        Assert.Equal(0, short1.Status);
    }

    [Fact]
    public void A_constant_costs_one_and_the_entry_one() => AssertExact(new WasmBuilder().Run("", I32(0)), 2);

    [Fact]
    public void Nop_drop_block_loop_else_end_return_are_free() =>
        AssertExact(new WasmBuilder().Run("", Nop, I32(7), Drop, Block(), End, Loop(), End, I32(0), Return), 3);

    // Entry block 1 + 2; each of the three rounds 5; behind the last br_if 1.
    [Fact]
    public void A_loop_charges_its_block_each_round() => AssertExact(Countdown(), 1 + 2 + (3 * 5) + 1);

    [Fact]
    public void Dead_code_is_never_charged() =>
        AssertExact(new WasmBuilder().Run("", Block(), Br(0), I32(1), Drop, I32(2), Drop, End, I32(0), Return, I32(9), Drop), 1 + 1 + 1);

    // The block's cost: entry 1, const and br 2, then const 1. What stands behind the end of a loop that never ends is dead.
    [Fact]
    public void Code_behind_an_endless_loop_is_dead() =>
        AssertExact(new WasmBuilder().Run("", Block(), Loop(), Br(1), End, I32(1), Drop, End, I32(0)), 1 + 1 + 1);

    [Theory]
    [InlineData(1, 1 + 2 + 2 + 1)]
    [InlineData(0, 1 + 2 + 4 + 1)]
    public void If_charges_the_arm_that_is_taken(int condition, long fuel) =>
        AssertExact(new WasmBuilder().Run("i", I32(condition), If(), I32(1), Set(0), Else, I32(1), I32(2), Add, Set(0), End, I32(0)), fuel);

    [Theory]
    [InlineData(1, 1 + 4 + 2 + 1)]
    [InlineData(0, 1 + 4 + 1)]
    public void If_without_else_goes_on_behind_its_end(int condition, long fuel) =>
        AssertExact(new WasmBuilder().Run("i", I32(condition), Eqz, Eqz, If(), I32(1), Set(0), End, I32(0)), fuel);

    // A call does not end the caller's block: 1 + (const, call, drop, const) and the callee's 1 + 2.
    [Fact]
    public void A_call_charges_the_callees_entry()
    {
        var module = new WasmBuilder();
        var callee = module.Function("i>i", "", Get(0), I32(1), Add);
        AssertExact(module.Run("", I32(5), Call(callee), Drop, I32(0)), 1 + 3 + 1 + 3);
    }

    [Theory]
    [InlineData(0, 1 + 2 + 3 + 1)]
    [InlineData(1, 1 + 2 + 1)]
    [InlineData(9, 1 + 2 + 1)]
    public void Br_table_charges_where_it_lands(int index, long fuel) =>
        AssertExact(new WasmBuilder().Run("i", Block(), Block(), I32(index), BrTable(0, 1), End, I32(1), I32(1), Add, Set(0), End, I32(0)), index == 0 ? fuel + 1 : fuel);

    [Theory]
    [InlineData(7, 0)]
    [InlineData(8, 1)]
    [InlineData(800, 100)]
    public void Memory_fill_and_copy_add_an_eighth_of_their_bytes(int count, long more)
    {
        AssertExact(new WasmBuilder().Run("", I32(0), I32(1), I32(count), MemoryFill, I32(0)), 1 + 5 + more);
        AssertExact(new WasmBuilder().Run("", I32(0), I32(1000), I32(count), MemoryCopy, I32(0)), 1 + 5 + more);
    }

    [Fact]
    public void Host_imports_cost_what_the_abi_says()
    {
        var module = new WasmBuilder();
        var length = module.Import("input_len", ">i");
        var read = module.Import("input_read", "iii>i");
        var write = module.Import("output_write", "ii>i");
        module.Run("", Call(length), Drop, I32(0), I32(0), I32(100), Call(read), Drop, I32(0), I32(7), Call(write), Drop, I32(0));
        var outcome = module.RunOnce(input: [1, 2, 3]);
        Assert.Equal(1 + 1 + 4 + 3 + 1 + 4 + (8 + 3) + (8 + 7), outcome.Fuel);
        Assert.Equal([1, 2, 3, 0, 0, 0, 0], outcome.Output);
    }

    [Fact]
    public void Out_of_fuel_at_an_import_moves_nothing()
    {
        var module = new WasmBuilder();
        var write = module.Import("output_write", "ii>i");
        module.Run("", I32(0), I32(4), Call(write), Drop, I32(0));
        const long Before = 1 + 4;
        var program = module.Load();
        var runner = new TaskRunner(program);
        Assert.Equal(TrapCode.OutOfFuel, runner.RunTask(Before + 8 + 4 - 1).Trap);
        Assert.Equal(TrapCode.OutOfFuel, runner.RunTask(Before - 1).Trap);
        Assert.Equal((TrapCode.None, Before + 12), (runner.RunTask(Before + 12).Trap, runner.RunTask(Before + 12).Fuel));
    }

    [Fact]
    public void A_trap_includes_its_whole_block() =>
        AssertExact(new WasmBuilder().Run("", I32(1), I32(0), DivS, Drop, I32(1), Drop, I32(0)), 1 + 5, TrapCode.Div0);

    // The division's block is charged past the budget, but no test stands before it: the trap wins, with all of its block.
    [Fact]
    public void A_trap_before_the_next_test_wins_over_an_empty_tank()
    {
        var outcome = new WasmBuilder().Run("", I32(1), If(), I32(1), I32(0), DivU, Drop, End, I32(0)).RunOnce(fuelLimit: 3);
        Assert.Equal((TrapCode.Div0, 1 + 2 + 3), (outcome.Trap, outcome.Fuel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    public void No_budget_ends_at_the_entry(long limit)
    {
        var outcome = new WasmBuilder().Run("", I32(0)).RunOnce(limit);
        Assert.Equal((TrapCode.OutOfFuel, Math.Max(limit, 0)), (outcome.Trap, outcome.Fuel));
    }

    [Fact]
    public void An_endless_loop_ends_with_its_budget()
    {
        var outcome = new WasmBuilder().Run("", Loop(), Br(0), End, I32(0)).RunOnce(12_345);
        Assert.Equal((TrapCode.OutOfFuel, 12_345), (outcome.Trap, outcome.Fuel));
    }

    // The loop's first block is free: the branch that pays stands behind an inner end.
    [Fact]
    public void A_loop_whose_header_is_free_ends_with_its_budget()
    {
        var outcome = new WasmBuilder().Run("", Loop(), Block(), End, Br(0), End, I32(0)).RunOnce(999);
        Assert.Equal((TrapCode.OutOfFuel, 999), (outcome.Trap, outcome.Fuel));
        AssertExact(new WasmBuilder().Run("i", I32(3), Set(0), Loop(), Block(), End, Get(0), I32(1), Sub, Tee(0), BrIf(0), End, I32(0)), 1 + 2 + 15 + 1);
    }

    [Fact]
    public void Slices_of_any_size_give_the_same_run()
    {
        var image = RegisterImage.Parse(PrimesProgram.Program.Image, 0, PrimesProgram.Program.Image.Length);
        var whole = PrimesProgram.Run(3, 500, 1_000_000);
        foreach (var slice in (int[])[1, 2, 7, 100, 12_345, int.MaxValue])
        {
            var interpreter = new Interpreter(image);
            var (input, tail) = PrimesProgram.Input(3, 500, 1_000_000);
            interpreter.Begin(input, 0, input.Length, tail, 0, tail.Length, 1_000_000);
            var turns = 1;
            while (!interpreter.Run(slice)) turns++;
            Assert.Equal((whole.Status, whole.Trap, whole.Fuel), (interpreter.Status, interpreter.Trap, interpreter.FuelUsed));
            Assert.Equal(whole.Output, interpreter.Output.AsSpan(0, interpreter.OutputCount).ToArray());
            if (slice == 1) Assert.True(turns > 300, $"{turns} turns: it did not stop between rounds");
            if (slice == int.MaxValue) Assert.Equal(1, turns);
        }
    }

    [Fact]
    public void Slices_of_one_end_a_short_budget_the_same_way()
    {
        var program = Countdown().Load();
        var image = RegisterImage.Parse(program.Image, 0, program.Image.Length);
        var runner = new TaskRunner(program);
        for (long limit = 0; limit < 22; limit++)
        {
            var interpreter = new Interpreter(image);
            interpreter.Begin([], 0, 0, [], 0, 0, limit);
            while (!interpreter.Run(1))
            {
            }

            var whole = runner.RunTask(limit);
            Assert.Equal((whole.Trap, whole.Fuel), (interpreter.Trap, interpreter.FuelUsed));
            Assert.Equal(limit < 19, whole.Trap == TrapCode.OutOfFuel);
        }
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        var image = RegisterImage.Parse(PrimesProgram.Program.Image, 0, PrimesProgram.Program.Image.Length);
        var interpreter = new Interpreter(image);
        var (input, tail) = PrimesProgram.Input(7, 500, 1_000_000);
        long before = 0;
        for (var round = 0; round < 3; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            interpreter.Begin(input, 0, input.Length, tail, 0, tail.Length, 1_000_000);
            while (!interpreter.Run(1000))
            {
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(TrapCode.None, interpreter.Trap);
    }
}
