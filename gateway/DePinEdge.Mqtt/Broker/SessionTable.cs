namespace DePinEdge.Mqtt.Broker;

/// <summary>The sessions by client id: begun or resumed by CONNECT, offline after the connection, ended by time, by a clean start or to
/// make room.</summary>
internal sealed class SessionTable(BrokerState state)
{
    private readonly Dictionary<string, Session> _byClientId = new(StringComparer.Ordinal);
    private readonly DeadlineHeap _offline = new();

    public long NextTickMs => _offline.NextMs;

    public Session? Find(string clientId) => _byClientId.GetValueOrDefault(clientId);

    /// <summary>Makes room for one more session if need be: the offline one nearest to its end goes. False when all are
    /// connected.</summary>
    public bool TryMakeRoom()
    {
        if (_byClientId.Count < state.Options.MaxSessions) return true;
        if (_offline.First is not { } first) return false;
        state.Counters.SessionsEvicted++;
        state.Counters.Count(BrokerLimit.MaxSessions);
        End((Session)first.Owner);
        return true;
    }

    public Session Begin(string clientId)
    {
        var session = new Session(clientId);
        _byClientId.Add(clientId, session);
        state.Counters.Sessions++;
        return session;
    }

    /// <summary>An offline session is connected again: neither its end nor its will is due any more.</summary>
    public void Resume(Session session)
    {
        _offline.Remove(session.Deadline);
        CountOffline(session, 0);
        session.PendingWill = null;
    }

    /// <summary>Says how many bytes wait in a session while it is offline.</summary>
    public void CountOffline(Session session, long bytes)
    {
        state.Counters.OfflineQueuedBytes += bytes - session.OfflineBytes;
        session.OfflineBytes = bytes;
    }

    /// <summary>A connection is given up: its session goes offline or ends, the application will hear of it.</summary>
    public void Detach(BrokerConnection connection, ReasonCode code, string reason, bool publishWill)
    {
        var session = connection.Session!;
        var client = session.Client!;
        var will = publishWill ? connection.Will : null;
        connection.Session = null;
        connection.Will = null;
        connection.Routes = null;
        session.Connection = null;
        client.Connected = false;
        Rewind(session);
        var delayMs = Math.Min(will?.DelaySeconds ?? 0, session.ExpirySeconds) * 1000L;
        state.Notices.Enqueue(new Notice(client, true, code, reason, delayMs == 0 ? will : null));
        if (session.ExpirySeconds == 0)
        {
            End(session);
            return;
        }
        CountOffline(session, session.Queue.WaitingBytes);
        session.ExpiresAtMs = state.NowMs + session.ExpirySeconds * 1000L;
        if (delayMs > 0) (session.PendingWill, session.WillAtMs) = (will, state.NowMs + delayMs);
        SetDeadline(session);
    }

    /// <summary>Forgets a session that is not connected.</summary>
    public void End(Session session)
    {
        Invariant.Require(session.Connection is null, "a session ends after its connection");
        _offline.Remove(session.Deadline);
        _byClientId.Remove(session.ClientId);
        CountOffline(session, 0);
        state.Counters.Sessions--;
        state.Counters.QueuedMessages -= session.Queue.Waiting;
        state.Counters.Subscriptions -= session.SubscriptionCount;
        foreach (var subscription in session.Subscriptions) state.Subscriptions.Remove(subscription);
        if (session.PendingWill is { } will) state.Notices.Enqueue(new Notice(session.Client!, false, ReasonCode.Success, "", will));
        session.PendingWill = null;
    }

    public void Tick()
    {
        while (_offline.TryTakeDue(state.NowMs, out var due))
        {
            var session = (Session)due.Owner;
            if (session.ExpiresAtMs <= state.NowMs)
            {
                state.Counters.SessionsExpired++;
                End(session);
                continue;
            }
            if (session.PendingWill is { } will && session.WillAtMs <= state.NowMs)
            {
                session.PendingWill = null;
                state.Notices.Enqueue(new Notice(session.Client!, false, ReasonCode.Success, "", will));
            }
            SetDeadline(session);
        }
    }

    private void SetDeadline(Session session) =>
        _offline.Set(session.Deadline, session.PendingWill is null ? session.ExpiresAtMs : Math.Min(session.WillAtMs, session.ExpiresAtMs));

    private void Rewind(Session session)
    {
        state.Counters.QueuedMessages -= session.Queue.Waiting;
        session.Queue.Rewind();
        state.Counters.QueuedMessages += session.Queue.Waiting;
        session.RetainedBacklog = null;
    }
}
