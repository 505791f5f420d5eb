using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Api;
using DePinEdge.Gateway.Host.Loop;

namespace DePinEdge.Gateway.Host.Metrics;

/// <summary>
/// GET /metrics: every counter of broker, loop, connections, workers, domain, API and process, by name. Numbers only: no label says which
/// device, job or person. What the loop's thread writes is read here without asking it, so that a gateway that is stuck still tells; only
/// the domain's tables are asked for, and are left out (<c>depin_core_answers 0</c>) while the loop does not answer.
/// </summary>
internal static class MetricsPage
{
    /// <summary>How long the loop may take for its part of the page.</summary>
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(2);

    private static readonly double[] VerdictBounds = [.. Tally.VerdictBoundsMs.Select(ms => ms / 1000.0)];

    /// <summary>The page as it is now.</summary>
    public static async Task<string> WriteAsync(ApiContext context, CancellationToken cancel)
    {
        CoreMetrics? core = null;
        using (var patience = new CancellationTokenSource(AskPatience, context.Options.Clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token))
            try
            {
                core = await context.Loop.AskAsync((own, now) => own.Views.Metrics(own.Tally, now, own.Paused), either.Token);
            }
            catch (Exception failure) when (failure is GatewayStoppedException or OperationCanceledException)
            {
                cancel.ThrowIfCancellationRequested();
            }
        var text = new MetricsText();
        text.Gauge("depin_core_answers", "1 while the core loop answers within 2 s.", core is null ? 0 : 1);
        text.Gauge("depin_build_info", "Always 1; the version is a label.", "version", [new(ApiServer.Version, 1)]);
        ProcessMetrics.Write(text, context.Options.Clock);
        BrokerMetrics.Write(text, context.Broker);
        ShellMetrics.Write(text, context);
        if (core is not null)
            DomainMetrics.Write(text, core, VerdictBounds);
        LimitMetrics.Write(text, context, core);
        return text.ToString();
    }
}
