using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>A whole gateway on free ports and a folder of its own: the production one, with a test's seams.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private TestGateway(GatewayHost host, string folder)
    {
        Host = host;
        Folder = folder;
        Client = new DepinClient(Url, host.Token);
    }

    public GatewayHost Host { get; }

    public string Folder { get; }

    public DepinClient Client { get; }

    public Uri Url => new($"http://127.0.0.1:{Host.HttpPort}/");

    /// <summary>Options that any test may change before it starts one.</summary>
    public static GatewayHostOptions Options(string folder) => new() { DataFolder = folder, MqttPort = 0, HttpPort = 0, BallastBytes = 1 << 20 };

    public static async Task<TestGateway> StartAsync(TempFolder temp, Func<GatewayHostOptions, GatewayHostOptions>? change = null)
    {
        var options = Options(temp.At("data"));
        return new TestGateway(await GatewayHost.StartAsync(change?.Invoke(options) ?? options, TestContext.Current.CancellationToken), options.DataFolder);
    }

    /// <summary>The sample program primes.</summary>
    public static byte[] Primes() => File.ReadAllBytes(RepositoryRoot.Of("device", "programs", "primes", "primes.wasm"));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }
}

/// <summary>A store that a test looks into or holds up; everything else is the real one's.</summary>
internal sealed class WatchedStore(ITurnStore inner, Action<Turn> beforeCommit, Action? beforeDispose = null) : ITurnStore
{
    public StoredState Load() => inner.Load();

    public void Commit(Turn turn)
    {
        beforeCommit(turn);
        inner.Commit(turn);
    }

    public byte[]? ReadBlob(string key) => inner.ReadBlob(key);

    public void Dispose()
    {
        beforeDispose?.Invoke();
        inner.Dispose();
    }

    /// <summary>The records of a turn.</summary>
    public static List<DurableRecord> Records(Turn turn)
    {
        var records = new List<DurableRecord>();
        RecordCodec.ForEach(turn.Body, bytes => records.Add(RecordCodec.Read(bytes)));
        return records;
    }
}
