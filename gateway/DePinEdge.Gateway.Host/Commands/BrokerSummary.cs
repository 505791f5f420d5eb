using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>What `broker run` prints at its end.</summary>
internal sealed record BrokerSummary(
    long ConnectionsOpened, long ConnectsAccepted, long ConnectsRefused, long ProtocolErrors, long PublishesIn, long PublishesOut, long DroppedSlowSubscriber,
    long QuotaDisconnects, long BytesIn, long BytesOut, long InboxWaits, long ReadPauses, long SendsDeferred)
{
    public static BrokerSummary Of(BrokerCounters b, ShellCounters s) => new(
        b.ConnectionsOpened, b.ConnectsAccepted, b.ConnectsRefused, b.ProtocolErrors, b.PublishesIn, b.PublishesOut, b.DroppedSlowSubscriber, b.QuotaDisconnects,
        b.BytesIn, b.BytesOut, s.InboxWaits, s.ReadPauses, s.SendsDeferred);

    /// <summary>For people.</summary>
    public IEnumerable<(string Name, long Value)> Lines() =>
    [
        ("connections opened", ConnectionsOpened), ("connects accepted", ConnectsAccepted), ("connects refused", ConnectsRefused), ("protocol errors", ProtocolErrors),
        ("publishes in", PublishesIn), ("publishes out", PublishesOut), ("dropped, slow reader", DroppedSlowSubscriber), ("closed, over quota", QuotaDisconnects),
        ("bytes in", BytesIn), ("bytes out", BytesOut), ("waits for the inbox", InboxWaits), ("reads paused", ReadPauses), ("writes deferred", SendsDeferred),
    ];
}
