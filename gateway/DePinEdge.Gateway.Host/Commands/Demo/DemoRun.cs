// The demo, step by step: gateway, boards, program, credits, job, checks. Everything is the real thing but the boards' hardware, and
// everything the API has is asked through the API, as anybody else would.
using DePinEdge.Client;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Simulator;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>One run of the demo. It owns the gateway and the fleet it starts, and ends both.</summary>
internal sealed class DemoRun(DemoOptions options, DemoScreen screen, TimeProvider time)
{
    private const string Requester = "demo";

    /// <summary>Micro-credits per million fuel: about ten credits for the primes below a million.</summary>
    private const long PriceMicro = 200_000;

    /// <summary>Join codes asked for at once.</summary>
    private const int InvitesAtOnce = 16;

    /// <summary>Longest time for all boards to come online, beyond 1 s for every 20 boards.</summary>
    private static readonly TimeSpan BoardsWait = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for the signature under the sealed epoch.</summary>
    private static readonly TimeSpan SignatureWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly long started = time.GetTimestamp();

    /// <summary>
    /// Runs the demo. With <paramref name="afterwards"/>, boards and gateway go on until that task ends.
    /// Throws <see cref="HostException"/> and <see cref="DepinException"/> for what a person can do something about.
    /// </summary>
    public async Task<DemoResult> RunAsync(Func<DemoResult, Task>? afterwards, CancellationToken cancel)
    {
        var folder = options.Data is { } kept ? Path.GetFullPath(kept) : Directory.CreateTempSubdirectory("depin-demo-").FullName;
        try
        {
            await using var host = await GatewayHost.StartAsync(HostOptions(folder), cancel);
            using var client = new DepinClient(new Uri($"http://127.0.0.1:{host.HttpPort}/"), host.Token);
            var data = options.Data is null ? "a fresh directory (--data DIR keeps it)" : folder;
            screen.Line($"DePinEdge gateway {GatewayViews.Version}   http://127.0.0.1:{host.HttpPort}   mqtt://127.0.0.1:{host.MqttPort}   data: {data}");

            var boards = new DemoBoards(Path.Combine(folder, "boards"), options.Boards, options.Seed);
            var known = (await client.DevicesAsync(cancel)).Select(device => device.Id).ToHashSet();
            var specs = await boards.SpecsAsync(known, async name => (await client.InviteAsync(name, cancel: cancel)).JoinCode, InvitesAtOnce);
            await using var fleet = new SimulatedFleet(FleetOptions(host.MqttPort), specs);
            fleet.Start();
            var online = await BoardsOnlineAsync(fleet, client, cancel);
            var units = await client.UnitsAsync(cancel);
            screen.Line($"  devices {online}/{options.Boards} online ({boards.Kinds}: simulated boards, real agent) -> {units.Count} compute units");

            var (job, jobSeconds) = await RunJobAsync(host, client, cancel);
            var result = await CheckAsync(host, client, fleet, job, jobSeconds, folder, cancel);
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

    /// <summary>Waits until the gateway sees every board of the fleet; how many it sees.</summary>
    private async Task<int> BoardsOnlineAsync(SimulatedFleet fleet, DepinClient client, CancellationToken cancel)
    {
        var wait = BoardsWait + TimeSpan.FromSeconds(options.Boards / 20);
        var began = time.GetTimestamp();
        while (true)
        {
            var online = (await client.DevicesAsync(cancel)).Count(device => device.Online);
            if (online >= options.Boards)
                return online;
            if (fleet.Boards.FirstOrDefault(board => board.Stopped) is { } gone)
                throw new HostException($"the board {gone.Spec.Name} was refused: {gone.Counters.LastRefusal}", "a fresh data folder gives fresh boards");
            if (time.GetElapsedTime(began) > wait)
            {
                var absent = fleet.Boards.Where(board => !board.Counters.Online).Take(5).Select(board => $"{board.Spec.Name} ({Reason(board)})");
                throw new HostException(
                    $"{online} of {options.Boards} boards came online in {wait.TotalSeconds:0} s; absent: {string.Join(", ", absent)}",
                    "fewer boards (--boards) need less of this machine");
            }

            await Task.Delay(LookEvery, time, cancel);
        }

        static string Reason(SimulatedBoard board) => board.Counters.LastRefusal is { Length: > 0 } word ? word : "no answer";
    }

    private async Task<(Job Job, double Seconds)> RunJobAsync(GatewayHost host, DepinClient client, CancellationToken cancel)
    {
        var program = await client.AddProgramAsync(PrimesProgram.Read(), cancel);
        var submission = new JobSubmission
        {
            Program = program.Hash,
            Requester = Requester,
            Title = FormattableString.Invariant($"primes below {options.Limit}"),
            Range = new JobRange(0, options.TaskCount),
            Params = PrimesProgram.Parameters(options.Limit, options.Width),
            PriceMicro = PriceMicro,
        };
        var estimate = await client.EstimateAsync(submission, cancel);
        if (estimate.Problems.Count > 0)
            throw new HostException($"the job cannot be run: {estimate.Problems[0]}", "give more tasks with --tasks, so that each is smaller");
        var pace = options.PaceInForce == Pace.None ? " at the boards' own pace (they run flat out)" : "";
        screen.Line($"  job     {submission.Title}  {estimate.Tasks} tasks  estimate {DemoScreen.Duration(estimate.Seconds)}{pace}  {DemoScreen.Credits(estimate.CreditsMicro)} credits");

        // Twice the dearest sampled task bounds a task. The reserve covers the bonus for early results; what is not used comes back.
        submission = submission with { FuelLimit = Math.Min(2 * estimate.FuelMax, program.FuelMax) };
        await client.IssueAsync(Requester, checked(Reward.ReservationMicro(submission.FuelLimit, PriceMicro, 1) * estimate.Tasks), cancel);
        var submitted = time.GetTimestamp();
        var job = await client.SubmitAsync(submission, null, cancel);
        while (!job.Ended)
        {
            screen.Bar.Show(job.Done + job.Failed, job.Total, job.TasksPerSecond, job.EtaSeconds, job.Retried, job.RefusedResults);
            if (host.Completion.IsCompleted)
                throw new HostException("the gateway stopped while the job ran", "see its log", await host.Completion);
            await Task.Delay(LookEvery, time, cancel);
            job = await client.JobAsync(job.Id, 0, cancel);
        }

        var seconds = time.GetElapsedTime(submitted).TotalSeconds;
        screen.Bar.Show(job.Done + job.Failed, job.Total, job.Total / seconds, 0, job.Retried, job.RefusedResults);
        screen.Bar.End();
        return (job, seconds);
    }

    private async Task<DemoResult> CheckAsync(
        GatewayHost host, DepinClient client, SimulatedFleet fleet, Job job, double jobSeconds, string folder, CancellationToken cancel)
    {
        var counters = await host.Loop.AskAsync((core, _) => core.Views.Counters(), cancel);
        var ledger = await client.SealAsync(cancel);
        for (var began = time.GetTimestamp(); !ledger.EpochSigned && time.GetElapsedTime(began) < SignatureWait;)
        {
            await Task.Delay(LookEvery, time, cancel);
            ledger = await client.LedgerAsync(cancel);
        }

        // The stored turns are read as any auditor would: from the file, beside the running gateway.
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

    private static (VerifyReport Report, JobInLedger Job) ReadLedger(string folder, Job job, LedgerInfo ledger)
    {
        Invariant.Require(JobId.TryParse(job.Id, out var id), $"the gateway named a job {job.Id}");
        using var file = TurnFile.Open(DataFolder.At(folder));
        return (LedgerVerifier.Verify(file.ReadAll(), [ledger.Head]), JobInLedger.Read(file.ReadAll(), id));
    }

    private void Tell(DemoResult result)
    {
        var source = PrimeCount.Published(options.Limit) is null ? "as a sieve on this machine counts" : "as published";
        var answer = result.AnswersMatch ? $"{result.Answer} {source}" : $"{result.Answer?.ToString() ?? "none"}, but {result.Expected} {source}";
        var equal = result.CreditsPostedMicro == result.CreditsChargedMicro ? "=" : "but";
        screen.Line($"  done    {result.TasksOk} ok in {DemoScreen.Duration(result.JobSeconds)}; recomputed {result.RecomputedEqual}/{result.TasksTotal} equal; primes below {options.Limit}: {answer}; posted {DemoScreen.Credits(result.CreditsPostedMicro)} {equal} charged {DemoScreen.Credits(result.CreditsChargedMicro)}; chain {result.Chain} ({result.Records} records)");
        foreach (var sentence in result.Broken)
            screen.Line($"  BROKEN  {sentence}");
    }
}
