using DePinEdge.Client;
using DePinEdge.Gateway;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Host;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Interop;

/// <summary>A whole gateway on free ports, with its data in a folder of its own, and boards that join and work as real ones do.</summary>
internal sealed class Site : IAsyncDisposable
{
    /// <summary>How often boards report, milliseconds.</summary>
    public const int ReportMs = 300;

    private readonly string folder;
    private readonly GatewayHost host;
    private readonly DepinClient client;
    private SimulatedFleet? fleet;

    private Site(string folder, GatewayHost host)
    {
        this.folder = folder;
        this.host = host;
        client = new DepinClient(new Uri($"http://127.0.0.1:{host.HttpPort}/"), host.Token);
    }

    public int MqttPort => host.MqttPort;

    public FleetCounters Boards => fleet!.Counters();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Site> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("depin-interop-").FullName;
        var options = new GatewayHostOptions
        {
            DataFolder = folder,
            MqttPort = 0,
            HttpPort = 0,
            BallastBytes = 0,
            Gateway = new GatewayOptions { ReportIntervalMs = ReportMs },
        };
        return new Site(folder, await GatewayHost.StartAsync(options, Cancel));
    }

    /// <summary>Lets one board of each built-in kind join, named KIND-01, and waits until all take work.</summary>
    public async Task<string[]> JoinBoardsAsync()
    {
        var specs = new List<BoardSpec>();
        foreach (var profile in BoardProfile.All)
        {
            var name = profile.Kind + "-01";
            var invite = await client.InviteAsync(name, cancel: Cancel);
            specs.Add(new BoardSpec(name, profile, new MemoryKeyStore(), invite.JoinCode, (ulong)specs.Count + 1));
        }
        fleet = new SimulatedFleet(new FleetOptions { Port = MqttPort, Pace = Pace.None }, specs);
        fleet.Start();
        await fleet.WhenAsync(f => f.Counters().Online == specs.Count && f.Counters().Joined == specs.Count, Cancel);
        return [.. specs.Select(spec => spec.Name)];
    }

    /// <summary>Counts the primes below a limit on the boards; the finished job.</summary>
    public async Task<Job> CountPrimesAsync(long limit)
    {
        const long width = 500;
        var wasm = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "primes.wasm"), Cancel);
        var program = await client.AddProgramAsync(wasm, Cancel);
        await client.IssueAsync("tester", 1_000_000_000_000, Cancel);
        var job = await client.SubmitAsync(
            new JobSubmission
            {
                Program = program.Hash,
                Requester = "tester",
                Range = new JobRange(0, (limit + width - 1) / width),
                Params = new Dictionary<string, ulong> { ["width"] = width, ["limit"] = (ulong)limit },
            },
            null,
            Cancel);
        return await client.WaitAsync(job.Id, Cancel);
    }

    /// <summary>Asks the core on its own thread.</summary>
    public Task<T> AskAsync<T>(Func<GatewayCore, T> ask) => host.Loop.AskAsync((core, _) => ask(core), Cancel);

    public async ValueTask DisposeAsync()
    {
        if (fleet is not null)
            await fleet.DisposeAsync();
        client.Dispose();
        await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
