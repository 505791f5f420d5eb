// The demo, step by step: gateway, boards, jobs, checks. Everything is the real thing but the boards' hardware, and everything the API
// has is asked through the API, as anybody else would.
using DePinEdge.Client;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Simulator;

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

            var boards = new DemoBoards(Path.Combine(folder, "boards"), options.Boards, options.Seed);
            var known = (await client.DevicesAsync(cancel)).Select(device => device.Id).ToHashSet();
            var specs = await boards.SpecsAsync(known, async name => (await client.InviteAsync(name, cancel: cancel)).JoinCode, InvitesAtOnce);
            await using var fleet = new SimulatedFleet(FleetOptions(host.MqttPort), specs);
            fleet.Start();
            var online = await BoardsOnlineAsync(fleet, client, cancel);
            var units = await client.UnitsAsync(cancel);
            screen.Line($"  devices {online}/{options.Boards} online ({boards.Kinds}: simulated boards, real agent) -> {units.Count} compute units");

            var jobs = new DemoJobs(client, screen, time, options.PaceInForce == Pace.None);
            foreach (var sample in samples)
                await jobs.SubmitAsync(sample, cancel);
            await jobs.FollowAsync(() => StillRunsAsync(host), cancel);

            var check = new DemoCheck(host, client, folder, time);
            var result = await check.RunAsync(jobs, options.Boards, fleet.Counters(), () => time.GetElapsedTime(started).TotalSeconds, cancel);
            DemoStory.Tell(result, jobs.All, screen);
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
}
