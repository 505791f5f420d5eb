using System.Runtime.InteropServices;
using System.Text;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>SUBSCRIBE and UNSUBSCRIBE: one answer code for every filter, then the retained messages, then the application hears of what
/// was granted.</summary>
internal sealed class SubscribeHandler(BrokerState state)
{
    private readonly List<byte> _codes = [];
    private string _why = "";
    private readonly List<(Subscription Subscription, bool SendRetained)> _granted = [];
    private readonly List<RetainedTopic> _retained = [];

    public void Subscribe(BrokerConnection connection, in SubscribePacket packet)
    {
        var session = connection.Session!;
        var client = session.Client!;
        var identifier = (int)PropertyReader.Number(packet.Properties, PropertyId.SubscriptionIdentifier, 0);
        _codes.Clear();
        _why = "";
        _granted.Clear();
        for (var requests = packet.Requests; requests.TryNext(out var request);)
        {
            var code = Grant(session, client, request, identifier, connection.ProtocolVersion);
            // The application may have closed this very client while it was asked.
            if (connection.CloseAfterFlush) return;
            if (code >= ReasonCode.UnspecifiedError) state.Counters.SubscribesRefused++;
            _codes.Add((byte)code);
        }
        Answer(connection, PacketType.SubAck, packet.PacketId);
        foreach (var (subscription, sendRetained) in _granted)
            if (sendRetained && !QueueRetained(connection, session, subscription)) return;
        state.Delivery.Pump(session);
        foreach (var (subscription, _) in _granted)
        {
            if (connection.CloseAfterFlush) return;
            state.Application.Subscribed(client, subscription.Filter, state.NowMs);
        }
    }

    public void Unsubscribe(BrokerConnection connection, in UnsubscribePacket packet)
    {
        var session = connection.Session!;
        _codes.Clear();
        _why = "";
        for (var filters = packet.Filters; filters.TryNext(out var filter);)
        {
            var subscription = session.Find(Encoding.UTF8.GetString(filter));
            _codes.Add((byte)(subscription is null ? ReasonCode.NoSubscriptionExisted : ReasonCode.Success));
            if (subscription is null) continue;
            session.Remove(subscription);
            state.Subscriptions.Remove(subscription);
            state.Counters.Subscriptions--;
        }
        Answer(connection, PacketType.UnsubAck, packet.PacketId);
    }

    private ReasonCode Grant(Session session, BrokerClient client, in SubscriptionRequest request, int identifier, int protocolVersion)
    {
        if (!TopicFilter.IsValid(request.Filter)) return Refuse(ReasonCode.TopicFilterInvalid, "not a valid topic filter");
        if (TopicName.Levels(request.Filter) > state.Options.MaxTopicLevels)
        {
            state.Counters.Count(BrokerLimit.MaxTopicLevels);
            return Refuse(ReasonCode.TopicFilterInvalid, "the topic filter has too many levels");
        }
        if (request.Filter.StartsWith("$share/"u8))
            return Refuse(ReasonCode.SharedSubscriptionsNotSupported, "shared subscriptions are not served");
        var filter = Encoding.UTF8.GetString(request.Filter);
        var known = session.Find(filter);
        if (known is null && session.SubscriptionCount >= state.Options.MaxSubscriptionsPerSession)
        {
            state.Counters.Count(BrokerLimit.MaxSubscriptionsPerSession);
            return Refuse(ReasonCode.QuotaExceeded, "the session has as many subscriptions as it may");
        }
        var answer = state.Application.AuthorizeSubscribe(client, filter);
        if (answer >= ReasonCode.UnspecifiedError)
            return Refuse(ReasonCodes.Fits(PacketType.SubAck, answer) ? answer : ReasonCode.UnspecifiedError,
                "this client may not subscribe to this filter");
        // Closed while it was asked: its session may have ended, and must not get a subscription that nobody will ever remove.
        if (!client.Connected) return ReasonCode.UnspecifiedError;

        var subscription = known ?? new Subscription(session, filter, request.Filter.ToArray());
        subscription.QoS = request.QoS == QoS.AtMostOnce ? QoS.AtMostOnce : QoS.AtLeastOnce;
        subscription.NoLocal = request.NoLocal;
        subscription.RetainAsPublished = request.RetainAsPublished;
        subscription.Identifier = identifier;
        if (known is null)
        {
            session.Add(subscription);
            state.Subscriptions.Add(subscription);
            state.Counters.Subscriptions++;
        }
        var sendRetained = protocolVersion < ProtocolVersion.V5 || request.RetainHandling == 0
            || (request.RetainHandling == 1 && known is null);
        _granted.Add((subscription, sendRetained));
        return (ReasonCode)subscription.QoS;
    }

    // One answer has room for one reason: the first filter's that was refused.
    private ReasonCode Refuse(ReasonCode code, string reason)
    {
        if (_why.Length == 0) _why = reason;
        return code;
    }

    // The list of what is still to be sent may hold every retained message twice; a client that asks for more at once is closed.
    private bool QueueRetained(BrokerConnection connection, Session session, Subscription subscription)
    {
        _retained.Clear();
        var most = (int)Math.Min(2L * state.Options.MaxRetainedMessages, int.MaxValue) - (session.RetainedBacklog?.Count ?? 0);
        if (!state.Retained.Match(subscription.FilterUtf8, _retained, most))
        {
            state.Counters.QuotaDisconnects++;
            state.Connections.Close(connection, ReasonCode.QuotaExceeded, "too many retained messages asked for at once");
            return false;
        }
        if (_retained.Count == 0) return true;
        var backlog = session.RetainedBacklog ??= new Queue<(RetainedTopic Topic, Subscription Subscription)>(_retained.Count);
        foreach (var topic in _retained) backlog.Enqueue((topic, subscription));
        return true;
    }

    private void Answer(BrokerConnection connection, PacketType type, ushort packetId)
    {
        Span<byte> space = stackalloc byte[Reasons.BytesMax];
        var codes = CollectionsMarshal.AsSpan(_codes);
        var packet = new SubAckPacket { Type = type, PacketId = packetId, Properties = Reasons.For(connection, _why, space), Codes = codes };
        if (packet.Size(connection.ProtocolVersion) > connection.PeerPacketBytesMax)
            packet = new SubAckPacket { Type = type, PacketId = packetId, Codes = codes };
        var bytes = packet.Size(connection.ProtocolVersion);
        packet.Write(state.Outputs.Reserve(connection, bytes), connection.ProtocolVersion);
        state.Outputs.Commit(connection, bytes);
    }
}
