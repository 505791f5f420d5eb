// The demo, step by step: gateway, boards, jobs, checks. Everything is the real thing but the boards' hardware, and everything the API
// has is asked through the API, as anybody else would.
using DePinEdge.Client;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>One run of the demo. It owns the gateway and the fleet it starts, and ends both.</summary>
internal sealed class DemoRun(DemoOptions options, DemoScreen screen, TimeProvider time)
{
    /// <summary>Join codes asked for at once.</summary>
    private const int InvitesAtOnce = 16;

    /// <summary>Longest time for all boards to come online, beyond 1 s for every 20 boards.</summary>
    private static readonly TimeSpan BoardsWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly long started = time.GetTimestamp();

    /// <summary>
    /// Runs the demo. With <paramref name="afterwards"/>, boards and gateway go on until that task ends.
    /// Throws <see cref="HostException"/> and <see cref="DepinException"/> for what a person can do something about.
    /// </summary>
    public async Task<DemoResult> RunAsync(Func<DemoResult, Task>? afterwards, CancellationToken cancel)
    {
        var samples = options.Samples();
        var folder = options.Data is { } kept ? Path.GetFullPath(kept) : Directory.CreateTempSubdirectory("depin-demo-").FullName;
        try
        {
            await using var host = await GatewayHost.StartAsync(HostOptions(folder), cancel);
            using var client = new DepinClient(new Uri($"http://127.0.0.1:{host.HttpPort}/"), host.Token);
            var data = options.Data is null ? "a fresh directory (--data DIR keeps it)" : folder;
            screen.Line($"DePinEdge gateway {GatewayViews.Version}   http://127.0.0.1:{host.HttpPort}   mqtt://127.0.0.1:{host.MqttPort}   data: {data}");

            await using var chaos = options.Chaos ? new DemoChaos(ChaosPlan.Draw(options.Seed, options.Boards), host.MqttPort, time) : null;
            var boards = new DemoBoards(Path.Combine(folder, "boards"), options.Boards, options.Seed, chaos?.Plan.Liars.Count ?? 0);
            var known = (await client.DevicesAsync(cancel)).Select(device => device.Id).ToHashSet();
            var specs = await boards.SpecsAsync(known, async name => (await client.InviteAsync(name, cancel: cancel)).JoinCode, InvitesAtOnce);
            await using var fleet = new SimulatedFleet(FleetOptions(host.MqttPort), chaos?.Corrupt(specs) ?? specs);
            fleet.Start();
            var online = await BoardsOnlineAsync(fleet, client, cancel);
            var units = await client.UnitsAsync(cancel);
            var liars = chaos is null ? "" : $", and {chaos.Plan.Liars.Count} liars";
            screen.Line($"  devices {online}/{boards.Count} online ({boards.Kinds}{liars}: simulated boards, real agent) -> {units.Count} compute units");

            var jobs = new DemoJobs(client, screen, time, options.PaceInForce == Pace.None);
            chaos?.Begin(fleet);
            foreach (var sample in samples)
                await jobs.SubmitAsync(sample, cancel);
            if (chaos is null)
                await jobs.FollowAsync(() => StillRunsAsync(host), cancel);
            else
                await new DemoRounds(chaos, fleet, client, jobs, screen, time).RunAsync(samples[0], () => StillRunsAsync(host), cancel);
            await BoardsOnlineAsync(fleet, client, cancel);

            var check = new DemoCheck(host, client, folder, time);
            var result = await check.RunAsync(jobs, boards.Count, fleet.Counters(), chaos, () => time.GetElapsedTime(started).TotalSeconds, cancel);
            DemoStory.Tell(result, jobs.All, screen, chaos);
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

    private static async Task StillRunsAsync(GatewayHost host)
    {
        if (host.Completion.IsCompleted)
            throw new HostException("the gateway stopped while the jobs ran", "see its log", await host.Completion);
    }

    private GatewayHostOptions HostOptions(string folder) => new()
    {
        DataFolder = folder,
        MqttPort = options.MqttPort,
        HttpPort = options.HttpPort,
        Clock = time,
        // All boards join from one address within a moment, which an operator's gateway has reason to slow down.
        Gateway = options.Chaos
            ? gateway with
            {
                // Small batches and short leases, so that much goes wrong, and comes right again, within seconds.
                BatchTargetMs = 150,
                LeaseFloorMs = 1_000,
            }
            : gateway,
    };

    private readonly GatewayOptions gateway = new() { JoinAttemptsPerAddress = Math.Max(600, 8 * options.Boards), ReportIntervalMs = 5_000 };

    private FleetOptions FleetOptions(int port) => new()
    {
        Port = port,
        Pace = options.PaceInForce,
        PlaceSeed = options.Seed,
        Time = time,
        ReconnectWaitMaxMs = options.Chaos ? 500 : int.MaxValue,
    };

    /// <summary>Waits until the gateway sees every board of the fleet; how many it sees.</summary>
    private async Task<int> BoardsOnlineAsync(SimulatedFleet fleet, DepinClient client, CancellationToken cancel)
    {
        var wait = BoardsWait + TimeSpan.FromSeconds(options.Boards / 20);
        var began = time.GetTimestamp();
        while (true)
        {
            var online = (await client.DevicesAsync(cancel)).Count(device => device.Online);
            if (online >= fleet.Boards.Count)
                return online;
            if (fleet.Boards.FirstOrDefault(board => board.Stopped) is { } gone)
                throw new HostException($"the board {gone.Spec.Name} was refused: {gone.Counters.LastRefusal}", "a fresh data folder gives fresh boards");
            if (time.GetElapsedTime(began) > wait)
            {
                var absent = fleet.Boards.Where(board => !board.Counters.Online).Take(5).Select(board => $"{board.Spec.Name} ({Reason(board)})");
                throw new HostException(
                    $"{online} of {fleet.Boards.Count} boards came online in {wait.TotalSeconds:0} s; absent: {string.Join(", ", absent)}",
                    "fewer boards (--boards) need less of this machine");
            }

            await Task.Delay(LookEvery, time, cancel);
        }

        static string Reason(SimulatedBoard board) => board.Counters.LastRefusal is { Length: > 0 } word ? word : "no answer";
    }
}
