using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;
using DePinEdge.Tasks;

namespace DePinEdge.Simulation.Site;

/// <summary>
/// The gateway's long work, done in line: running tasks and signing. Runs are pure, so that each is done once for all seeds of a
/// process. Any thread.
/// </summary>
public static class Workshop
{
    private const int RunsKept = 200_000;

    private static readonly ConcurrentDictionary<(long Fuel, string Input), TaskOutcome> Runs = new();
    private static readonly ECDsa SiteKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The sample program that counts primes.</summary>
    public static LoadedProgram Primes { get; } = Load();

    /// <summary>One run of it on the gateway's engine.</summary>
    public static TaskOutcome Run(byte[] input, long fuelLimit)
    {
        var key = (fuelLimit, Convert.ToHexString(input));
        if (Runs.TryGetValue(key, out var known))
            return known;
        if (Runs.Count >= RunsKept)
            Runs.Clear();
        var outcome = new TaskRunner(Primes).Run(input, [], fuelLimit);
        Runs[key] = outcome;
        return outcome;
    }

    /// <summary>The answer to a request.</summary>
    public static Recomputed Answer(RecomputeAsked asked) => new(asked.Number, [.. asked.Inputs.Select(input => Run(input, asked.FuelLimit))
        .Select(outcome => new RecomputedTask(outcome.Status, outcome.Trap, outcome.Fuel, outcome.Output))]);

    /// <summary>The answer to a request; the signature is another one each time.</summary>
    public static Signed Answer(SignAsked asked)
    {
        lock (SiteKey)
            return new Signed(asked.Number, SiteKey.ExportSubjectPublicKeyInfo(), SiteKey.SignHash(asked.Head));
    }

    private static LoadedProgram Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("primes.wasm")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return ProgramLoader.Load(bytes.ToArray()).Program!;
    }
}
