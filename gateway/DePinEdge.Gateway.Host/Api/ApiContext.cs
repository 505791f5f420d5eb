using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Dashboard;
using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Gateway.Host.Work;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>What the handlers of the API work with.</summary>
internal sealed record ApiContext(
    CoreLoop Loop, ITurnStore Store, LoadedPrograms Programs, SocketShell Shell, WorkPool Work, GatewayHostOptions Options, BrokerCore BrokerCore,
    DataFolder Folder)
{
    /// <summary>What the page's live stream has done.</summary>
    public LiveCounters Live { get; } = new();

    /// <summary>How much of the API is in use.</summary>
    public HttpLimits Http { get; } = new(Options.HttpConnectionsMax, Options.EventStreamsMax);

    /// <summary>The broker's counters; the loop's thread writes them, whoever reads sees values of different moments.</summary>
    public BrokerCounters Broker => BrokerCore.Counters;

    public BrokerOptions BrokerOptions => BrokerCore.Options;

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
