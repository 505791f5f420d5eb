using System.Text.Json;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Api;
using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Gateway.Host.Work;
using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host;

/// <summary>
/// One running gateway: store, core loop, broker port, workers, API. `gateway run`, `demo` and the tests start it alike; ports are
/// bound and the ledger recovered before anything is accepted.
/// </summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly Stack<IDisposable> parts;
    private readonly ApiServer api;
    private readonly DataFolder folder;
    private readonly Task<int> completion;
    private int stopping;

    private GatewayHost(Stack<IDisposable> parts, DataFolder folder, SocketShell shell, CoreLoop loop, WorkPool work, ApiServer api)
    {
        this.parts = parts;
        this.folder = folder;
        this.api = api;
        Shell = shell;
        Loop = loop;
        Work = work;
        completion = CompleteAsync();
    }

    /// <summary>The broker's port in use.</summary>
    public int MqttPort => Shell.Port;

    /// <summary>The API's port in use.</summary>
    public int HttpPort => api.Port;

    /// <summary>The API's bearer token, also in the data folder's file `token`.</summary>
    public string Token => api.Token;

    /// <summary>The one thread that owns the core.</summary>
    public CoreLoop Loop { get; }

    /// <summary>The connection shell, for its counters.</summary>
    public SocketShell Shell { get; }

    /// <summary>The workers, for their counters.</summary>
    public WorkPool Work { get; }

    /// <summary>Ends when everything is closed, with the exit code: 0 after <see cref="StopAsync"/>, otherwise see <see cref="ExitCodes"/>.</summary>
    public Task<int> Completion => completion;

    /// <summary>Opens the data folder, recovers, and listens. Throws <see cref="HostException"/> when the environment does not allow it.</summary>
    public static async Task<GatewayHost> StartAsync(GatewayHostOptions options, CancellationToken cancel = default)
    {
        Validate(options);
        var parts = new Stack<IDisposable>();
        ApiServer? api = null;
        try
        {
            var clock = new LoopClock(options.Clock);
            var folder = DataFolder.Open(options.DataFolder);
            var ballast = new Ballast(folder.BallastFile, options.BallastBytes);
            var (core, store, library) = Recover(parts, folder, ballast, clock, options);
            var key = Hold(parts, SiteKey.Open(folder));
            var work = Hold(parts, new WorkPool(options.Workers, library, key));
            var shell = Hold(parts, SocketShell.Listen(options.Bind, options.MqttPort, options.InboxMax, options.Clock));
            var loop = new CoreLoop(core, store, ballast, shell, work, clock, options);
            api = await ApiServer.StartAsync(new ApiContext(loop, store, library, shell, work, options, core.Broker, folder), folder, cancel);
            WriteEndpoint(folder, shell.Port, api.Port);
            work.Start();
            loop.Start();
            shell.Start();
            return new GatewayHost(parts, folder, shell, loop, work, api);
        }
        catch (Exception failure)
        {
            if (api is not null)
                await api.DisposeAsync();
            foreach (var part in parts)
                part.Dispose();
            if (failure is StoreException stored)
                throw StoreHints.Explain(stored);
            throw;
        }
    }

    /// <summary>Stops listening, stores what is left, closes the store. Safe to call twice.</summary>
    public async Task StopAsync()
    {
        Loop.RequestStop();
        await completion;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<int> CompleteAsync()
    {
        var code = await Loop.Completion;
        if (Interlocked.Exchange(ref stopping, 1) == 0)
        {
            await api.DisposeAsync();
            File.Delete(folder.EndpointFile); // while the folder is still ours: the next gateway writes its own
            foreach (var part in parts)
                part.Dispose();
        }
        return code;
    }

    private static (GatewayCore Core, ITurnStore Store, LoadedPrograms Programs) Recover(
        Stack<IDisposable> parts, DataFolder folder, Ballast ballast, LoopClock clock, GatewayHostOptions options)
    {
        var log = options.Logs.CreateLogger<GatewayHost>();
        var sqlite = SqliteTurnStore.Open(folder, ballast);
        var store = Hold(parts, options.StoreDecorator(sqlite));
        var state = store.Load();
        foreach (var repair in sqlite.Repairs)
            log.Repaired(repair);
        var core = new GatewayCore(options.Gateway, options.Entropy ?? new OsEntropy(), options.Logs, options.Broker);
        try
        {
            core.Recover(state, clock.Now);
        }
        catch (Exception failure) when (failure is CorruptRecordException or InvariantException)
        {
            throw new StoreException(
                StoreFailure.Corrupt, $"{folder.Database} is damaged: its records do not give a sound state: {failure.Message}", failure);
        }
        catch (ArgumentException failure) when (failure.Message.StartsWith("Gateway:", StringComparison.Ordinal))
        {
            throw new HostException(failure.Message, "name the ledger's own site with --site, or another folder with --data", ExitCodes.Usage, failure);
        }
        var library = new LoadedPrograms(hash => store.ReadBlob("program/" + hash));
        foreach (var (hash, wasm) in core.Programs)
        {
            var loaded = ProgramLoader.Load(wasm);
            if (loaded.Program is not { } program)
                throw new StoreException(StoreFailure.Corrupt, $"{folder.Database}: the stored program {hash} is refused: {loaded.Error}");
            library.Add(program);
            core.ProvideImage(hash, program.Image, clock.Now);
        }
        return (core, store, library);
    }

    private static void WriteEndpoint(DataFolder folder, int mqttPort, int httpPort) => DataFolder.WriteSecret(
        folder.EndpointFile,
        JsonSerializer.SerializeToUtf8Bytes(new EndpointFile(Environment.ProcessId, httpPort, mqttPort), ApiJson.Default.EndpointFile));

    private static void Validate(GatewayHostOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentException failure)
        {
            throw new HostException(failure.Message, "correct that option", ExitCodes.Usage, failure);
        }
    }

    private static T Hold<T>(Stack<IDisposable> parts, T part)
        where T : IDisposable
    {
        parts.Push(part);
        return part;
    }
}
