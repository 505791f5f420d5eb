using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Metrics;

/// <summary>The broker's counters.</summary>
internal static class BrokerMetrics
{
    public static void Write(MetricsText text, BrokerCounters c)
    {
        text.Gauge("depin_mqtt_connections", "Connections open.", c.Connections);
        text.Gauge("depin_mqtt_pending_connections", "Connections open that no CONNECT has let in yet.", c.PendingConnections);
        text.Counter("depin_mqtt_connections_opened_total", "Connections taken.", c.ConnectionsOpened);
        text.Counter("depin_mqtt_connections_refused_total", "Connections turned away; depin_limit_reached_total says why.", c.ConnectionsRefused);
        text.Counter("depin_mqtt_connects_accepted_total", "Clients let in.", c.ConnectsAccepted);
        text.Counter("depin_mqtt_connects_refused_total", "CONNECT packets refused.", c.ConnectsRefused);
        text.Counter("depin_mqtt_connect_timeouts_total", "Connections closed because no CONNECT came in time.", c.ConnectTimeouts);
        text.Counter("depin_mqtt_keep_alive_timeouts_total", "Clients closed because they were silent.", c.KeepAliveTimeouts);
        text.Counter("depin_mqtt_disconnects_total", "Clients that said DISCONNECT.", c.Disconnects);
        text.Counter("depin_mqtt_take_overs_total", "Clients closed because their id connected again.", c.TakeOvers);
        text.Counter("depin_mqtt_protocol_errors_total", "Connections closed for malformed, oversized or forbidden packets.", c.ProtocolErrors);
        text.Counter("depin_mqtt_received_bytes_total", "Bytes received.", c.BytesIn);
        text.Counter("depin_mqtt_sent_bytes_total", "Bytes put into outputs.", c.BytesOut);
        text.Counter("depin_mqtt_publishes_in_total", "PUBLISH packets received.", c.PublishesIn);
        text.Counter("depin_mqtt_publishes_out_total", "PUBLISH packets put into outputs.", c.PublishesOut);
        text.Counter("depin_mqtt_publishes_refused_total", "Publishes of clients that reached nobody because they were refused.", c.PublishesRefused);
        text.Counter("depin_mqtt_subscribes_refused_total", "Subscriptions refused.", c.SubscribesRefused);
        text.Counter("depin_mqtt_dropped_total", "Messages dropped on their way to a subscriber.", "reason",
        [
            new("slow_subscriber", c.DroppedSlowSubscriber), new("offline_queue_full", c.DroppedOfflineQueueFull),
            new("too_large", c.DroppedTooLargeForClient), new("expired", c.Expired),
        ]);
        text.Counter("depin_mqtt_quota_disconnects_total", "Clients closed because their queue or unread answers grew over the limit.", c.QuotaDisconnects);
        text.Gauge("depin_mqtt_sessions", "Sessions, connected ones included.", c.Sessions);
        text.Counter("depin_mqtt_sessions_expired_total", "Offline sessions whose time was over.", c.SessionsExpired);
        text.Counter("depin_mqtt_sessions_evicted_total", "Offline sessions ended early to make room.", c.SessionsEvicted);
        text.Gauge("depin_mqtt_subscriptions", "Subscriptions.", c.Subscriptions);
        text.Gauge("depin_mqtt_retained_messages", "Retained messages.", c.RetainedMessages);
        text.Gauge("depin_mqtt_retained_bytes", "Bytes of retained messages.", c.RetainedBytes);
        text.Counter("depin_mqtt_retained_refused_total", "Messages not retained because there was no room.", c.RetainedRefused);
        text.Gauge("depin_mqtt_queued_messages", "QoS 1 messages that wait in sessions.", c.QueuedMessages);
        text.Gauge("depin_mqtt_offline_queued_bytes", "Bytes of messages that wait in offline sessions.", c.OfflineQueuedBytes);
        text.Counter("depin_mqtt_wills_published_total", "Wills published.", c.WillsPublished);
    }
}
