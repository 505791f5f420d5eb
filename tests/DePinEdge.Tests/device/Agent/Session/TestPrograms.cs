// Small real programs, assembled here byte by byte and lowered by the production loader.
using System.Text;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Agent.Session;

internal static class TestPrograms
{
    /// <summary>Writes its input (tail included) back as output. The number makes it another program of the same meaning; padding bytes of data make its image larger.</summary>
    public static LoadedProgram Echo(int number = 0, int padding = 0, int memoryBytes = 16384)
    {
        byte[] wasm =
        [
            0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0,
            // Types: () -> i32, (i32, i32, i32) -> i32, (i32, i32) -> i32.
            .. Section(1, [3, 0x60, 0, 1, 0x7f, 0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]),
            .. Section(2, [2, .. Name("depin"), .. Name("input_read"), 0, 1, .. Name("depin"), .. Name("output_write"), 0, 2]),
            .. Section(3, [1, 0]),
            .. Section(5, [1, 0, 1]),
            .. Section(7, [2, .. Name("memory"), 2, 0, .. Name("run"), 0, 2]),
            // output_write(0, input_read(0, 0, 1024)); return 0
            .. Section(10, [1, .. Sized([0, 0x41, .. Leb(number), 0x1a, 0x41, 0, 0x41, 0, 0x41, 0, 0x41, 0x80, 0x08, 0x10, 0, 0x10, 1, 0x1a, 0x41, 0, 0x0b])]),
            .. padding == 0 ? [] : Section(11, [1, 0, 0x41, 0x80, 0x10, 0x0b, .. Sized(Noise(padding))]),
            .. Section(0, [.. Name("depin"), .. Manifest("echo", memoryBytes)]),
        ];
        return Load(wasm);
    }

    /// <summary>Runs until its fuel is used up.</summary>
    public static LoadedProgram Endless() => Load(
    [
        0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0,
        .. Section(1, [1, 0x60, 0, 1, 0x7f]),
        .. Section(3, [1, 0]),
        .. Section(5, [1, 0, 1]),
        .. Section(7, [2, .. Name("memory"), 2, 0, .. Name("run"), 0, 0]),
        // loop: local 0 += 1; br 0
        .. Section(10, [1, .. Sized([1, 1, 0x7f, 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6a, 0x21, 0, 0x0c, 0, 0x0b, 0x00, 0x0b])]),
        .. Section(0, [.. Name("depin"), .. Manifest("endless", 256)]),
    ]);

    public static LoadedProgram Primes() => Load(File.ReadAllBytes(RepositoryRoot.Of("device", "programs", "primes", "primes.wasm")));

    private static LoadedProgram Load(byte[] wasm)
    {
        var result = ProgramLoader.Load(wasm);
        Assert.True(result.Program is not null, result.Error?.ToString());
        return result.Program;
    }

    private static byte[] Manifest(string name, int memoryBytes) => Encoding.UTF8.GetBytes(
        $$"""
        {"abi":1,"name":"{{name}}","version":"1","summary":"for tests","memory_bytes":{{memoryBytes}},"stack_slots":64,"fuel_max":100000000,
        "capabilities":[],"input":"bytes","output":"bytes","reduce":"none","params":[],"source":"tests","licence":"MIT"}
        """);

    private static byte[] Noise(int count)
    {
        var noise = new byte[count];
        new Random(count).NextBytes(noise);
        return noise;
    }

    private static byte[] Section(byte id, byte[] content) => [id, .. Sized(content)];

    private static byte[] Sized(byte[] content) => [.. Leb(content.Length), .. content];

    private static byte[] Name(string name) => [(byte)name.Length, .. Encoding.ASCII.GetBytes(name)];

    // Small enough for the signed and the unsigned form to be the same when the last byte is below 0x40.
    private static byte[] Leb(int value)
    {
        var bytes = new List<byte>();
        while (value >= 0x40)
        {
            bytes.Add((byte)(value & 0x7f | 0x80));
            value >>= 7;
        }
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
