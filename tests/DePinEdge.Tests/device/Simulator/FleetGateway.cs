using System.Globalization;
using DePinEdge.Gateway;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;
using DePinEdge.Tasks;
using DePinEdge.Tests.Gateway.Host;

namespace DePinEdge.Tests.Device.Simulator;

/// <summary>A real gateway on free ports with its data in a folder of the test's own, and short words for what fleet tests ask of it.</summary>
internal sealed class FleetGateway : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("depin-fleet-").FullName;
    private readonly FlushCount flushes = new();
    private GatewayHost host = null!;
    private GatewayOptions options = new();

    private FleetGateway()
    {
    }

    public int MqttPort { get; private set; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="options">What is not the default; boards report every 200 ms in any case.</param>
    public static async Task<FleetGateway> StartAsync(GatewayOptions? options = null)
    {
        var gateway = new FleetGateway { options = (options ?? new GatewayOptions()) with { ReportIntervalMs = 200 } };
        await gateway.OpenAsync(0);
        return gateway;
    }

    /// <summary>Stops the gateway and starts another on the same folder and the same port.</summary>
    public async Task RestartAsync(Func<Task>? whileDown = null)
    {
        await host.StopAsync();
        if (whileDown is not null)
            await whileDown();
        await OpenAsync(MqttPort);
    }

    public async Task<string> InviteAsync(string name = "") => Value(await host.Loop.AskAsync((core, now) => core.Invite(new InviteAsked(name, "", 0), now), Cancel)).JoinCode;

    public Task<IReadOnlyList<DeviceView>> DevicesAsync() => host.Loop.AskAsync((core, _) => core.Views.Devices(), Cancel);

    /// <summary>Looks at the counters after every round of the gateway until the condition holds.</summary>
    public Task<GatewayCounters> WhenCountersAsync(Func<GatewayCounters, bool> condition) => WhenAsync((core, _) => core.Views.Counters(), condition);

    public Task<GatewayCounters> CountersAsync() => host.Loop.AskAsync((core, _) => core.Views.Counters(), Cancel);

    public async Task<JobView> JobAsync(string id) => Value(await host.Loop.AskAsync((core, now) => core.Views.Job(id, now), Cancel));

    /// <summary>A board with an empty memory and a join code of its own.</summary>
    public async Task<BoardSpec> BoardAsync(int number, BoardProfile profile)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{profile.Kind}-{number:00}");
        return new BoardSpec(name, profile, new MemoryKeyStore(), await InviteAsync(name), (ulong)number);
    }

    /// <summary>Counts the primes below a limit in tasks of 500 numbers.</summary>
    public async Task<JobView> SubmitPrimesAsync(long limit)
    {
        var program = ProgramLoader.Load(await File.ReadAllBytesAsync(RepositoryRoot.Of("device", "programs", "primes", "primes.wasm"), Cancel)).Program!;
        Assert.True(program.Manifest.TryEncodeParameters(new Dictionary<string, ulong> { ["width"] = 500, ["limit"] = (ulong)limit }, out var tail, out _));
        var hash = new ProgramHash(program.HashHex);
        var offered = new ProgramOffered(
            hash, "primes", "1", program.Wasm, program.Image, program.Manifest.MemoryBytes, program.Manifest.FuelMax, 0, OutputKind.U32, Reduction.Sum);
        Value(await host.Loop.AskAsync((core, now) => core.AddProgram(offered, now), Cancel));
        Value(await host.Loop.AskAsync((core, now) => core.Issue("tester", 1_000_000_000, now), Cancel));
        var asked = new JobAsked("tester", "", "primes", hash, true, 0, (limit + 499) / 500, [], tail, 100_000, 1_000, 0);
        return Value(await host.Loop.AskAsync((core, now) => core.SubmitJob(asked, now), Cancel));
    }

    /// <summary>Looks at a job after every round of the gateway until the condition holds.</summary>
    public Task<JobView> WhenJobAsync(string id, Func<JobView, bool> condition) => WhenAsync((core, now) => Value(core.Views.Job(id, now)), condition);

    /// <summary>Looks at the devices after every round of the gateway until the condition holds.</summary>
    public Task<IReadOnlyList<DeviceView>> WhenDevicesAsync(Func<IReadOnlyList<DeviceView>, bool> condition) =>
        WhenAsync((core, _) => core.Views.Devices(), condition);

    private async Task<T> WhenAsync<T>(Func<GatewayCore, Instant, T> look, Func<T, bool> condition)
    {
        while (true)
        {
            var (seen, rounds) = await host.Loop.AskAsync((core, now) => (look(core, now), flushes.Rounds), Cancel);
            if (condition(seen))
                return seen;
            // The look's own round is flushed too; what it did not see yet comes with a later one.
            await flushes.PastAsync(rounds + 1, Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task OpenAsync(int port)
    {
        host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataFolder = folder,
                MqttPort = port,
                HttpPort = 0,
                BallastBytes = 0,
                LingerMs = 5,
                AfterFlush = flushes.Flushed,
                Gateway = options,
            },
            Cancel);
        MqttPort = host.MqttPort;
    }

    private static T Value<T>(Outcome<T> outcome)
    {
        Assert.Null(outcome.Problem);
        return outcome.Value!;
    }
}
