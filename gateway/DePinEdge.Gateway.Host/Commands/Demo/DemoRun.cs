// The demo, step by step: gateway, boards, program, credits, job, checks. Everything is the real thing but the boards' hardware.
using System.Diagnostics;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Simulator;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// One run of the demo. It owns the gateway and the fleet it starts and ends both.
/// </summary>
internal sealed class DemoRun(DemoOptions options, DemoScreen screen, TimeProvider time)
{
    private const string Requester = "demo";

    /// <summary>Micro-credits per million fuel: about ten credits for the primes below a million.</summary>
    private const long PriceMicro = 400_000;

    /// <summary>Longest time for all boards to come online, beyond 1 s for every 20 boards.</summary>
    private static readonly TimeSpan BoardsWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly long started = time.GetTimestamp();

    /// <summary>
    /// Runs the demo. With <paramref name="afterwards"/>, boards and gateway go on until that task ends.
    /// Throws <see cref="DemoException"/> and <see cref="HostException"/> for what a person can do something about.
    /// </summary>
    public async Task<DemoResult> RunAsync(Func<DemoResult, Task>? afterwards, CancellationToken cancel)
    {
        var folder = options.Data is { } kept ? Path.GetFullPath(kept) : Directory.CreateTempSubdirectory("depin-demo-").FullName;
        try
        {
            await using var host = await GatewayHost.StartAsync(HostOptions(folder), cancel);
            var kept2 = options.Data is null ? "a fresh directory (--data DIR keeps it)" : folder;
            screen.Line($"DePinEdge gateway {DemoCommand.Version}   http://127.0.0.1:{host.HttpPort}   mqtt://127.0.0.1:{host.MqttPort}   data: {kept2}");
            var desk = new DemoDesk(host);
            var boards = new DemoBoards(Path.Combine(folder, "boards"), options.Boards, options.Seed);
            var known = (await desk.DevicesAsync(cancel)).Select(d => d.Id).ToHashSet();
            var specs = await boards.SpecsAsync(known, name => desk.InviteAsync(name, cancel));
            await using var fleet = new SimulatedFleet(FleetOptions(host.MqttPort), specs);
            fleet.Start();
            var (online, units) = await BoardsOnlineAsync(fleet, desk, cancel);
            screen.Line($"  devices {online}/{options.Boards} online ({boards.Kinds}: simulated boards, real agent) -> {units.Count} compute units");

            var result = await JobAsync(host, desk, fleet, units, folder, cancel);
            Tell(result);
            if (afterwards is not null)
                await afterwards(result);
            await fleet.StopAsync();
            return result;
        }
        finally
        {
            if (options.Data is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private GatewayHostOptions HostOptions(string folder) => new()
    {
        DataFolder = folder,
        MqttPort = options.MqttPort,
        HttpPort = options.HttpPort,
        Clock = time,
        // All boards join from one address within a moment, which an operator's gateway has reason to slow down.
        Gateway = new GatewayOptions { JoinAttemptsPerAddress = Math.Max(600, 8 * options.Boards), ReportIntervalMs = 5_000 },
    };

    private FleetOptions FleetOptions(int port) => new() { Port = port, Pace = options.PaceInForce, PlaceSeed = options.Seed, Time = time };

    private async Task<(int Online, IReadOnlyList<UnitView> Units)> BoardsOnlineAsync(SimulatedFleet fleet, DemoDesk desk, CancellationToken cancel)
    {
        var wait = BoardsWait + TimeSpan.FromSeconds(options.Boards / 20);
        var began = time.GetTimestamp();
        while (true)
        {
            var counters = await desk.CountersAsync(cancel);
            if (counters.DevicesOnline >= options.Boards)
                return (counters.DevicesOnline, await desk.UnitsAsync(cancel));
            if (fleet.Boards.FirstOrDefault(b => b.Stopped) is { } refused)
                throw new DemoException($"the board {refused.Spec.Name} was refused: {refused.Counters.LastRefusal}");
            if (time.GetElapsedTime(began) > wait)
            {
                var absent = fleet.Boards.Where(b => !b.Counters.Online).Select(b => $"{b.Spec.Name} ({Reason(b)})").ToList();
                throw new DemoException($"{counters.DevicesOnline} of {options.Boards} boards came online in {wait.TotalSeconds:0} s; absent: {string.Join(", ", absent.Take(5))}");
            }

            await Task.Delay(PollInterval, time, cancel);
        }

        static string Reason(SimulatedBoard board) => board.Counters.LastRefusal is { Length: > 0 } word ? word : "no answer";
    }

    private async Task<DemoResult> JobAsync(
        GatewayHost host, DemoDesk desk, SimulatedFleet fleet, IReadOnlyList<UnitView> units, string folder, CancellationToken cancel)
    {
        var program = PrimesProgram.Load();
        var tail = program.Tail(options.Limit, options.Width);
        var sample = program.Sample(options.TaskCount, tail);
        var loaded = program.Loaded;
        var hash = new ProgramHash(loaded.HashHex);
        await desk.AddProgramAsync(
            new ProgramOffered(
                hash, loaded.Manifest.Name, loaded.Manifest.Version, loaded.Wasm, loaded.Image, loaded.Manifest.MemoryBytes, loaded.Manifest.FuelMax, 0,
                OutputKind.U32, Reduction.Sum),
            cancel);

        // Twice the dearest sampled task bounds a task; what is not used of the escrow comes back when the job ends.
        var fuelLimit = Math.Min(2 * sample.MostFuel, loaded.Manifest.FuelMax);
        var fuelPerSecond = units.Sum(u => u.FuelPerSecond);
        var estimateSeconds = (double)sample.MeanFuel * options.TaskCount / fuelPerSecond;
        var estimateMicro = Reward.Micro(sample.MeanFuel, PriceMicro, 1_000_000, 1_000_000) * options.TaskCount;
        var escrowMicro = Reward.Micro(fuelLimit, PriceMicro, 1_000_000, 1_500_000) * options.TaskCount;
        await desk.IssueAsync(Requester, escrowMicro, cancel);
        var title = $"primes below {options.Limit}";
        screen.Line($"  job     {title}  {options.TaskCount} tasks  estimate {DemoScreen.Duration(estimateSeconds)} at the boards' own pace{(options.PaceInForce == Pace.None ? " (they run flat out)" : "")}  {DemoScreen.Credits(estimateMicro)} credits");

        var submitted = time.GetTimestamp();
        var job = await desk.SubmitAsync(
            new JobAsked(Requester, "", title, hash, true, 0, options.TaskCount, [], tail, fuelLimit, PriceMicro, escrowMicro), cancel);
        while (true)
        {
            screen.Bar.Show(job.Done + job.Failed, job.Total, job.TasksPerSecond, job.EtaSeconds, job.Retried, job.RefusedResults);
            if (job.State != "running")
                break;
            if (host.Completion.IsCompleted)
                throw new DemoException($"the gateway stopped with exit code {await host.Completion} while the job ran");
            await Task.Delay(PollInterval, time, cancel);
            job = await desk.JobAsync(job.Id, cancel);
        }

        screen.Bar.End();
        var jobSeconds = time.GetElapsedTime(submitted).TotalSeconds;
        return await CheckAsync(desk, fleet, job, jobSeconds, folder, cancel);
    }

    private async Task<DemoResult> CheckAsync(DemoDesk desk, SimulatedFleet fleet, JobView job, double jobSeconds, string folder, CancellationToken cancel)
    {
        var counters = await desk.CountersAsync(cancel);
        await desk.SealAsync(cancel);
        var ledger = await desk.LedgerAsync(cancel);
        for (var i = 0; !ledger.EpochSigned && i < 50; i++)
        {
            await Task.Delay(PollInterval, time, cancel);
            ledger = await desk.LedgerAsync(cancel);
        }

        var (report, stored) = await Task.Run(() => ReadLedger(folder, job, ledger), cancel);
        var expected = PrimeCount.Published(options.Limit) ?? PrimeCount.Sieve(options.Limit);
        long? answer = long.TryParse(job.Answer, out var sum) ? sum : null;
        var result = new DemoResult
        {
            Devices = counters.DevicesOnline,
            Units = counters.Units,
            Jobs = 1,
            TasksTotal = job.Total,
            TasksOk = job.Done,
            RecomputedEqual = job.RecomputedEqual,
            FalseSent = 0,
            FalseRefused = stored.False,
            Late = counters.LateResults,
            Duplicates = counters.DuplicateReports,
            CreditsPostedMicro = stored.PostedMicro,
            CreditsChargedMicro = stored.ChargedMicro,
            Chain = report.Ok ? "verified" : "broken",
            AnswersMatch = answer == expected,
            Seconds = Math.Round(time.GetElapsedTime(started).TotalSeconds, 3),
            Limit = options.Limit,
            Answer = answer,
            Expected = expected,
            Retried = job.Retried,
            Records = report.Records,
            Fuel = job.FuelUsed,
            JobSeconds = Math.Round(jobSeconds, 3),
            Broken = [],
        };
        return result with { Broken = [.. DemoInvariants.Broken(result, job, stored, ledger, report, options.Boards, fleet.Counters())] };
    }

    private static (VerifyReport Report, JobInLedger Job) ReadLedger(string folder, JobView job, LedgerView ledger)
    {
        if (!JobId.TryParse(job.Id, out var id))
            throw new UnreachableException($"the gateway named a job {job.Id}");
        using var file = TurnFile.Open(DataFolder.At(folder));
        return (LedgerVerifier.Verify(file.ReadAll(), [ledger.Head]), JobInLedger.Read(file.ReadAll(), id));
    }

    private void Tell(DemoResult result)
    {
        var source = PrimeCount.Published(options.Limit) is null ? "as a sieve on this machine counts" : "as published";
        var answer = result.AnswersMatch ? $"{result.Answer} {source}" : $"{result.Answer?.ToString() ?? "none"}, but {result.Expected} {source}";
        screen.Line($"  done    {result.TasksOk} ok in {DemoScreen.Duration(result.JobSeconds)}; recomputed {result.RecomputedEqual}/{result.TasksTotal} equal; primes below {options.Limit}: {answer}; posted {DemoScreen.Credits(result.CreditsPostedMicro)} {(result.CreditsPostedMicro == result.CreditsChargedMicro ? "=" : "but")} charged {DemoScreen.Credits(result.CreditsChargedMicro)}; chain {result.Chain} ({result.Records} records)");
        foreach (var sentence in result.Broken)
            screen.Line($"  BROKEN  {sentence}");
    }
}
