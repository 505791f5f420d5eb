// Mutated modules and images from fixed seeds. A module gives a program or an error; an image is refused or runs to an end
// within its fuel, whatever it says: nothing throws, nothing hangs.
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks;
using static DePinEdge.Tests.Device.Tasks.Wasm;

namespace DePinEdge.Tests.Device.Tasks;

public class FuzzTests
{
    private static byte[] Rich()
    {
        var module = new WasmBuilder();
        var read = module.Import("input_read", "iii>i");
        var write = module.Import("output_write", "ii>i");
        module.Global('i', true, 70_000);
        module.Global('l', true, -1);
        module.Table(3);
        var type = module.Type("il>l");
        module.Element(0, 2, 3);
        module.Data(16, 1, 2, 3, 4, 5, 6, 7, 8);
        module.Function("il>l", "l", Get(0), If(0x7e), Get(0), I32(1), Sub, Get(1), I64(3), 0x7c, Get(0), I32(1), 0x71, CallIndirect(type), Get(1), 0x85, Else, Get(1), End);
        module.Function("il>l", "", Get(0), Eqz, If(0x7e), I64(9), Else, Get(0), I32(1), Sub, Get(1), Call(2), End);
        module.Function("i>ii", "i", Loop(), Block(), Block(), Get(0), BrTable(0, 1, 1), End, Get(0), I32(2), Sub, Set(0), End, Get(0), I32(1), Add, Tee(0), I32(5), LtU, BrIf(0), End, Get(0), Get(1));
        module.Run("il", I32(0), I32(0), I32(8), Call(read), Set(0), I32(3), Call(4), Add, Set(0), I32(20), I64(5), Call(2), Set(1), I32(3), Get(1), At(0x37, 8),
            I32(64), I32(0), I32(32), MemoryCopy, GlobalGet(0), GlobalSet(0), I32(0), I32(16), Call(write), Drop, Get(0), Get(1), 0xa7, I32(1), Select, Drop, I32(0));
        module.Load();
        return module.Build();
    }

    private static byte[] Mutate(Random random, byte[] original)
    {
        var bytes = original.ToList();
        for (var n = random.Next(1, 3); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                case 3: bytes.RemoveAt(at); break;
                case 4: bytes[at] = bytes[random.Next(bytes.Count)]; break;
                default: bytes[at] = random.Next(3) switch { 0 => (byte)0, 1 => (byte)0xff, _ => (byte)0x7f }; break;
            }
        }

        return [.. bytes];
    }

    [Fact]
    public void The_rich_module_runs()
    {
        var outcome = new TaskRunner(ProgramLoader.Load(Rich()).Program!).RunTask(100_000, new byte[8]);
        Assert.Equal((TrapCode.None, 0, 16), (outcome.Trap, outcome.Status, outcome.Output.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_modules_give_a_program_or_an_error(int seed)
    {
        var random = new Random(seed);
        byte[][] originals = [Rich(), PrimesProgram.Wasm];
        var (programs, errors) = (0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var wasm = Mutate(random, originals[round & 1]);
            var result = ProgramLoader.Load(wasm);
            Assert.True(result.Program is null != result.Error is null);
            if (result.Program is { } program)
            {
                programs++;
                var runner = new TaskRunner(program);
                var a = runner.RunTask(5_000, new byte[20]);
                var b = runner.RunTask(5_000, new byte[20]);
                Assert.Equal((a.Status, a.Trap, a.Fuel), (b.Status, b.Trap, b.Fuel));
                Assert.NotEqual(TrapCode.Abandoned, a.Trap);
            }
            else
            {
                errors++;
                Assert.InRange(result.Error!.ByteOffset, 0, wasm.Length);
                Assert.NotEmpty(result.Error.Message);
            }
        }

        Assert.True(programs > 100 && errors > 1000, $"{programs} programs, {errors} errors: the fuzz does not reach both");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Mutated_images_are_refused_or_end(int seed)
    {
        var random = new Random(seed);
        byte[][] originals = [ProgramLoader.Load(Rich()).Program!.Image, PrimesProgram.Program.Image];
        var (run, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var original = originals[round & 1];
            var image = original.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                // Mostly in the code, at the end, where a changed word is most likely to pass the check.
                var at = random.Next(4) == 0 ? random.Next(image.Length) : image.Length - 1 - random.Next(image.Length * 3 / 4);
                image[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(image[at] + random.Next(-3, 4));
            }

            var parsed = RegisterImage.Parse(image, 0, image.Length, out var error);
            if (parsed is null)
            {
                refused++;
                Assert.NotEmpty(error);
                continue;
            }

            run++;
            var interpreter = new Interpreter(parsed);
            interpreter.Begin(new byte[20], 0, 20, [], 0, 0, 20_000);
            var turns = 0;
            while (!interpreter.Run(1000)) Assert.True(++turns < 100, "it did not use its fuel");
            Assert.InRange(interpreter.OutputCount, 0, interpreter.Output.Length);
        }

        Assert.True(run > 200 && refused > 200, $"{run} ran, {refused} were refused: the fuzz does not reach both");
    }

    [Fact]
    public void Truncated_modules_and_images_are_refused()
    {
        var wasm = Rich();
        var image = ProgramLoader.Load(wasm).Program!.Image;
        for (var count = 0; count < wasm.Length; count++) Assert.NotNull(ProgramLoader.Load(wasm.AsMemory(0, count)).Error);
        for (var count = 0; count < image.Length; count++) Assert.Null(RegisterImage.Parse(image, 0, count));
        Assert.Null(RegisterImage.Parse(image, 1, image.Length));
        Assert.Null(RegisterImage.Parse(image, -1, 10));
        byte[] shifted = [1, 2, 3, .. image, 9];
        Assert.NotNull(RegisterImage.Parse(shifted, 3, image.Length));
    }

    [Fact]
    public void An_image_that_spins_for_free_is_refused()
    {
        var program = new WasmBuilder().Run("", Loop(), Br(0), End, I32(0)).Load();
        var image = program.Image.ToArray();
        var code = image.Length - (2 * 5);
        Assert.Equal([RegisterOp.Loop, 0, 1, 0, RegisterOp.Br, 0, 0, 0, 1, 0], image[code..]);
        image[code + 8] = 0;
        Assert.Null(RegisterImage.Parse(image, 0, image.Length, out var error));
        Assert.Contains("free", error, StringComparison.Ordinal);
    }
}
