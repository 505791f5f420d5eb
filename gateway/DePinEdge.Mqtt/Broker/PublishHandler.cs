using System.Text;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>A client's PUBLISH, and its will: where they may go, the retained message, the subscribers, the acknowledgement, the
/// application.</summary>
internal sealed class PublishHandler(BrokerState state)
{
    public void Handle(BrokerConnection connection, in PublishPacket packet)
    {
        state.Counters.PublishesIn++;
        if (!connection.Meter.Take(state.NowMs)) state.Connections.ReadLater(connection);
        if (packet.QoS == QoS.ExactlyOnce)
        {
            state.Connections.CloseForError(connection, ReasonCode.QoSNotSupported, "QoS 2 is not served");
            return;
        }
        if (!packet.Properties.IsEmpty && PropertyReader.TryFind(packet.Properties, PropertyId.TopicAlias, out _))
        {
            state.Connections.CloseForError(connection, ReasonCode.TopicAliasInvalid, "topic aliases are not served");
            return;
        }
        var mayRetain = state.Options.MaxRetainedMessages > 0;
        if (packet.Retain && !mayRetain && connection.ProtocolVersion == ProtocolVersion.V5)
        {
            state.Connections.CloseForError(connection, ReasonCode.RetainNotSupported, "nothing is retained here");
            return;
        }

        var session = connection.Session!;
        var client = session.Client!;
        ref readonly var entry = ref connection.Routes!.Find(state, client, packet.Topic, packet.QoS, packet.Retain);
        var (topic, route, refusal) = (entry.Topic, entry.Route, entry.Refusal);
        // The application may have closed this very client while it was asked.
        if (connection.CloseAfterFlush) return;
        if (route == PublishRoute.Refuse)
        {
            state.Counters.PublishesRefused++;
            if (refusal == ReasonCode.TopicNameInvalid) state.Counters.Count(BrokerLimit.MaxTopicLevels);
            Acknowledge(connection, packet, refusal, refusal == ReasonCode.TopicNameInvalid
                ? "the topic has too many levels" : "this client may not publish to this topic");
            return;
        }
        var answer = ReasonCode.Success;
        if (route != PublishRoute.ToApplication)
        {
            var expiresAtMs = Expiry.AtMs(packet.Properties, state.NowMs);
            var properties = packet.Properties;
            if (expiresAtMs != 0) properties = Expiry.Strip(properties, new byte[properties.Length]);
            var message = new MessageView
            {
                Topic = packet.Topic,
                Properties = properties,
                Payload = packet.Payload,
                QoS = packet.QoS,
                Retain = packet.Retain && mayRetain,
                ExpiresAtMs = expiresAtMs,
            };
            if (!TryPublish(message, session, out var reached))
            {
                state.Counters.PublishesRefused++;
                Acknowledge(connection, packet, ReasonCode.QuotaExceeded, "no more messages are retained here");
                return;
            }
            if (reached == 0 && route == PublishRoute.ToSubscribers) answer = ReasonCode.NoMatchingSubscribers;
        }
        Acknowledge(connection, packet, answer);
        if (route != PublishRoute.ToSubscribers)
            state.Application.MessageReceived(client, topic, packet.Payload, packet.QoS, packet.Retain, state.NowMs);
    }

    /// <summary>Publishes the will of a client that is gone, under the same rules as its publishes.</summary>
    public void PublishWill(BrokerClient client, Will will)
    {
        var view = will.Message.View;
        var message = view with { ExpiresAtMs = will.ExpirySeconds is { } seconds ? Math.Max(1, state.NowMs + seconds * 1_000L) : 0 };
        var topic = Encoding.UTF8.GetString(message.Topic);
        var route = state.Application.AuthorizePublish(client, topic, message.QoS, message.Retain);
        if (route == PublishRoute.Refuse || (route != PublishRoute.ToApplication && !TryPublish(message, null, out _)))
        {
            state.Counters.PublishesRefused++;
            return;
        }
        state.Counters.WillsPublished++;
        if (route != PublishRoute.ToSubscribers)
            state.Application.MessageReceived(client, topic, message.Payload, message.QoS, message.Retain, state.NowMs);
    }

    // False when the message is to be retained and cannot be: then it reaches nobody, so that its publisher may try again without
    // doubling it.
    private bool TryPublish(in MessageView message, Session? publisher, out int reached)
    {
        reached = 0;
        Message? kept = null;
        if (message.Retain)
        {
            if (!state.Retained.HasRoomFor(message)) return false;
            state.Retained.Set(message, ref kept);
        }
        reached = state.Delivery.Publish(message, publisher, ref kept);
        return true;
    }

    private void Acknowledge(BrokerConnection connection, in PublishPacket packet, ReasonCode code, string reason = "")
    {
        // Its own subscription may have filled the client's queue and closed it: then it will send the message again.
        if (packet.QoS == QoS.AtMostOnce || connection.CloseAfterFlush) return;
        Span<byte> space = stackalloc byte[Reasons.BytesMax];
        var ack = new AckPacket
        {
            Type = PacketType.PubAck,
            PacketId = packet.PacketId,
            Code = code,
            Properties = reason.Length == 0 ? default : Reasons.For(connection, reason, space),
        };
        if (ack.Size(connection.ProtocolVersion) > connection.PeerPacketBytesMax)
            ack = new AckPacket { Type = PacketType.PubAck, PacketId = packet.PacketId, Code = code };
        var bytes = ack.Size(connection.ProtocolVersion);
        ack.Write(state.Outputs.Reserve(connection, bytes), connection.ProtocolVersion);
        state.Outputs.Commit(connection, bytes);
    }
}
