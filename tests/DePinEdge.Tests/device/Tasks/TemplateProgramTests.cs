using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using DePinEdge.Gateway.Host;
using DePinEdge.Gateway.Host.Commands;
using DePinEdge.Tasks;
using DePinEdge.Tests.Gateway.Host;

namespace DePinEdge.Tests.Device.Tasks;

/// <summary>The program that `program new` writes, and its one command.</summary>
public sealed class TemplateProgramTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    // OEIS A006577: steps of 1, 2, 3, 6, 7, 9, 27 and 97; 871 takes the most below 1,000 and 837,799 the most below a million.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 7)]
    [InlineData(6, 8)]
    [InlineData(7, 16)]
    [InlineData(9, 19)]
    [InlineData(27, 111)]
    [InlineData(97, 118)]
    [InlineData(871, 178)]
    [InlineData(837_799, 524)]
    public void It_counts_the_published_steps(ulong number, uint steps) => Assert.Equal((0, steps), Run(SampleProgram.Load("template"), number, 1_000));

    [Fact]
    public void The_longest_sequence_below_a_thousand_has_178_steps() =>
        Assert.Equal(178U, Enumerable.Range(1, 999).Max(number => Run(SampleProgram.Load("template"), (ulong)number, 1_000).Steps));

    [Theory]
    [InlineData(0UL, 1_000U, 2)]
    [InlineData(1UL << 32, 31U, 3)]
    [InlineData(1UL << 32, 32U, 0)]
    [InlineData((1UL << 32) + 1, 1_000U, 2)]
    [InlineData(871UL, 177U, 3)]
    [InlineData(871UL, 178U, 0)]
    public void What_is_out_of_range_gives_a_status(ulong number, uint stepsMax, int status) =>
        Assert.Equal(status, Run(SampleProgram.Load("template"), number, stepsMax).Status);

    [Fact]
    public async Task A_new_program_is_built_by_its_own_script_and_runs()
    {
        var folder = temp.At("my-first");
        var (code, output, error) = await CliAsync("program", "new", folder);
        Assert.Equal((ExitCodes.Usage, ""), (code, output)); // a path is no name
        Assert.Contains("hint: ", error, StringComparison.Ordinal);

        (code, output, _) = await NewAsync("my-first");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains($"sh {folder}/build.sh --run --index 871", output, StringComparison.Ordinal);
        Assert.Equal(["build.sh", "depin.h", "manifest.S", "manifest.json", "my-first.c"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        (code, _, error) = await NewAsync("my-first");
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("is there already", error, StringComparison.Ordinal);
        if (!SampleProgram.CompilerIsHere)
            return;

        // DEPIN stands for the command; echo shows what it would be called with.
        var built = Shell(folder, "/bin/sh", ["build.sh", "--run", "--index", "871"], ("DEPIN", "echo"));
        Assert.Equal((0, ""), (built.Code, built.Error));
        var file = Path.Combine(folder, "my-first.wasm");
        Assert.Equal($"program check {file}\nprogram run {file} --index 871\n", built.Output);
        var program = SampleProgram.LoadBytes(File.ReadAllBytes(file));
        Assert.Equal(("my-first", "my-first.c"), (program.Manifest.Name, program.Manifest.Source));
        Assert.Equal((0, 178U), Run(program, 871, 1_000));
    }

    [Fact]
    public void A_missing_compiler_is_named_with_the_packages_to_install()
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            return;
        // A PATH with what the script needs itself, and no clang; then with a clang and no linker.
        var tools = temp.At("tools");
        Directory.CreateDirectory(tools);
        foreach (var tool in new[] { "dirname", "basename" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), SampleProgram.Output("/bin/sh", "-c", $"command -v {tool}")!.Trim());
        var script = RepositoryRoot.Of("device", "programs", "build.sh");
        var result = Shell(temp.Path, "/bin/sh", [script, "template", temp.At("out.wasm")], ("PATH", tools));
        Assert.Equal((2, "build.sh: clang is missing; on Debian, Ubuntu and Raspberry Pi OS: sudo apt install clang lld\n"), (result.Code, result.Error));
        File.CreateSymbolicLink(Path.Combine(tools, "clang"), "/bin/true");
        result = Shell(temp.Path, "/bin/sh", [script, "template", temp.At("out.wasm")], ("PATH", tools));
        Assert.Equal((2, "build.sh: wasm-ld is missing; on Debian, Ubuntu and Raspberry Pi OS: sudo apt install clang lld\n"), (result.Code, result.Error));
        Assert.False(File.Exists(temp.At("out.wasm")));
    }

    [Fact]
    public async Task A_depin_that_is_nowhere_is_named_with_what_to_set()
    {
        if (OperatingSystem.IsWindows() || !SampleProgram.CompilerIsHere)
            return;
        var folder = temp.At("my-second");
        Assert.Equal(ExitCodes.Ok, (await NewAsync("my-second")).Code);
        var tools = temp.At("tools");
        Directory.CreateDirectory(tools);
        foreach (var tool in new[] { "dirname", "basename", "mktemp", "rm", "cat", "clang", "wasm-ld" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), SampleProgram.Output("/bin/sh", "-c", $"command -v {tool}")!.Trim());
        var result = Shell(folder, "/bin/sh", ["build.sh", "--run", "--index", "871"], ("PATH", tools), ("DEPIN", ""));
        Assert.Equal((2, "build.sh: depin is not on the PATH; name it: DEPIN=/path/to/depin\n"), (result.Code, result.Error));
        File.WriteAllText(Path.Combine(tools, "depin"), "#!/bin/sh\necho called \"$@\"\n");
        File.SetUnixFileMode(Path.Combine(tools, "depin"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        result = Shell(folder, "/bin/sh", ["build.sh", "--run", "--index", "871"], ("PATH", tools), ("DEPIN", ""));
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.EndsWith("my-second.wasm --index 871\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            return;
        var result = Shell(temp.Path, "/bin/sh", [RepositoryRoot.Of("device", "programs", "build.sh"), "frob"]);
        Assert.Equal(2, result.Code);
        Assert.EndsWith("/frob/frob.c\n", result.Error, StringComparison.Ordinal);
    }

    private static (int Status, uint Steps) Run(LoadedProgram program, ulong number, uint stepsMax)
    {
        var input = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(input, number);
        Assert.True(program.Manifest.TryEncodeParameters(new Dictionary<string, ulong> { ["steps_max"] = stepsMax }, out var tail, out var error), error);
        var outcome = new TaskRunner(program).RunTask(program.Manifest.FuelMax, input, tail);
        return (outcome.Status, outcome.Output.Length == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(outcome.Output) : 0);
    }

    private Task<(int Code, string Output, string Error)> NewAsync(string name) => CliAsync("program", "new", name, "--in", temp.Path);

    private static async Task<(int Code, string Output, string Error)> CliAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RootCommands.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private static (int Code, string Output, string Error) Shell(string folder, string command, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
