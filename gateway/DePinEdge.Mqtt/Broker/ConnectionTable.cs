using System.Text;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>Life and death of connections: opening, their deadlines, giving them up with or without a last word, and the end of the
/// transport.</summary>
internal sealed class ConnectionTable(BrokerState state)
{
    private readonly DeadlineHeap _deadlines = new();
    private readonly DeadlineHeap _readAgain = new();

    public AddressGuard Addresses { get; } = new(state.Options);

    public long NextTickMs => Math.Min(_deadlines.NextMs, _readAgain.NextMs);

    public BrokerConnection? Open(RemoteEndpoint remote)
    {
        BrokerLimit? limit =
            state.Counters.Connections >= state.Options.MaxConnections ? BrokerLimit.MaxConnections
            : state.Counters.PendingConnections >= state.Options.MaxPendingConnections ? BrokerLimit.MaxPendingConnections
            : !Addresses.TryOpen(remote) ? BrokerLimit.MaxConnectionsPerAddress
            : null;
        if (limit is { } reached)
        {
            state.Counters.ConnectionsRefused++;
            state.Counters.Count(reached);
            return null;
        }
        state.Counters.Connections++;
        state.Counters.PendingConnections++;
        state.Counters.ConnectionsOpened++;
        var connection = new BrokerConnection(remote) { LastPacketMs = state.NowMs, PacketBytesMax = state.Options.MaxConnectPacketBytes };
        _deadlines.Set(connection.Deadline, state.NowMs + state.Options.ConnectTimeoutMs);
        return connection;
    }

    /// <summary>Keep-alive takes the place of the CONNECT time-out.</summary>
    public void StartKeepAlive(BrokerConnection connection)
    {
        if (connection.SilenceMaxMs > 0) _deadlines.Set(connection.Deadline, connection.LastPacketMs + connection.SilenceMaxMs);
        else _deadlines.Remove(connection.Deadline);
    }

    /// <summary>Reads no more from a client that publishes too fast until it has its next share.</summary>
    public void ReadLater(BrokerConnection connection)
    {
        if (!connection.TooFast) state.Counters.Count(BrokerLimit.PublishesPerSecond);
        connection.TooFast = true;
        _readAgain.Set(connection.ReadAgain, connection.Meter.ReadyAtMs);
    }

    /// <summary>Gives a connection up because of a packet: counted as a protocol error.</summary>
    public void CloseForError(BrokerConnection connection, ReasonCode code, string reason)
    {
        state.Counters.ProtocolErrors++;
        Close(connection, code, reason);
    }

    /// <summary>
    /// Gives a connection up: an accepted MQTT 5 client reads DISCONNECT with the code, the session goes offline or ends, the shell is
    /// asked to close. Nothing happens the second time.
    /// </summary>
    public void Close(BrokerConnection connection, ReasonCode code, string reason, bool sayDisconnect = true, bool publishWill = true)
    {
        if (connection.CloseAfterFlush) return;
        if (sayDisconnect && connection.Session is not null && connection.ProtocolVersion == ProtocolVersion.V5)
            SayDisconnect(connection, code, reason);
        connection.CloseAfterFlush = true;
        connection.TooFast = false;
        _readAgain.Remove(connection.ReadAgain);
        if (connection.Session is null) state.Counters.PendingConnections--;
        else state.Sessions.Detach(connection, code, reason, publishWill);
        ReleaseStash(connection);
        _deadlines.Set(connection.Deadline, state.NowMs + state.Options.CloseTimeoutMs);
        state.Outputs.MarkDirty(connection);
    }

    /// <summary>The transport is gone.</summary>
    public void Closed(BrokerConnection connection, string reason)
    {
        if (connection.TransportClosed) return;
        Close(connection, ReasonCode.UnspecifiedError, reason, sayDisconnect: false);
        connection.TransportClosed = true;
        state.Counters.Connections--;
        Addresses.Close(connection.Remote);
        _deadlines.Remove(connection.Deadline);
        state.Outputs.Release(connection);
    }

    public void Tick()
    {
        while (_readAgain.TryTakeDue(state.NowMs, out var rested))
        {
            var slow = (BrokerConnection)rested.Owner;
            slow.TooFast = false;
            // A pause of ours is no silence of the client's.
            slow.LastPacketMs = state.NowMs;
            state.Outputs.MarkDirty(slow);
        }
        while (_deadlines.TryTakeDue(state.NowMs, out var due))
        {
            var connection = (BrokerConnection)due.Owner;
            if (connection.CloseAfterFlush)
            {
                state.Counters.Count(BrokerLimit.CloseTimeoutMs);
                connection.Abort = true;
                state.Outputs.MarkDirty(connection);
            }
            else if (connection.Session is null)
            {
                state.Counters.ConnectTimeouts++;
                state.Counters.Count(BrokerLimit.ConnectTimeoutMs);
                Close(connection, ReasonCode.UnspecifiedError, "no CONNECT in time");
            }
            else if (connection.TooFast)
            {
                // Its silence is our doing.
                _deadlines.Set(connection.Deadline, connection.ReadAgain.AtMs + connection.SilenceMaxMs);
            }
            else if (connection.LastPacketMs + connection.SilenceMaxMs is var silentAtMs && silentAtMs > state.NowMs)
            {
                _deadlines.Set(connection.Deadline, silentAtMs);
            }
            else
            {
                state.Counters.KeepAliveTimeouts++;
                Close(connection, ReasonCode.KeepAliveTimeout, $"nothing came for {connection.SilenceMaxMs} ms");
            }
        }
    }

    /// <summary>Gives the stash back, unless somebody up the stack still reads it.</summary>
    public void ReleaseStash(BrokerConnection connection)
    {
        if (connection.Receiving || connection.Stash is not { } stash) return;
        state.Outputs.Pool.Return(stash);
        connection.Stash = null;
        connection.StashBytes = 0;
    }

    private void SayDisconnect(BrokerConnection connection, ReasonCode code, string reason)
    {
        if (!ReasonCodes.Fits(PacketType.Disconnect, code)) code = ReasonCode.UnspecifiedError;
        Span<byte> space = stackalloc byte[512];
        var properties = new PropertyWriter(space);
        if (reason.Length > 0 && Encoding.UTF8.GetByteCount(reason) <= space.Length - 3) properties.Add(PropertyId.ReasonString, reason);
        var packet = new DisconnectPacket { Code = code, Properties = properties.Written };
        if (packet.Size(ProtocolVersion.V5) > connection.PeerPacketBytesMax) packet = new DisconnectPacket { Code = code };
        var bytes = packet.Size(ProtocolVersion.V5);
        packet.Write(state.Outputs.Reserve(connection, bytes), ProtocolVersion.V5);
        state.Outputs.Commit(connection, bytes);
    }
}
