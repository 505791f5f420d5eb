using DePinEdge.Gateway.Host.Loop;

namespace DePinEdge.Gateway.Host;

/// <summary>One running gateway: store, core loop, broker port, workers, API.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    /// <summary>Opens the data folder, recovers, and listens. Throws <see cref="HostException"/> when the environment does not allow it.</summary>
    public static Task<GatewayHost> StartAsync(GatewayHostOptions options, CancellationToken stop = default) => throw new NotImplementedException();

    /// <summary>The broker's port in use.</summary>
    public int MqttPort => throw new NotImplementedException();

    /// <summary>The API's port in use.</summary>
    public int HttpPort => throw new NotImplementedException();

    /// <summary>The one thread that owns the core.</summary>
    public CoreLoop Loop => throw new NotImplementedException();

    /// <summary>Ends with the exit code: 0 after <see cref="StopAsync"/>, otherwise see <see cref="ExitCodes"/>.</summary>
    public Task<int> Completion => throw new NotImplementedException();

    /// <summary>The API's bearer token.</summary>
    public string Token => throw new NotImplementedException();

    /// <summary>Stops listening, writes a last snapshot, closes the store. Safe to call twice.</summary>
    public Task StopAsync() => throw new NotImplementedException();

    public async ValueTask DisposeAsync() => await StopAsync();
}
