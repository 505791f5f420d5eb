// Every integer operator against plain C# on values at the edges, through both ways the lowering can emit it: operands in
// slots, and operands that come from another operator (the accumulator forms).
using System.Buffers.Binary;
using System.Numerics;
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks;
using static DePinEdge.Tests.Device.Tasks.Wasm;

namespace DePinEdge.Tests.Device.Tasks;

public class OperatorTests
{
    private static readonly int[] Ints = [0, 1, -1, 2, 7, 31, 32, 33, 255, 256, 0x7fff, 0x8000, 0x12345678, unchecked((int)0x89abcdef), int.MaxValue, int.MinValue];

    private static readonly long[] Longs =
        [0, 1, -1, 3, 63, 64, 65, 0x80, 0x8000, 0x80000000, -0x80000000, 0x123456789abcdef, unchecked((long)0xfedcba9876543210), long.MaxValue, long.MinValue];

    private static readonly Func<int, int, long>[] BinaryI =
    [
        (a, b) => a == b ? 1 : 0, (a, b) => a != b ? 1 : 0, (a, b) => a < b ? 1 : 0, (a, b) => (uint)a < (uint)b ? 1 : 0, (a, b) => a > b ? 1 : 0,
        (a, b) => (uint)a > (uint)b ? 1 : 0, (a, b) => a <= b ? 1 : 0, (a, b) => (uint)a <= (uint)b ? 1 : 0, (a, b) => a >= b ? 1 : 0, (a, b) => (uint)a >= (uint)b ? 1 : 0,
    ];

    private static readonly Func<int, int, int>[] ArithmeticI =
    [
        (a, b) => unchecked(a + b), (a, b) => unchecked(a - b), (a, b) => unchecked(a * b), (a, b) => a / b, (a, b) => (int)((uint)a / (uint)b),
        (a, b) => b == -1 ? 0 : a % b, (a, b) => (int)((uint)a % (uint)b), (a, b) => a & b, (a, b) => a | b, (a, b) => a ^ b, (a, b) => a << b, (a, b) => a >> b,
        (a, b) => (int)((uint)a >> b), (a, b) => (int)BitOperations.RotateLeft((uint)a, b), (a, b) => (int)BitOperations.RotateRight((uint)a, b),
    ];

    private static readonly Func<long, long, long>[] CompareL =
    [
        (a, b) => a == b ? 1 : 0, (a, b) => a != b ? 1 : 0, (a, b) => a < b ? 1 : 0, (a, b) => (ulong)a < (ulong)b ? 1 : 0, (a, b) => a > b ? 1 : 0,
        (a, b) => (ulong)a > (ulong)b ? 1 : 0, (a, b) => a <= b ? 1 : 0, (a, b) => (ulong)a <= (ulong)b ? 1 : 0, (a, b) => a >= b ? 1 : 0, (a, b) => (ulong)a >= (ulong)b ? 1 : 0,
    ];

    private static readonly Func<long, long, long>[] ArithmeticL =
    [
        (a, b) => unchecked(a + b), (a, b) => unchecked(a - b), (a, b) => unchecked(a * b), (a, b) => a / b, (a, b) => (long)((ulong)a / (ulong)b),
        (a, b) => b == -1 ? 0 : a % b, (a, b) => (long)((ulong)a % (ulong)b), (a, b) => a & b, (a, b) => a | b, (a, b) => a ^ b, (a, b) => a << (int)b, (a, b) => a >> (int)b,
        (a, b) => (long)((ulong)a >> (int)b), (a, b) => (long)BitOperations.RotateLeft((ulong)a, (int)b), (a, b) => (long)BitOperations.RotateRight((ulong)a, (int)b),
    ];

    // A program that reads two i64 from its input, applies an operator and writes the result as i64.
    private sealed class Probe
    {
        private readonly TaskRunner _runner;

        public Probe(bool longs, bool gives32, bool unary, int shape, params object[] op)
        {
            var module = new WasmBuilder { Output = "i64" };
            var read = module.Import("input_read", "iii>i");
            var write = module.Import("output_write", "ii>i");
            object[] a = [I32(0), WasmBuilder.Code(At(longs ? 0x29 : 0x28, 0))];
            object[] b = unary ? [] : [I32(8), At(longs ? 0x29 : 0x28, 0)];
            var type = longs ? "l" : "i";
            object[] operands = shape switch
            {
                0 => [.. a, Set(0), .. b, .. unary ? [] : new object[] { Set(1) }, Get(0), .. unary ? [] : new object[] { Get(1) }],
                1 => [.. a, .. b],
                2 => [.. a, Set(0), Get(0), .. b],
                _ => [.. b, .. unary ? [] : new object[] { Set(1) }, .. a, .. unary ? [] : new object[] { Get(1) }],
            };
            module.Run(type + type + "i", I32(0), I32(0), I32(16), Call(read), Drop, I32(0), WasmBuilder.Code(operands), WasmBuilder.Code(op),
                WasmBuilder.Code(gives32 ? [0xac] : []), At(0x37, 0), I32(0), I32(8), Call(write), Drop, I32(0));
            _runner = new TaskRunner(module.Load());
        }

        public TaskOutcome Apply(long a, long b)
        {
            var input = new byte[16];
            BinaryPrimitives.WriteInt64LittleEndian(input, a);
            BinaryPrimitives.WriteInt64LittleEndian(input.AsSpan(8), b);
            return _runner.RunTask(1000, input);
        }
    }

    private static void AssertBinary(Probe probe, int op, long a, long b, Func<long> expected, bool divides, bool overflows)
    {
        var outcome = probe.Apply(a, b);
        if (divides && b == 0) Assert.Equal(TrapCode.Div0, outcome.Trap);
        else if (overflows) Assert.Equal(TrapCode.IntOvf, outcome.Trap);
        else Assert.True(outcome.Trap == 0 && BinaryPrimitives.ReadInt64LittleEndian(outcome.Output) == expected(), $"operator {op:x} of {a} and {b}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void I32_operators_agree_with_csharp(int shape)
    {
        for (var op = 0x46; op <= 0x78; op++)
        {
            if (op is > 0x4f and < 0x6a) continue;
            var probe = new Probe(false, true, false, shape, op);
            foreach (var a in Ints)
                foreach (var b in Ints)
                    AssertBinary(probe, op, a, b, () => op < 0x6a ? BinaryI[op - 0x46](a, b) : ArithmeticI[op - 0x6a](a, b), op is >= 0x6d and <= 0x70, op == 0x6d && a == int.MinValue && b == -1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void I64_operators_agree_with_csharp(int shape)
    {
        for (var op = 0x51; op <= 0x8a; op++)
        {
            if (op is > 0x5a and < 0x7c) continue;
            var probe = new Probe(true, op < 0x7c, false, shape, op);
            foreach (var a in Longs)
                foreach (var b in Longs)
                    AssertBinary(probe, op, a, b, () => op < 0x7c ? CompareL[op - 0x51](a, b) : ArithmeticL[op - 0x7c](a, b), op is >= 0x7f and <= 0x82, op == 0x7f && a == long.MinValue && b == -1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Unary_operators_agree_with_csharp(int shape)
    {
        (int Op, Func<int, long> Expected)[] ints =
        [
            (0x45, a => a == 0 ? 1 : 0), (0x67, a => BitOperations.LeadingZeroCount((uint)a)), (0x68, a => BitOperations.TrailingZeroCount(a)),
            (0x69, a => BitOperations.PopCount((uint)a)), (0xc0, a => (sbyte)a), (0xc1, a => (short)a),
        ];
        (int Op, bool Gives32, Func<long, long> Expected)[] longs =
        [
            (0x50, true, a => a == 0 ? 1 : 0), (0x79, false, a => BitOperations.LeadingZeroCount((ulong)a)), (0x7a, false, a => BitOperations.TrailingZeroCount(a)),
            (0x7b, false, a => BitOperations.PopCount((ulong)a)), (0xa7, true, a => (int)a), (0xc2, false, a => (sbyte)a), (0xc3, false, a => (short)a), (0xc4, false, a => (int)a),
        ];
        foreach (var (op, expected) in ints)
        {
            var probe = new Probe(false, true, true, shape, op);
            foreach (var a in Ints) AssertBinary(probe, op, a, 1, () => expected(a), false, false);
        }

        foreach (var (op, gives32, expected) in longs)
        {
            var probe = new Probe(true, gives32, true, shape, op);
            foreach (var a in Longs) AssertBinary(probe, op, a, 1, () => expected(a), false, false);
        }

        var unsigned = new Probe(false, false, true, shape, 0xad);
        foreach (var a in Ints) AssertBinary(unsigned, 0xad, a, 1, () => (uint)a, false, false);
    }

    // A comparison decides a branch, its inverse, and through eqz, for every comparison: the fused forms.
    [Fact]
    public void Fused_branches_agree_with_their_comparisons()
    {
        for (var op = 0x46; op <= 0x5a; op++)
        {
            if (op == 0x50) continue;
            var longs = op > 0x50;
            foreach (var inverted in (bool[])[false, true])
            {
                object[] tail = inverted ? [Eqz] : [];
                var branch = new Probe(longs, true, false, 1, [op, .. tail, If(0x7f), I32(1), Else, I32(0), End]);
                var branchIf = new Probe(longs, true, false, 0, [op, .. tail, Set(2), Block(0x7f), I32(1), Get(2), BrIf(0), Drop, I32(0), End]);
                for (var n = 0; n < 200; n++)
                {
                    var a = longs ? Longs[n % Longs.Length] : Ints[n % Ints.Length];
                    var b = longs ? Longs[n / 3 % Longs.Length] : Ints[n / 3 % Ints.Length];
                    var expected = (longs ? CompareL[op - 0x51](a, b) : BinaryI[op - 0x46]((int)a, (int)b)) ^ (inverted ? 1 : 0);
                    AssertBinary(branch, op, a, b, () => expected, false, false);
                    if (!longs) AssertBinary(branchIf, op, a, b, () => expected, false, false);
                }
            }
        }
    }

    // Every width of load and store at every alignment of a word pair, through slots and through the accumulator.
    [Fact]
    public void Loads_and_stores_of_every_width_agree_at_every_alignment()
    {
        var input = new byte[24];
        for (var n = 0; n < input.Length; n++) input[n] = (byte)(0x81 + (n * 37));
        (int Op, int Bytes, bool Signed, bool Long)[] loads =
        [
            (0x28, 4, true, false), (0x2c, 1, true, false), (0x2d, 1, false, false), (0x2e, 2, true, false), (0x2f, 2, false, false), (0x29, 8, true, true),
            (0x30, 1, true, true), (0x31, 1, false, true), (0x32, 2, true, true), (0x33, 2, false, true), (0x34, 4, true, true), (0x35, 4, false, true),
        ];
        (int Op, int Bytes, bool Long)[] stores = [(0x36, 4, false), (0x3a, 1, false), (0x3b, 2, false), (0x37, 8, true), (0x3c, 1, true), (0x3d, 2, true), (0x3e, 4, true)];
        foreach (var (loadOp, loadBytes, signed, longLoad) in loads)
            foreach (var (storeOp, storeBytes, longStore) in stores)
                for (var from = 0; from < 9; from++)
                {
                    var to = 40 + (from * 3 % 8);
                    var module = new WasmBuilder { Output = "bytes" };
                    var read = module.Import("input_read", "iii>i");
                    var write = module.Import("output_write", "ii>i");
                    object[] convert = longLoad == longStore ? [] : longLoad ? [0xa7] : [0xac];
                    module.Run("", I32(0), I32(0), I32(24), Call(read), Drop, I32(to - 5), I32(2), Add, I32(from - 1), I32(1), Add, At(loadOp), WasmBuilder.Code(convert), At(storeOp, 3),
                        I32(32), I32(32), Call(write), Drop, I32(0));
                    var outcome = module.RunOnce(input: input);
                    var expected = new byte[32];
                    long value = 0;
                    for (var n = loadBytes - 1; n >= 0; n--) value = (value << 8) | input[from + n];
                    if (signed) value = value << (64 - (8 * loadBytes)) >> (64 - (8 * loadBytes));
                    if (longStore && !longLoad) value = (int)value;
                    for (var n = 0; n < storeBytes; n++) expected[to - 32 + n] = (byte)(value >> (8 * n));
                    Assert.True(outcome.Trap == 0 && expected.AsSpan().SequenceEqual(outcome.Output), $"load {loadOp:x} store {storeOp:x} from {from} to {to}");
                }
    }
}
