using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Api;
using DePinEdge.Gateway.Host.Dashboard;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Metrics;

/// <summary>
/// The limits under the names of their options: how often each was met, and for those that hold an amount, what it is now beside what it
/// may be. An alarm needs one rule for all of them.
/// </summary>
internal static class LimitMetrics
{
    public static void Write(MetricsText text, ApiContext context, CoreMetrics? core)
    {
        var broker = context.Broker;
        var reached = Enum.GetValues<BrokerLimit>().Select(limit => new KeyValuePair<string, long>(limit.ToString(), broker.Reached(limit)))
            .Concat(core?.LimitsReached ?? new Dictionary<string, long>())
            .Concat(context.Http.Reached()).Append(new("InboxMax", context.Shell.Counters.InboxWaits)).Append(new("AsksMax", context.Loop.AsksRefused))
            .Append(new(nameof(LiveFeed.ViewersMax), context.Live.Refused));
        text.Counter("depin_limit_reached_total", "Times a limit was met, by the option's name; what happens then is in gateway/README.md.", "name", reached);
        var amounts = Amounts(context, core).ToArray();
        text.Gauge("depin_limit", "The most there may be, for limits of an amount.", "name", amounts.Select(one => new KeyValuePair<string, long>(one.Name, one.Most)));
        text.Gauge("depin_limit_used", "What there is now of it.", "name", amounts.Select(one => new KeyValuePair<string, long>(one.Name, one.Now)));
    }

    private static IEnumerable<(string Name, long Now, long Most)> Amounts(ApiContext context, CoreMetrics? core)
    {
        var (broker, options) = (context.Broker, context.BrokerOptions);
        yield return (nameof(options.MaxConnections), broker.Connections, options.MaxConnections);
        yield return (nameof(options.MaxPendingConnections), broker.PendingConnections, options.MaxPendingConnections);
        yield return (nameof(options.MaxSessions), broker.Sessions, options.MaxSessions);
        yield return (nameof(options.MaxRetainedMessages), broker.RetainedMessages, options.MaxRetainedMessages);
        yield return (nameof(options.MaxRetainedBytes), broker.RetainedBytes, options.MaxRetainedBytes);
        yield return (nameof(options.MaxOfflineQueuedBytes), broker.OfflineQueuedBytes, options.MaxOfflineQueuedBytes);
        yield return (nameof(context.Options.InboxMax), context.Shell.InboxWaiting, context.Options.InboxMax);
        yield return ("AsksMax", context.Loop.AsksWaiting, Loop.CoreLoop.AsksMax);
        yield return (nameof(context.Options.HttpConnectionsMax), context.Http.Connections, context.Options.HttpConnectionsMax);
        yield return (nameof(context.Options.EventStreamsMax), context.Http.Streams, context.Options.EventStreamsMax);
        yield return (nameof(LiveFeed.ViewersMax), context.Live.Viewers, LiveFeed.ViewersMax);
        if (core is null)
            yield break;
        var gateway = context.Options.Gateway;
        yield return (nameof(gateway.DevicesMax), core.Counters.Devices, gateway.DevicesMax);
        yield return (nameof(gateway.RunningJobsMax), core.RunningJobs, gateway.RunningJobsMax);
        yield return (nameof(gateway.OpenJoinCodesMax), core.OpenJoinCodes, gateway.OpenJoinCodesMax);
        yield return (nameof(gateway.RecomputeQueueMax), core.WaitingForVerdict, gateway.RecomputeQueueMax);
        yield return ("ProgramsMax", core.Programs, Scheduling.ProgramLibrary.ProgramsMax);
    }
}
