// The program the demo runs, as it was built into this executable.
using System.Reflection;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// device/programs/primes: task i counts the primes in [i * width, (i + 1) * width) below the limit. It enters the gateway as any
/// other program does: as bytes that are decoded, validated and lowered there.
/// </summary>
internal static class PrimesProgram
{
    private const string Resource = "programs.primes.wasm";

    /// <summary>The module's bytes.</summary>
    public static byte[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the resource {Resource} is missing from this build");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The job's parameters by the names of the program's manifest.</summary>
    public static Dictionary<string, ulong> Parameters(long limit, long width) => new() { ["width"] = (ulong)width, ["limit"] = (ulong)limit };
}
