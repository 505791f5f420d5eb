// The program the demo runs, as it was built into this executable.
using System.Buffers.Binary;
using System.Reflection;
using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// device/programs/primes: task i counts the primes in [i * width, (i + 1) * width) below the limit. Inputs, parameters and output as
/// its manifest says.
/// </summary>
internal sealed class PrimesProgram
{
    private const string Resource = "programs.primes.wasm";

    private PrimesProgram(LoadedProgram loaded) => Loaded = loaded;

    /// <summary>The program, decoded, validated and lowered.</summary>
    public LoadedProgram Loaded { get; }

    /// <summary>Takes the program from this executable and checks it as any other program is checked.</summary>
    public static PrimesProgram Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the resource {Resource} is missing from this build");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var result = ProgramLoader.Load(bytes);
        return result.Program is { } program
            ? new PrimesProgram(program)
            : throw new InvalidOperationException($"the resource {Resource} is no program: {result.Error}");
    }

    /// <summary>The parameters as every task's input tail.</summary>
    public byte[] Tail(long limit, long width)
    {
        var values = new Dictionary<string, ulong> { ["width"] = (ulong)width, ["limit"] = (ulong)limit };
        return Loaded.Manifest.TryEncodeParameters(values, out var tail, out var error)
            ? tail
            : throw new DemoException($"the program primes does not take these parameters: {error}");
    }

    /// <summary>Runs some of the job's tasks, spread evenly, on this machine: what the whole job will cost follows from them.</summary>
    public FuelSample Sample(long taskCount, byte[] tail)
    {
        const int samples = 16;
        var runner = new TaskRunner(Loaded);
        var input = new byte[8];
        long sum = 0, most = 0;
        var runs = (int)Math.Min(samples, taskCount);
        for (var i = 0; i < runs; i++)
        {
            // The first and the last task are among them.
            var task = runs == 1 ? 0 : i * (taskCount - 1) / (runs - 1);
            BinaryPrimitives.WriteInt64LittleEndian(input, task);
            var outcome = runner.Run(input, tail, Loaded.Manifest.FuelMax);
            if (outcome.Trap != 0 || outcome.Status != 0)
                throw new DemoException(
                    $"task {task} of the job ends with status {outcome.Status}, trap {Agent.Tasks.TrapCode.Name(outcome.Trap)}",
                    "give more tasks with --tasks, so that each is smaller");
            sum += outcome.Fuel;
            most = Math.Max(most, outcome.Fuel);
        }

        return new FuelSample(sum / runs, most);
    }
}

/// <summary>What sampled tasks cost.</summary>
/// <param name="MeanFuel">Mean fuel of a task.</param>
/// <param name="MostFuel">The most that one of them used.</param>
internal readonly record struct FuelSample(long MeanFuel, long MostFuel);
