using System.Diagnostics;
using System.Runtime.InteropServices;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Tasks;

/// <summary>The committed sample programs by name, each loaded once, and the compiler that made them where it is installed.</summary>
internal static class SampleProgram
{
    private static readonly Dictionary<string, LoadedProgram> Programs = [];

    /// <summary>Every folder of device/programs: each is a program.</summary>
    public static string[] Names { get; } =
        [.. Directory.GetDirectories(RepositoryRoot.Of("device", "programs")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    /// <summary>True where the compiler is installed that gave the committed bytes.</summary>
    public static bool CompilerIsHere { get; } = !RuntimeInformation.IsOSPlatform(OSPlatform.Windows) &&
        Output("clang", "--version")?.Contains(" version 14.", StringComparison.Ordinal) == true &&
        Output("wasm-ld", "--version")?.Contains("LLD 14.", StringComparison.Ordinal) == true;

    public static string File(string name, string file) => RepositoryRoot.Of("device", "programs", name, file);

    public static byte[] Wasm(string name) => System.IO.File.ReadAllBytes(File(name, name + ".wasm"));

    public static LoadedProgram Load(string name)
    {
        lock (Programs)
            return Programs.TryGetValue(name, out var program) ? program : Programs[name] = LoadBytes(Wasm(name));
    }

    public static LoadedProgram LoadBytes(byte[] wasm)
    {
        var result = ProgramLoader.Load(wasm);
        return result.Program ?? throw new InvalidOperationException(result.Error!.ToString());
    }

    /// <summary>What a command prints; null when it is not there or fails.</summary>
    public static string? Output(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            var text = process!.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
