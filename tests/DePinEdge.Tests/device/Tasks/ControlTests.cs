// Calls, recursion, tables, blocks with values: where the lowering moves operands between slots.
using System.Buffers.Binary;
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks;
using static DePinEdge.Tests.Device.Tasks.Wasm;

namespace DePinEdge.Tests.Device.Tasks;

public class ControlTests
{
    // Runs code that leaves an i32, which becomes the status; the helper functions are declared first.
    private static TaskOutcome Status(Action<WasmBuilder>? declare, string locals, params object[] code)
    {
        var module = new WasmBuilder();
        declare?.Invoke(module);
        return module.Run(locals, code).RunOnce();
    }

    private static void Gives(int expected, TaskOutcome outcome) => Assert.Equal((TrapCode.None, expected), (outcome.Trap, outcome.Status));

    [Fact]
    public void Operands_that_read_a_local_keep_the_value_it_had() =>
        Gives(5 - 9, Status(null, "i", I32(5), Set(0), Get(0), I32(9), Set(0), Get(0), Sub));

    [Fact]
    public void Operands_keep_the_value_a_global_had_before_a_call()
    {
        var outcome = Status(
            m =>
            {
                m.Global('i', true, 7);
                m.Function(">", "", I32(100), GlobalSet(0));
            },
            "", GlobalGet(0), Call(0), GlobalGet(0), Sub);
        Gives(7 - 100, outcome);
    }

    [Fact]
    public void Operands_below_a_block_survive_a_local_set_inside_it() =>
        Gives(3 + 8, Status(null, "i", I32(3), Set(0), Get(0), I32(1), If(), I32(8), Set(0), End, Get(0), Add));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(10, 55 + 34)]
    public void Recursion_keeps_each_frames_slots(int n, int expected)
    {
        var module = new WasmBuilder();
        module.Function("i>i", "", Get(0), I32(2), LtU, If(0x7f), I32(1), Else, Get(0), I32(1), Sub, Call(0), Get(0), I32(2), Sub, Call(0), Add, End);
        Gives(expected, module.Run("", I32(n), Call(0)).RunOnce(10_000_000));
    }

    // even(n) and odd(n) call each other and carry an i64 along; each adds its own local after the call.
    [Fact]
    public void Mutual_recursion_keeps_i64_slots_too()
    {
        var module = new WasmBuilder();
        module.Function("il>l", "l", Get(1), I64(1000), 0x7c, Set(2), Get(0), Eqz, If(0x7e), Get(2), Else, Get(0), I32(1), Sub, Get(1), I64(1), 0x7c, Call(1), Get(2), 0x7c, End);
        module.Function("il>l", "l", Get(1), I64(2), 0x7e, Set(2), Get(0), Eqz, If(0x7e), Get(2), Else, Get(0), I32(1), Sub, Get(1), I64(1), 0x7c, Call(0), Get(2), 0x7d, End);
        static long Even(int n, long x) => n == 0 ? x + 1000 : Odd(n - 1, x + 1) + x + 1000;
        static long Odd(int n, long x) => n == 0 ? x * 2 : Even(n - 1, x + 1) - (x * 2);
        Gives((int)Even(20, 5), module.Run("", I32(20), I64(5), Call(0), 0xa7).RunOnce());
    }

    [Fact]
    public void An_argument_that_calls_the_same_function_does_not_disturb_the_others()
    {
        var module = new WasmBuilder();
        module.Function("ii>i", "", Get(0), I32(10), Mul, Get(1), Add);
        Gives(1234, module.Run("i", I32(1), I32(2), Call(0), I32(3), Call(0), I32(4), Call(0)).RunOnce());
        var right = new WasmBuilder();
        right.Function("ii>i", "", Get(0), I32(10), Mul, Get(1), Add);
        Gives(10 + 20 + 34, right.Run("i", I32(1), I32(2), I32(3), I32(4), Call(0), Call(0), Call(0)).RunOnce());
    }

    // f(a, b) calls f(b, a): an argument must not be overwritten before it is read.
    [Fact]
    public void Recursion_can_swap_its_own_parameters()
    {
        var module = new WasmBuilder();
        module.Function("iii>i", "", Get(2), If(0x7f), Get(1), Get(0), Get(2), I32(1), Sub, Call(0), Else, Get(0), I32(100), Mul, Get(1), Add, End);
        Gives(807, module.Run("", I32(7), I32(8), I32(5), Call(0)).RunOnce());
    }

    [Fact]
    public void Locals_are_zero_at_every_entry()
    {
        var module = new WasmBuilder();
        module.Function("i>i", "il", Get(1), Get(0), Set(1), Get(2), 0xa7, I64(77), Set(2), Add);
        Gives(0, module.Run("", I32(5), Call(0), I32(6), Call(0), Add).RunOnce());
    }

    [Theory]
    [InlineData(0, TrapCode.None, 11)]
    [InlineData(1, TrapCode.None, 20)]
    [InlineData(2, TrapCode.SigMismatch, 0)]
    [InlineData(3, TrapCode.UndefElem, 0)]
    [InlineData(4, TrapCode.UndefElem, 0)]
    [InlineData(-1, TrapCode.UndefElem, 0)]
    public void Indirect_calls_check_element_and_type(int index, byte trap, int status)
    {
        var module = new WasmBuilder();
        module.Function("i>i", "", Get(0), I32(1), Add);
        module.Function("i>i", "", Get(0), I32(2), Mul);
        module.Function("l>i", "", I32(3));
        module.Table(4);
        module.Element(0, 0, 1, 2);
        var outcome = module.Run("", I32(10), I32(index), CallIndirect(module.Type("i>i"))).RunOnce();
        Assert.Equal((trap, status), (outcome.Trap, outcome.Status));
    }

    [Fact]
    public void Indirect_recursion_keeps_each_frames_slots()
    {
        var module = new WasmBuilder();
        module.Table(1);
        module.Element(0, 0);
        module.Function("ili>l", "l", Get(0), If(0x7e), Get(0), I32(1), Sub, Get(1), I64(3), 0x7c, I32(0), I32(0), CallIndirect(0), Get(1), 0x7c, Else, Get(1), End);
        long expected = 0;
        for (var n = 0; n <= 30; n++) expected += 4 + (3 * n);
        Gives((int)expected, module.Run("", I32(30), I64(4), I32(9), Call(0), 0xa7).RunOnce());
    }

    [Fact]
    public void Several_results_come_back_in_order()
    {
        var module = new WasmBuilder();
        module.Function("il>lii", "", Get(1), I64(1), 0x7c, Get(0), Get(0), I32(1), Add);
        var outcome = module.Run("i", I32(40), I64(6), Call(0), Set(0), I32(1000), Mul, Get(0), Add, Set(0), 0xa7, I32(100), Mul, Get(0), Add).RunOnce();
        Gives(700 + 40_000 + 41, outcome);
    }

    [Theory]
    [InlineData(0, 12)]
    [InlineData(1, 21)]
    [InlineData(2, 33)]
    [InlineData(7, 33)]
    [InlineData(-1, 33)]
    public void Br_table_carries_values_and_can_return(int index, int expected)
    {
        var module = new WasmBuilder();
        module.Function("i>i", "", Block(0x7f), Block(0x7f), I32(11), Get(0), BrTable(0, 1, 2), End, I32(1), Add, Return, End, I32(10), Add);
        Gives(expected == 33 ? 11 : expected, module.Run("", I32(index), Call(0)).RunOnce());
    }

    [Fact]
    public void A_loop_can_carry_parameters()
    {
        var module = new WasmBuilder();
        var type = module.Type("ii>i");
        Gives(5 + 4 + 3 + 2 + 1, module.Run("ii", I32(0), I32(5), Loop(type), Tee(0), Add, Get(0), I32(1), Sub, Tee(1), Get(1), BrIf(0), Drop, End).RunOnce());
    }

    [Fact]
    public void Br_if_with_a_value_leaves_it_when_not_taken() =>
        Gives(3, Status(null, "", Block(0x7f), I32(3), I32(0), BrIf(0), Drop, I32(3), I32(1), BrIf(0), Drop, I32(8), End));

    [Theory]
    [InlineData(1, 10)]
    [InlineData(0, 20)]
    public void Select_takes_the_first_when_true(int condition, int expected) =>
        Gives(expected, Status(null, "l", I64(10), I64(20), I32(condition), Select, 0xa7));

    [Fact]
    public void Globals_and_memory_are_fresh_for_each_task()
    {
        var module = new WasmBuilder();
        module.Global('i', true, 5);
        module.Global('l', true, -9);
        module.Data(64, 1, 2, 3);
        module.Run("", GlobalGet(0), I32(1), Add, GlobalSet(0), GlobalGet(1), I64(1), 0x7d, GlobalSet(1), I32(64), I32(64), At(0x2d), I32(1), Add, At(0x3a), I32(66), I32(66), At(0x2d), At(0x3a),
            I32(0), MemoryGrow, Drop, GlobalGet(0), I32(100), Mul, I32(64), At(0x2d), I32(10), Mul, Add, GlobalGet(1), 0xa7, Add);
        var runner = new TaskRunner(module.Load());
        for (var n = 0; n < 3; n++) Gives(600 + 20 - 10, runner.RunTask(1000));
    }

    [Fact]
    public void Random_straight_code_agrees_with_a_stack_machine()
    {
        var random = new Random(4711);
        for (var round = 0; round < 400; round++)
        {
            var code = new List<byte>();
            var stack = new Stack<int>();
            int[] locals = [0, 0, 0, 0];
            for (var n = 0; n < 60; n++)
            {
                var local = random.Next(4);
                switch (stack.Count < 2 ? random.Next(2) : random.Next(8))
                {
                    case 0:
                        var value = random.Next(-5, 70_000);
                        stack.Push(value);
                        code.AddRange(I32(value));
                        break;
                    case 1:
                        stack.Push(locals[local]);
                        code.AddRange(Get(local));
                        break;
                    case 2:
                        locals[local] = stack.Pop();
                        code.AddRange(Set(local));
                        break;
                    case 3:
                        locals[local] = stack.Peek();
                        code.AddRange(Tee(local));
                        break;
                    case 4:
                        // A store and a load through memory, at an address that is often not aligned.
                        var address = random.Next(0, 60);
                        code.AddRange([.. Set(local), .. I32(address), .. Get(local), .. At(0x36, 3), .. I32(address), .. At(0x28, 3)]);
                        locals[local] = stack.Peek();
                        break;
                    default:
                        var (b, a) = (stack.Pop(), stack.Pop());
                        var op = random.Next(9) switch { 0 => Add, 1 => Sub, 2 => Mul, 3 => 0x71, 4 => 0x73, 5 => 0x74, 6 => 0x76, 7 => 0x77, _ => 0x48 };
                        code.Add((byte)op);
                        stack.Push(unchecked(op switch
                        {
                            Add => a + b,
                            Sub => a - b,
                            Mul => a * b,
                            0x71 => a & b,
                            0x73 => a ^ b,
                            0x74 => a << b,
                            0x76 => (int)((uint)a >> b),
                            0x77 => (a << b) | (int)((uint)a >> (32 - b)),
                            _ => a < b ? 1 : 0,
                        }));
                        break;
                }
            }

            var sum = locals[0] ^ locals[1] ^ locals[2] ^ locals[3];
            code.AddRange([.. I32(0), .. stack.SelectMany(_ => (byte[])[0x73]), .. Get(0), 0x73, .. Get(1), 0x73, .. Get(2), 0x73, .. Get(3), 0x73]);
            foreach (var value in stack) sum ^= value;
            Gives(sum, Status(null, "iiii", code.ToArray()));
        }
    }
}
