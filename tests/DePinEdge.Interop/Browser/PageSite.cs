using DePinEdge.Client;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Host;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Interop.Browser;

/// <summary>A real gateway with simulated boards behind the page, which can go away and come back on its port.</summary>
internal sealed class PageSite : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("depin-page-").FullName;
    private GatewayHost host = null!;
    private DepinClient client = null!;
    private SimulatedFleet? fleet;

    private PageSite()
    {
    }

    public Uri Url { get; private set; } = null!;

    public DepinClient Client => client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PageSite> StartAsync(int reportMs = 2_000)
    {
        var site = new PageSite();
        await site.ComeBackAsync(0, reportMs);
        return site;
    }

    /// <summary>Stops the gateway; the page loses its line.</summary>
    public async Task GoAwayAsync()
    {
        client.Dispose();
        await host.DisposeAsync();
    }

    /// <summary>Starts the gateway again where it was.</summary>
    public Task ComeBackAsync() => ComeBackAsync(Url.Port, 2_000);

    /// <summary>Lets boards join under the demo's names and waits until all take work.</summary>
    public async Task JoinAsync(int count, Pace pace)
    {
        BoardProfile[] pattern = [BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.PicoW, BoardProfile.Pi];
        var specs = new BoardSpec[count];
        var numbers = new Dictionary<string, int>();
        for (var i = 0; i < count; i++)
        {
            var kind = pattern[i % pattern.Length];
            var number = numbers[kind.Kind] = numbers.GetValueOrDefault(kind.Kind) + 1;
            var name = $"{kind.Kind}-{number:00}";
            specs[i] = new BoardSpec(name, kind, new MemoryKeyStore(), (await client.InviteAsync(name, cancel: Cancel)).JoinCode, (ulong)i + 1);
        }
        fleet = new SimulatedFleet(new FleetOptions { Port = host.MqttPort, Pace = pace }, specs);
        fleet.Start();
        await fleet.WhenAsync(f => f.Counters().Online == count && f.Counters().Joined == count, Cancel);
    }

    /// <summary>All boards lose their power.</summary>
    public async Task BoardsGoAsync()
    {
        await fleet!.DisposeAsync();
        fleet = null;
    }

    /// <summary>Adds the program and gives the requester plenty.</summary>
    public async Task StockAsync()
    {
        await client.AddProgramAsync(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "primes.wasm"), Cancel), Cancel);
        await client.IssueAsync("demo", 1_000_000_000, Cancel);
    }

    /// <summary>Submits a count of the primes below a limit.</summary>
    public Task<Job> SubmitAsync(long limit, string title)
    {
        const long width = 500;
        return client.SubmitAsync(
            new JobSubmission
            {
                Program = "primes",
                Requester = "demo",
                Title = title,
                Range = new JobRange(0, (limit + width - 1) / width),
                Params = new Dictionary<string, ulong> { ["width"] = width, ["limit"] = (ulong)limit },
                PriceMicro = 2_000,
                FuelLimit = 1_000_000,
            },
            null, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (fleet is not null)
            await fleet.DisposeAsync();
        await GoAwayAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task ComeBackAsync(int port, int reportMs)
    {
        host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataFolder = folder,
                MqttPort = 0,
                HttpPort = port,
                BallastBytes = 0,
                Gateway = new GatewayOptions { Site = "garden", ReportIntervalMs = reportMs, JoinAttemptsPerAddress = 100_000 },
            },
            Cancel);
        Url = new Uri($"http://127.0.0.1:{host.HttpPort}/");
        client = new DepinClient(Url, host.Token);
    }
}
