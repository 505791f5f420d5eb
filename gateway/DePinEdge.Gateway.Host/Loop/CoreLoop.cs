using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Loop;

/// <summary>The one thread that owns the core.</summary>
public sealed class CoreLoop
{
    /// <summary>Runs a question on the loop's thread; completes after the commit of the turn that answered it.</summary>
    public Task<T> AskAsync<T>(Func<GatewayCore, Instant, T> ask, CancellationToken cancel = default) => throw new NotImplementedException();
}
