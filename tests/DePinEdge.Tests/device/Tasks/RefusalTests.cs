// What the loader refuses: code, byte offset and words. The modules are written out, so that each offset can be counted.
using DePinEdge.Tasks;
using static DePinEdge.Tests.Device.Tasks.Wasm;

namespace DePinEdge.Tests.Device.Tasks;

public class RefusalTests
{
    private static ProgramError Refuse(byte[] wasm, ProgramLimits? limits = null)
    {
        var result = ProgramLoader.Load(wasm, limits);
        Assert.Null(result.Program);
        return result.Error!;
    }

    private static void Refused(byte[] wasm, ProgramErrorCode code, int offset, string words)
    {
        var error = Refuse(wasm);
        Assert.Equal((code, offset), (error.Code, error.ByteOffset));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    // A module whose only body is given; the code section starts at byte 18 and the body's code at 23.
    private static byte[] Body(params object[] code)
    {
        byte[] body = [0, .. WasmBuilder.Code(code)];
        return [.. WasmBuilder.Header, .. WasmBuilder.Section(1, [0x60, 0, 0]), .. WasmBuilder.Section(3, [[0]]), .. WasmBuilder.Section(10, [.. WasmBuilder.Leb(body.Length), .. body])];
    }

    private static byte[] Sections(params byte[][] sections) => [.. WasmBuilder.Header, .. sections.SelectMany(s => s)];

    [Fact]
    public void Headers_are_checked()
    {
        Refused([], ProgramErrorCode.Malformed, 0, "magic");
        Refused([0, 0x61, 0x73], ProgramErrorCode.Malformed, 0, "magic");
        Refused([0, 0x61, 0x73, 0x6e, 1, 0, 0, 0], ProgramErrorCode.Malformed, 0, "magic");
        Refused([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0], ProgramErrorCode.Malformed, 4, "version");
        Refused([0, 0x61, 0x73, 0x6d, 1, 0, 0], ProgramErrorCode.Malformed, 4, "version");
        Refused(WasmBuilder.Header, ProgramErrorCode.Manifest, 8, "no custom section 'depin'");
    }

    [Fact]
    public void Sections_are_checked()
    {
        Refused(Sections([13, 0]), ProgramErrorCode.Malformed, 8, "unknown section 13");
        Refused(Sections([1, 5, 0]), ProgramErrorCode.Malformed, 9, "past the end of the file");
        Refused(Sections([1, 0x80, 0x80, 0x80, 0x80, 0x10]), ProgramErrorCode.Malformed, 9, "too large");
        Refused(Sections([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0]), ProgramErrorCode.Malformed, 9, "too long");
        Refused(Sections([1, 2, 0, 0]), ProgramErrorCode.Malformed, 11, "longer than its content");
        Refused(Sections([3, 1, 0], [1, 1, 0]), ProgramErrorCode.Malformed, 11, "out of order");
        Refused(Sections([1, 1, 0], [1, 1, 0]), ProgramErrorCode.Malformed, 11, "out of order");
        Refused(Sections([1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0]), ProgramErrorCode.Malformed, 18, "1 functions are declared");
        Refused(Sections([0, 3, 2, 0xc3, 0x28]), ProgramErrorCode.Malformed, 10, "UTF-8");
        Refused(Sections([8, 1, 0]), ProgramErrorCode.Unsupported, 10, "start function");
    }

    [Fact]
    public void Types_and_indices_are_checked()
    {
        Refused(Sections([1, 4, 1, 0x61, 0, 0]), ProgramErrorCode.Malformed, 11, "not a function type");
        Refused(Sections([1, 5, 1, 0x60, 1, 0x7d, 0]), ProgramErrorCode.Unsupported, 13, "floating point is not supported yet");
        Refused(Sections([1, 5, 1, 0x60, 1, 0x70, 0]), ProgramErrorCode.Unsupported, 13, "reference types");
        Refused(Sections([1, 5, 1, 0x60, 1, 0x7b, 0]), ProgramErrorCode.Unsupported, 13, "vectors");
        Refused(Sections([1, 5, 1, 0x60, 1, 0x11, 0]), ProgramErrorCode.Malformed, 13, "unknown value type");
        Refused(Sections([3, 2, 1, 0]), ProgramErrorCode.Invalid, 11, "unknown type 0");
        Refused(Sections([5, 3, 1, 0, 0x80]), ProgramErrorCode.Malformed, 12, "unexpected end");
        Refused(Sections([5, 4, 1, 1, 2, 1]), ProgramErrorCode.Invalid, 12, "minimum is larger");
        Refused(Sections([5, 5, 2, 0, 1, 0, 1]), ProgramErrorCode.Invalid, 10, "more than one memory");
        Refused(Sections([6, 6, 1, 0x7f, 0, 0x42, 0, 0x0b]), ProgramErrorCode.Invalid, 13, "type mismatch");
        Refused(Sections([6, 6, 1, 0x7f, 0, 0x23, 0, 0x0b]), ProgramErrorCode.Invalid, 13, "unknown global");
        Refused(Sections([6, 6, 1, 0x7f, 2, 0x41, 0, 0x0b]), ProgramErrorCode.Malformed, 12, "mutability");
        Refused(Sections([7, 5, 1, 1, 0x61, 0, 0]), ProgramErrorCode.Invalid, 14, "names nothing");
    }

    [Fact]
    public void Imports_the_host_does_not_have_are_refused()
    {
        byte[] type = [1, 4, 1, 0x60, 0, 0];
        byte[] Import(string module, string name, params byte[] rest) => WasmBuilder.Section(2, [.. WasmBuilder.Name(module), .. WasmBuilder.Name(name), .. rest]);
        Refused(Sections(type, Import("env", "print", 0, 0)), ProgramErrorCode.Import, 17, "'env.print'");
        Refused(Sections(type, Import("depin", "sense", 0, 0)), ProgramErrorCode.Import, 17, "'depin.sense'");
        Refused(Sections(type, Import("depin", "input_len", 0, 0)), ProgramErrorCode.Import, 17, "another type: it is [] -> [i32]");
        Refused(Sections(type, Import("depin", "input_len", 2, 0, 1)), ProgramErrorCode.Import, 17, "only functions");
        Refused(Sections(type, Import("depin", "input_len", 4, 0)), ProgramErrorCode.Malformed, 33, "import kind");
    }

    [Fact]
    public void Bodies_are_validated()
    {
        Refused(Body(0x43, 0, 0, 0, 0, Drop, End), ProgramErrorCode.Unsupported, 23, "floating point is not supported yet");
        Refused(Body(0x44, 0, 0, 0, 0, 0, 0, 0, 0, Drop, End), ProgramErrorCode.Unsupported, 23, "floating point is not supported yet");
        Refused(Body(Nop, 0x92, End), ProgramErrorCode.Unsupported, 24, "floating point is not supported yet");
        Refused(Body(0xfc, 0, End), ProgramErrorCode.Unsupported, 23, "floating point is not supported yet");
        Refused(Body(0xfc, 8, 0, 0, End), ProgramErrorCode.Unsupported, 23, "passive data");
        Refused(Body(0xfd, 0, End), ProgramErrorCode.Unsupported, 23, "vectors");
        Refused(Body(0x25, 0, End), ProgramErrorCode.Unsupported, 23, "table operators");
        Refused(Body(0x12, 0, End), ProgramErrorCode.Unsupported, 23, "tail calls");
        Refused(Body(0x27, End), ProgramErrorCode.Malformed, 23, "illegal opcode 0x27");
        Refused(Body(0xfc, 0x7f, End), ProgramErrorCode.Malformed, 23, "illegal opcode 0xfc7f");
        Refused(Body(Nop), ProgramErrorCode.Malformed, 24, "END opcode expected");
        Refused(Body(End, Nop), ProgramErrorCode.Malformed, 24, "behind its end");
        Refused(Body(Else, End), ProgramErrorCode.Malformed, 23, "else without if");
        Refused(Body(Drop, End), ProgramErrorCode.Invalid, 23, "an operand is missing");
        Refused(Body(I32(0), End), ProgramErrorCode.Invalid, 25, "left over");
        Refused(Body(I64(0), I32(0), Add, Drop, End), ProgramErrorCode.Invalid, 27, "i64 where i32 is expected");
        Refused(Body(Get(0), Drop, End), ProgramErrorCode.Invalid, 24, "unknown local 0");
        Refused(Body(GlobalGet(3), Drop, End), ProgramErrorCode.Invalid, 24, "unknown global 3");
        Refused(Body(Call(1), End), ProgramErrorCode.Invalid, 24, "unknown function 1");
        Refused(Body(I32(0), CallIndirect(0), End), ProgramErrorCode.Invalid, 27, "unknown table");
        Refused(Body(Br(1), End), ProgramErrorCode.Invalid, 24, "unknown label 1");
        Refused(Body(I32(0), At(0x28), Drop, End), ProgramErrorCode.Invalid, 26, "unknown memory 0");
        Refused(Body(Block(0x7f), End, Drop, End), ProgramErrorCode.Invalid, 25, "an operand is missing");
        Refused(Body(I32(0), If(0x7f), I32(1), End, Drop, End), ProgramErrorCode.Invalid, 29, "an if without else");
        Refused(Body(Block(0x7d), End, End), ProgramErrorCode.Unsupported, 24, "floating point");
        Refused(Body(Block(0x50), End, End), ProgramErrorCode.Malformed, 24, "block type");
        Refused(Body(0x41, 0x80, 0x80, 0x80, 0x80, 0x70, Drop, End), ProgramErrorCode.Malformed, 24, "too large");
        Refused(Body(Unreachable, I64(0), I32(0), Add, Drop, End), ProgramErrorCode.Invalid, 28, "i64 where i32 is expected");
    }

    [Fact]
    public void Alignment_and_immutable_globals_are_validated()
    {
        var align = new WasmBuilder();
        align.Run("", I32(0), 0x28, 3, 0);
        Assert.Contains("alignment", Refuse(align.Build()).Message, StringComparison.Ordinal);
        var global = new WasmBuilder();
        global.Global('i', false, 1);
        Assert.Contains("immutable", Refuse(global.Run("", I32(0), GlobalSet(0), I32(0)).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_abi_is_checked()
    {
        var none = new WasmBuilder();
        none.Function(">i", "", I32(0));
        var wasm = none.Build();
        Refused(wasm, ProgramErrorCode.Export, wasm.Length, "no export 'run'");
        var wrong = new WasmBuilder();
        wrong.Export("run", 0, wrong.Function("i>i", "", I32(0)));
        Assert.Equal(ProgramErrorCode.Export, Refuse(wrong.Build()).Code);
        var imported = new WasmBuilder();
        imported.Export("run", 0, imported.Import("input_len", ">i"));
        Assert.Contains("is an import", Refuse(imported.Build()).Message, StringComparison.Ordinal);
        var inTable = new WasmBuilder();
        inTable.Import("input_len", ">i");
        inTable.Table(1);
        inTable.Element(0, 0);
        Assert.Contains("host function in a table", Refuse(inTable.Run("", I32(0)).Build()).Message, StringComparison.Ordinal);
        var outside = new WasmBuilder();
        outside.Table(2);
        outside.Element(1, 0, 0);
        Assert.Contains("does not fit", Refuse(outside.Run("", I32(0)).Build()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, 252, true)]
    [InlineData(256, 253, false)]
    [InlineData(65536, 65532, true)]
    [InlineData(65536, 65533, false)]
    public void A_data_segment_must_end_inside_memory_bytes(int memory, int address, bool fits)
    {
        var module = new WasmBuilder { MemoryBytes = memory };
        module.Data(address, 1, 2, 3, 4);
        var result = ProgramLoader.Load(module.Run("", I32(address + 3), At(0x2d)).Build());
        if (!fits)
        {
            Assert.Contains($"past 'memory_bytes' {memory}", result.Error!.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(4, new TaskRunner(result.Program!).RunTask(100).Status);
        Assert.Equal((address + 4 + 255) / 256 * 256, result.Program!.Info.MemoryBytesNeeded);
    }

    [Theory]
    [InlineData(65536, true)]
    [InlineData(65536 + 256, false)]
    public void Memory_bytes_stays_inside_the_modules_first_pages(int memory, bool fits) =>
        Assert.Equal(fits, ProgramLoader.Load(new WasmBuilder { MemoryBytes = memory }.Run("", I32(0)).Build()).Error is null);

    [Fact]
    public void The_same_module_gives_the_same_image()
    {
        var wasm = PrimesProgram.Wasm;
        Assert.Equal(ProgramLoader.Load(wasm).Program!.Image, ProgramLoader.Load(wasm.ToArray()).Program!.Image);
    }

    // Each limit: the largest value passes, one more is refused as a limit.
    public static TheoryData<string> Limits =>
        ["program", "types", "imports", "functions", "params", "results", "locals", "operands", "nesting", "br_table", "globals", "exports", "table", "segments", "memory", "stack"];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Limits_hold_at_and_past_their_edge(string limit)
    {
        Assert.Null(ProgramLoader.Load(AtLimit(limit, 0, out var limits), limits).Error);
        var error = Refuse(AtLimit(limit, 1, out limits), limits);
        Assert.Equal(limit is "memory" or "stack" ? ProgramErrorCode.Manifest : ProgramErrorCode.Limit, error.Code);
    }

    private static byte[] AtLimit(string limit, int over, out ProgramLimits limits)
    {
        var module = new WasmBuilder();
        var n = 6 + over;
        var size = limit == "params" ? n : 0;
        limits = ProgramLimits.Default;
        switch (limit)
        {
            case "program":
                var wasm = module.Run("", I32(0)).Build();
                limits = limits with { ProgramBytes = wasm.Length - over };
                return wasm;
            case "types":
                limits = limits with { Types = 6 };
                for (var t = 1; t < n; t++) module.Type(new string('i', t) + ">");
                break;
            case "imports":
                limits = limits with { Imports = 6 };
                for (var t = 0; t < n; t++) module.Import("input_len", ">i");
                break;
            case "functions":
                limits = limits with { Functions = 6 };
                for (var t = 1; t < n; t++) module.Function(">", "");
                break;
            case "params":
                limits = limits with { Params = 6 };
                module.Function(new string('l', size) + ">", "");
                break;
            case "results":
                limits = limits with { Results = 6 };
                module.Function(">" + new string('i', n), "", [.. Enumerable.Repeat((object)I32(1), n)]);
                break;
            case "locals":
                limits = limits with { Locals = 6 };
                module.Function("ii>", new string('l', n - 2));
                break;
            case "operands":
                limits = limits with { Operands = 6 };
                module.Function(">", "", [.. Enumerable.Repeat((object)I32(1), n), .. Enumerable.Repeat((object)Drop, n)]);
                break;
            case "nesting":
                limits = limits with { Nesting = 6 };
                module.Function(">", "", [.. Enumerable.Repeat((object)Block(), n - 1), .. Enumerable.Repeat((object)End, n - 1)]);
                break;
            case "br_table":
                limits = limits with { BrTableTargets = 6 };
                module.Function(">", "", I32(0), BrTable(new int[n + 1]));
                break;
            case "globals":
                limits = limits with { Globals = 6 };
                for (var t = 0; t < n; t++) module.Global('i', true, t);
                break;
            case "exports":
                limits = limits with { Exports = 6 };
                for (var t = 2; t < n; t++) module.Export("x" + t, 2, 0);
                break;
            case "table":
                limits = limits with { TableElements = 6 };
                module.Table(n);
                break;
            case "segments":
                limits = limits with { Segments = 6 };
                for (var t = 0; t < n; t++) module.Data(t, 1);
                break;
            case "memory":
                limits = limits with { MemoryBytes = 512 };
                module.MemoryBytes = 512 + (256 * over);
                break;
            case "stack":
                limits = limits with { StackSlots = 100 };
                module.StackSlots = 100 + over;
                break;
            default: throw new ArgumentException(limit);
        }

        return module.Run("", I32(0)).Build();
    }

    [Fact]
    public void A_block_of_more_operators_than_a_charge_can_name_is_refused()
    {
        static byte[] Long(int operators) => new WasmBuilder().Run("", [.. Enumerable.Repeat((object)Eqz, operators).Prepend(I32(0))]).Build();
        Assert.Equal(65_535, new TaskRunner(ProgramLoader.Load(Long(65_533)).Program!).RunTask(100_000).Fuel);
        Assert.Equal(ProgramErrorCode.Limit, Refuse(Long(65_534)).Code);
    }

    [Fact]
    public void A_branch_over_too_much_code_is_refused()
    {
        static byte[] Long(int operators) =>
            new WasmBuilder().Run("i", [Block(), Get(0), BrIf(0), .. Enumerable.Range(0, operators).SelectMany(_ => (object[])[Get(0), 0x67, Set(0)]), End, I32(0)]).Build();
        Assert.Null(ProgramLoader.Load(Long(10_900)).Error);
        var error = Refuse(Long(10_930));
        Assert.Equal(ProgramErrorCode.Limit, error.Code);
        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }
}
