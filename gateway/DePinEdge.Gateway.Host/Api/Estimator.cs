using System.Buffers.Binary;
using System.Numerics;
using DePinEdge.Agent.Tasks;
using DePinEdge.Gateway.Flow;
using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>
/// Says what a job would cost by running a few of its tasks, evenly spread, on the gateway's own engine. Two estimates run at once;
/// others wait, as this is work on the caller's behalf and must not starve the recomputation of results.
/// </summary>
internal sealed class Estimator(ApiContext context, SemaphoreSlim room)
{
    /// <summary>Estimates that run at once.</summary>
    public const int RoomFor = 2;

    /// <summary>Tasks run for one estimate.</summary>
    public const int SamplesMax = 8;

    public async Task<IResult> EstimateAsync(JobAsked asked, CancellationToken cancel)
    {
        await room.WaitAsync(cancel);
        try
        {
            var program = context.Programs.Find(asked.Program)!;
            var fuelLimit = asked.FuelLimit > 0 ? Math.Min(asked.FuelLimit, program.Manifest.FuelMax) : program.Manifest.FuelMax;
            var outcomes = await Task.Run(() => Run(program, asked, fuelLimit, cancel), cancel);
            var units = await context.AskAsync((core, _) => core.Views.Units(), cancel);
            return Results.Json(View(program, asked, fuelLimit, outcomes, units), ApiJson.Default.EstimateView);
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>Evenly spread indices of at most <see cref="SamplesMax"/> tasks, the first and the last among them.</summary>
    internal static long[] Sample(long count)
    {
        var n = (int)Math.Min(count, SamplesMax);
        var indices = new long[n];
        for (var i = 0; i < n; i++)
            indices[i] = n == 1 ? 0 : (long)((Int128)(count - 1) * i / (n - 1));
        return indices;
    }

    private static long Count(JobAsked asked) => asked.IsRange ? asked.RangeTo - asked.RangeFrom : asked.Inputs.Length;

    private static List<(long Task, TaskOutcome Outcome)> Run(LoadedProgram program, JobAsked asked, long fuelLimit, CancellationToken cancel)
    {
        var runner = new TaskRunner(program);
        var outcomes = new List<(long, TaskOutcome)>();
        var index = new byte[8];
        foreach (var task in Sample(Count(asked)))
        {
            BinaryPrimitives.WriteInt64LittleEndian(index, asked.RangeFrom + task);
            outcomes.Add((task, runner.Run(asked.IsRange ? index : asked.Inputs[task], asked.Tail, fuelLimit, cancel)));
        }
        return outcomes;
    }

    private static EstimateView View(
        LoadedProgram program, JobAsked asked, long fuelLimit, List<(long Task, TaskOutcome Outcome)> outcomes, IReadOnlyList<UnitView> units)
    {
        var tasks = Count(asked);
        var fuels = outcomes.Select(o => o.Outcome.Fuel).ToList();
        var mean = fuels.Count == 0 ? 0 : (long)fuels.Average();
        var total = Clamp((BigInteger)mean * tasks);
        var rate = units.Where(u => u.Online > 0).Sum(u => u.FuelPerSecond);
        return new EstimateView(
            program.HashHex, program.Manifest.Name, tasks, fuels.Count, fuels.DefaultIfEmpty().Min(), mean, fuels.DefaultIfEmpty().Max(), total,
            asked.PriceMicro, Clamp((BigInteger)total * asked.PriceMicro / 1_000_000), Clamp((BigInteger)fuelLimit * tasks * asked.PriceMicro / 1_000_000),
            rate > 0 ? (double)total / rate : null,
            [.. outcomes.Where(o => o.Outcome.Trap != 0 || o.Outcome.Status != 0).Select(Trouble)]);
    }

    private static string Trouble((long Task, TaskOutcome Outcome) ran) => ran.Outcome.Trap != 0
        ? $"task {ran.Task} traps: {TrapCode.Name(ran.Outcome.Trap)}"
        : $"task {ran.Task} returns status {ran.Outcome.Status}";

    private static long Clamp(BigInteger value) => (long)BigInteger.Min(value, long.MaxValue);
}
