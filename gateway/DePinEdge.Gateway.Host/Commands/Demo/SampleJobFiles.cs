// The sample programs and their input as they were built into this executable.
using System.Reflection;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// Files of device/programs. They enter the gateway as anybody's would: a module as bytes that are decoded, validated and lowered there,
/// input as the inputs of a job.
/// </summary>
internal static class SampleJobFiles
{
    /// <summary>The bytes of a file, named by its name alone: <c>primes.wasm</c>.</summary>
    public static byte[] Read(string file)
    {
        var resource = "programs." + file;
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the resource {resource} is missing from this build");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The module of a program.</summary>
    public static byte[] Wasm(string program) => Read(program + ".wasm");
}
