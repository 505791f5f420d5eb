using System.Globalization;

namespace DePinEdge.Tests.Device.Tasks;

/// <summary>What holds for every program in device/programs.</summary>
public class SampleProgramTests
{
    public static TheoryData<string> Names => [.. SampleProgram.Names];

    // With the compiler that made the committed module, the source must still give its bytes; elsewhere the committed module must at
    // least be one that the gateway takes.
    [Theory]
    [MemberData(nameof(Names))]
    public void The_source_still_gives_the_committed_module(string name)
    {
        if (!SampleProgram.CompilerIsHere)
        {
            Assert.Equal(name, SampleProgram.Load(name).Manifest.Name);
            return;
        }
        var built = Path.Combine(Path.GetTempPath(), $"{name}-{Environment.ProcessId}.wasm");
        try
        {
            Assert.NotNull(SampleProgram.Output("/bin/sh", RepositoryRoot.Of("device", "programs", "build.sh"), name, built));
            Assert.Equal(SampleProgram.Wasm(name), File.ReadAllBytes(built));
        }
        finally
        {
            File.Delete(built);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_manifest_names_the_folder_its_source_and_the_smallest_memory(string name)
    {
        var (manifest, info) = (SampleProgram.Load(name).Manifest, SampleProgram.Load(name).Info);
        Assert.Equal((name, $"device/programs/{name}/{name}.c", "MIT"), (manifest.Name, manifest.Source, manifest.Licence));
        Assert.Equal(info.MemoryBytesNeeded, manifest.MemoryBytes);
        Assert.InRange(manifest.MemoryBytes, 256, 16_384);
        Assert.InRange(info.StackSlotsWorst ?? long.MaxValue, 1, manifest.StackSlots);
        Assert.InRange(info.WasmBytes, 1, 32_768);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_README_states_the_sizes_that_it_has(string name)
    {
        var (manifest, info) = (SampleProgram.Load(name).Manifest, SampleProgram.Load(name).Info);
        var row = Assert.Single(Tidy.MarkdownTable.Rows(File.ReadAllText(SampleProgram.File(name, "README.md")), "| fuel a task | module | image | memory |"));
        Assert.Equal(new[] { info.WasmBytes, info.ImageBytes, manifest.MemoryBytes }.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n:N0} bytes")), row[1..]);
    }

    [Fact]
    public void Every_program_stands_in_the_table()
    {
        var listed = Tidy.MarkdownTable.Rows(File.ReadAllText(RepositoryRoot.Of("device", "programs", "README.md")), "| Program | What a task does | A job's answer |");
        Assert.Equal(SampleProgram.Names, listed.Select(row => row[0].Trim().TrimStart('[').Split(']')[0]).Order(StringComparer.Ordinal));
        foreach (var name in SampleProgram.Names)
            Assert.True(File.Exists(SampleProgram.File(name, "README.md")), $"{name} has no README.md");
    }
}
