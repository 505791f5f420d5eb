using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DePinEdge.Simulation;

/// <summary>
/// <c>--seeds A..B</c> runs those seeds (B too) on all processors and prints a JSON line at the end; <c>--seed N [--trace]</c> runs one.
/// Exit code 1 when anything failed, 2 when the arguments are not understood.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args is ["--seed", var one, ..] && ulong.TryParse(one, out var seed) && (args.Length == 2 || args is [_, _, "--trace"]))
            return One(seed, args.Length == 3);
        if (args is ["--seeds", var range] && range.Split("..") is [var first, var last] && ulong.TryParse(first, out var from) && ulong.TryParse(last, out var to) && from <= to)
            return Many(from, to);
        Console.Error.WriteLine("usage: --seeds A..B | --seed N [--trace]");
        return 2;
    }

    private static int One(ulong seed, bool traced)
    {
        using var lines = traced ? new StreamWriter(Console.OpenStandardOutput()) : null;
        Console.Error.WriteLine(Plans.PlanMaker.Make(seed));
        var result = World.Run(seed, lines);
        lines?.Flush();
        Console.WriteLine(result.Ok ? $"seed {seed}: ok" : $"seed {seed}: {result.Failure}");
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            seed,
            ok = result.Ok,
            tasks = result.Tasks,
            refused = result.Refused,
            false_accepted = result.FalseAccepted,
            simulated_ms = result.SimulatedMs,
            trace = result.TraceHash,
        }));
        return result.Ok ? 0 : 1;
    }

    private static int Many(ulong from, ulong to)
    {
        var failed = new SortedDictionary<ulong, string>();
        long tasks = 0, refused = 0, falseAccepted = 0, simulatedMs = 0;
        var seen = new Mechanisms();
        var clock = Stopwatch.StartNew();
        Parallel.For((long)from, (long)to + 1, seed =>
        {
            var result = World.Run((ulong)seed);
            lock (failed)
            {
                seen.Add(result.Seen);
                tasks += result.Tasks;
                refused += result.Refused;
                falseAccepted += result.FalseAccepted;
                simulatedMs += result.SimulatedMs;
                if (result.Ok)
                    return;
                failed.Add(result.Seed, result.Failure);
                Console.WriteLine($"seed {result.Seed}: {result.Failure}");
            }
        });
        var seeds = to - from + 1;
        Console.WriteLine(string.Join("; ", seen.Counts.Select(count => $"{count.Key} {count.Value}")));
        Console.WriteLine($"{seeds} seeds in {clock.Elapsed.TotalSeconds:0.0} s, {clock.Elapsed.TotalMilliseconds / seeds:0.0} ms each; {simulatedMs / 1_000 / 3_600.0:0.0} simulated hours, {refused} results refused");
        Console.WriteLine(JsonSerializer.Serialize(new { seeds, failed = failed.Keys.ToArray(), tasks, false_accepted = falseAccepted }));
        return failed.Count == 0 ? 0 : 1;
    }
}
