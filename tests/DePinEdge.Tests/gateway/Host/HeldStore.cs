using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>Makes a store's commits wait, and the loop with them, from <see cref="Hold"/> to <see cref="Release"/>. Outlives its gateway.</summary>
internal sealed class HeldStore : IDisposable
{
    private readonly ManualResetEventSlim go = new();
    private readonly ManualResetEventSlim held = new();
    private volatile bool hold;

    /// <summary>The store's decorator.</summary>
    public ITurnStore Around(ITurnStore inner) => new WatchedStore(inner, _ =>
    {
        if (!hold)
            return;
        held.Set();
        go.Wait();
    });

    /// <summary>The next commit waits.</summary>
    public void Hold() => hold = true;

    /// <summary>Returns when a commit waits.</summary>
    public void WaitUntilHeld(CancellationToken cancel) => held.Wait(cancel);

    /// <summary>Lets the commit that waits go on, and all after it.</summary>
    public void Release()
    {
        hold = false;
        go.Set();
    }

    public void Dispose()
    {
        go.Dispose();
        held.Dispose();
    }
}
