using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// Brings messages to sessions: by the trie to all who subscribed, or to one. Nothing here calls the application, so the list of matches
/// is never disturbed. A subscriber too slow
/// loses QoS 0 messages, keeps QoS 1 messages waiting in its own queue, and is closed when that is full.
/// </summary>
internal sealed class Delivery(BrokerState state)
{
    // An identifier byte and at most four bytes of number each; more than this many overlapping identifiers are not sent.
    internal const int IdentifiersBytesMax = 5 * 64;
    private readonly MatchList _matches = new();

    /// <summary>Delivers to all who subscribed and returns how many sessions that were. <paramref name="kept"/> is the shared copy, where
    /// there is one already, or was needed.</summary>
    public int Publish(in MessageView message, Session? publisher, ref Message? kept)
    {
        _matches.Start(publisher);
        state.Subscriptions.Match(message.Topic, _matches);
        Span<byte> own = stackalloc byte[IdentifiersBytesMax];
        for (var i = 0; i < _matches.Count; i++)
        {
            ref var match = ref _matches[i];
            var ownBytes = match.Identifier == 0 ? 0 : WriteIdentifiers(match, own);
            Deliver(match.Session, message, match.QoS, message.Retain && match.RetainAsPublished, false, own[..ownBytes], ref kept);
        }
        return _matches.Count;
    }

    /// <summary>Delivers to one connected session under one of its subscriptions. False when it could not be taken.</summary>
    public bool SendTo(Session session, in MessageView message)
    {
        Subscription? best = null;
        foreach (var subscription in session.Subscriptions)
            if (TopicFilter.Matches(subscription.FilterUtf8, message.Topic) && (best is null || subscription.QoS > best.QoS))
                best = subscription;
        if (best is null) return false;
        Span<byte> own = stackalloc byte[8];
        Message? kept = null;
        return Deliver(session, message, best.QoS, false, true, own[..WriteIdentifier(best.Identifier, own)], ref kept);
    }

    /// <summary>Sends what waits in a session, as far as the peer's window and the output allow; then retained messages of new
    /// subscriptions.</summary>
    public void Pump(Session session)
    {
        if (session.Connection is not { } connection) return;
        SendWaiting(session, connection);
        while (session.RetainedBacklog is { } backlog && session.Queue.Waiting == 0)
        {
            var (topic, subscription) = backlog.Peek();
            if (topic.Message is { } message && !message.IsExpired(state.NowMs) && subscription.Set is not null
                && !TrySendRetained(session, connection, message, subscription)) return;
            backlog.Dequeue();
            if (backlog.Count == 0) session.RetainedBacklog = null;
        }
    }

    private void SendWaiting(Session session, BrokerConnection connection)
    {
        var queue = session.Queue;
        while (queue.Waiting > 0 && queue.Inflight < connection.InflightMax)
        {
            ref var outbound = ref queue.FirstWaiting;
            if (outbound.PacketId == 0 && !session.TryNextPacketId(out outbound.PacketId)) return;
            // One whose sending has begun is finished, whatever its age (section 3.3.2.3.3).
            if (!outbound.Sent && outbound.Message!.IsExpired(state.NowMs))
            {
                state.Counters.QueuedMessages--;
                state.Counters.Expired++;
                queue.DropFirstWaiting();
                continue;
            }
            var result = state.Outputs.Publish(connection, outbound.Message!.View, QoS.AtLeastOnce, outbound.Retain, outbound.Sent,
                outbound.PacketId, outbound.OwnProperties, state.NowMs);
            if (result == SendResult.NoRoom) return;
            state.Counters.QueuedMessages--;
            if (result == SendResult.Sent)
            {
                queue.MarkSent();
                continue;
            }
            state.Counters.DroppedTooLargeForClient++;
            queue.DropFirstWaiting();
        }
    }

    // A QoS 1 one goes through the queue, one at a time, so that it has its identifier and its acknowledgement as any other.
    private bool TrySendRetained(Session session, BrokerConnection connection, Message message, Subscription subscription)
    {
        Span<byte> own = stackalloc byte[8];
        var properties = own[..WriteIdentifier(subscription.Identifier, own)];
        var view = message.View;
        if (Lower(view.QoS, subscription.QoS) == QoS.AtMostOnce)
        {
            var result = state.Outputs.Publish(connection, view, QoS.AtMostOnce, true, false, 0, properties, state.NowMs);
            if (result == SendResult.TooLarge) state.Counters.DroppedTooLargeForClient++;
            return result != SendResult.NoRoom;
        }
        session.Queue.Append(new Outbound { Message = message, Retain = true, OwnProperties = Keep(properties) });
        state.Counters.QueuedMessages++;
        SendWaiting(session, connection);
        return true;
    }

    private bool Deliver(Session session, in MessageView message, QoS granted, bool retain, bool directed, ReadOnlySpan<byte> own,
        ref Message? kept)
    {
        var connection = session.Connection;
        if (Lower(message.QoS, granted) == QoS.AtMostOnce)
        {
            if (connection is null) return false;
            var result = state.Outputs.Publish(connection, message, QoS.AtMostOnce, retain, false, 0, own, state.NowMs);
            if (result == SendResult.NoRoom)
            {
                state.Counters.DroppedSlowSubscriber++;
                state.Counters.Count(BrokerLimit.MaxOutputBytesPerConnection);
            }
            else if (result == SendResult.TooLarge) state.Counters.DroppedTooLargeForClient++;
            return result == SendResult.Sent;
        }
        // A clean session that was closed earlier in this same fan-out has ended and keeps nothing.
        if (connection is null && session.ExpirySeconds == 0) return false;
        var queue = session.Queue;
        if (QueueLimit(queue, message.Bytes, connection is null) is { } limit)
        {
            state.Counters.Count(limit);
            AtQueueLimit(connection);
            return false;
        }
        kept ??= new Message(message);
        queue.Append(new Outbound { Message = kept, Retain = retain, Directed = directed, OwnProperties = Keep(own) });
        state.Counters.QueuedMessages++;
        if (connection is null) state.Sessions.CountOffline(session, queue.WaitingBytes);
        else if (queue.Waiting == 1) Pump(session);
        return true;
    }

    // One message alone always fits into a connected client's queue: it goes out at once, or next.
    private BrokerLimit? QueueLimit(OutboundQueue queue, int bytes, bool offline) =>
        queue.Waiting >= state.Options.MaxQueuedPerSession ? BrokerLimit.MaxQueuedPerSession
        : queue.Waiting > 0 && queue.WaitingBytes + bytes > state.Options.MaxQueuedBytesPerSession ? BrokerLimit.MaxQueuedBytesPerSession
        : offline && state.Counters.OfflineQueuedBytes + bytes > state.Options.MaxOfflineQueuedBytes ? BrokerLimit.MaxOfflineQueuedBytes
        : null;

    private void AtQueueLimit(BrokerConnection? connection)
    {
        if (connection is null)
        {
            state.Counters.DroppedOfflineQueueFull++;
            return;
        }
        state.Counters.QuotaDisconnects++;
        state.Connections.Close(connection, ReasonCode.QuotaExceeded, "too many messages wait for this client");
    }

    private static byte[]? Keep(ReadOnlySpan<byte> properties) => properties.IsEmpty ? null : properties.ToArray();

    private static QoS Lower(QoS a, QoS b) => a < b ? a : b;

    private static int WriteIdentifier(int identifier, Span<byte> into)
    {
        if (identifier == 0) return 0;
        var writer = new PropertyWriter(into);
        writer.Add(PropertyId.SubscriptionIdentifier, (uint)identifier);
        return writer.Written.Length;
    }

    private static int WriteIdentifiers(in MatchList.Match match, Span<byte> into)
    {
        var bytes = WriteIdentifier(match.Identifier, into);
        if (match.MoreIdentifiers is null) return bytes;
        foreach (var identifier in match.MoreIdentifiers)
            if (into.Length - bytes >= 5) bytes += WriteIdentifier(identifier, into[bytes..]);
        return bytes;
    }
}
