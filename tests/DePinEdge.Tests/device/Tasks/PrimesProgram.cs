using System.Buffers.Binary;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Tasks;

/// <summary>The committed sample program primes, loaded once, and its plain C# twin.</summary>
internal static class PrimesProgram
{
    public static byte[] Wasm { get; } = File.ReadAllBytes(RepositoryRoot.Of("device", "programs", "primes", "primes.wasm"));

    public static LoadedProgram Program { get; } = Load();

    public static (byte[] Input, byte[] Tail) Input(ulong index, uint width, ulong limit)
    {
        var input = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(input, index);
        Assert.True(Program.Manifest.TryEncodeParameters(new Dictionary<string, ulong> { ["width"] = width, ["limit"] = limit }, out var tail, out var error), error);
        return (input, tail);
    }

    public static TaskOutcome Run(ulong index, uint width, ulong limit, TaskRunner? runner = null)
    {
        var (input, tail) = Input(index, width, limit);
        return (runner ?? new TaskRunner(Program)).RunTask(100_000_000, input, tail);
    }

    public static uint Count(TaskOutcome outcome) => BinaryPrimitives.ReadUInt32LittleEndian(outcome.Output);

    /// <summary>primes[n] is true when n is prime: the sieve of Eratosthenes as everybody knows it.</summary>
    public static bool[] Sieve(int below)
    {
        var primes = new bool[below];
        Array.Fill(primes, true, 2, below - 2);
        for (var p = 2; p * p < below; p++)
            for (var k = p * p; primes[p] && k < below; k += p) primes[k] = false;
        return primes;
    }

    private static LoadedProgram Load()
    {
        var result = ProgramLoader.Load(Wasm);
        return result.Program ?? throw new InvalidOperationException(result.Error!.ToString());
    }
}
