using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Dashboard;
using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Gateway.Host.Work;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>What the handlers of the API work with.</summary>
internal sealed record ApiContext(
    CoreLoop Loop, ITurnStore Store, LoadedPrograms Programs, SocketShell Shell, WorkPool Work, GatewayHostOptions Options)
{
    /// <summary>What the page's live stream has done.</summary>
    public LiveCounters Live { get; } = new();

    /// <summary>How long a question to the core may take before the caller is told to try later; longer than any healthy commit.</summary>
    public static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(10);

    /// <summary>Asks the core; <see cref="GatewayStoppedException"/> when it has ended or does not answer in time (a full disk).</summary>
    public async Task<T> AskAsync<T>(Func<GatewayCore, Instant, T> question, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(AskPatience, Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await Loop.AskAsync(question, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new GatewayStoppedException(
                Loop.WaitsForDisk ? "the gateway's disk is full" : $"the gateway did not answer within {AskPatience.TotalSeconds:0} s");
        }
    }
}
