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
            Acknowledge(connection, packet, refusal);
            return;
        }
        var answer = ReasonCode.Success;
        if (route != PublishRoute.ToApplication)
        {
            var message = new MessageView
            {
                Topic = packet.Topic,
                Properties = packet.Properties,
                Payload = packet.Payload,
                QoS = packet.QoS,
                Retain = packet.Retain && mayRetain,
            };
            if (!TryPublish(message, session, out var reached))
            {
                state.Counters.PublishesRefused++;
                Acknowledge(connection, packet, ReasonCode.QuotaExceeded);
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
        var message = will.Message.View;
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
            if (!state.Retained.HasRoomFor(message))
            {
                state.Counters.RetainedRefused++;
                return false;
            }
            state.Retained.Set(message, ref kept);
        }
        reached = state.Delivery.Publish(message, publisher, ref kept);
        return true;
    }

    private void Acknowledge(BrokerConnection connection, in PublishPacket packet, ReasonCode code)
    {
        // Its own subscription may have filled the client's queue and closed it: then it will send the message again.
        if (packet.QoS == QoS.AtMostOnce || connection.CloseAfterFlush) return;
        var ack = new AckPacket { Type = PacketType.PubAck, PacketId = packet.PacketId, Code = code };
        var bytes = ack.Size(connection.ProtocolVersion);
        ack.Write(state.Outputs.Reserve(connection, bytes), connection.ProtocolVersion);
        state.Outputs.Commit(connection, bytes);
    }
}
