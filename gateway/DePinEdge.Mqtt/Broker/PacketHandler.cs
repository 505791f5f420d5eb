using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>One packet of a client: read it, check that it may come now, hand it to its handler. What is wrong closes this connection and
/// no other.</summary>
internal sealed class PacketHandler
{
    private readonly BrokerState _state;
    private readonly ConnectHandler _connect;
    private readonly PublishHandler _publish;
    private readonly SubscribeHandler _subscribe;

    public PacketHandler(BrokerState state)
    {
        _state = state;
        _connect = new ConnectHandler(state);
        _publish = new PublishHandler(state);
        _subscribe = new SubscribeHandler(state);
        state.WillDue = _publish.PublishWill;
    }

    public void Handle(BrokerConnection connection, in Frame frame)
    {
        connection.LastPacketMs = _state.NowMs;
        if (connection.Session is null)
        {
            if (frame.Type == PacketType.Connect) _connect.Handle(connection, frame);
            else _state.Connections.CloseForError(connection, ReasonCode.ProtocolError, "the first packet is not CONNECT");
            return;
        }
        var status = frame.Type switch
        {
            PacketType.Publish => Publish(connection, frame),
            PacketType.PubAck => PubAck(connection, frame),
            PacketType.PubRel => PubRel(connection, frame),
            PacketType.Subscribe => Subscribe(connection, frame),
            PacketType.Unsubscribe => Unsubscribe(connection, frame),
            PacketType.PingReq => Ping(connection, frame),
            PacketType.Disconnect => Disconnect(connection, frame),
            _ => DecodeStatus.ProtocolError,
        };
        if (status != DecodeStatus.Ok)
            _state.Connections.CloseForError(connection, status.ToReasonCode(), $"{frame.Type} is not valid here");
        else if (_state.Outputs.IsOverrun(connection) && !connection.CloseAfterFlush)
        {
            _state.Counters.QuotaDisconnects++;
            _state.Counters.Count(BrokerLimit.MaxOutputBytesPerConnection);
            _state.Connections.Close(connection, ReasonCode.QuotaExceeded, "the client does not read its answers");
        }
    }

    private DecodeStatus Publish(BrokerConnection connection, in Frame frame)
    {
        var status = PublishPacket.TryRead(frame, connection.ProtocolVersion, PropertyScope.PublishToServer, out var packet);
        if (status == DecodeStatus.Ok) _publish.Handle(connection, packet);
        return status;
    }

    private DecodeStatus PubAck(BrokerConnection connection, in Frame frame)
    {
        var status = AckPacket.TryRead(frame, connection.ProtocolVersion, out var packet);
        if (status != DecodeStatus.Ok) return status;
        // An acknowledgement of nothing is old news from before a reconnection.
        var session = connection.Session!;
        if (session.Queue.Acknowledge(packet.PacketId)) _state.Delivery.Pump(session);
        return DecodeStatus.Ok;
    }

    // QoS 2 is never begun here, so this ends one that was begun elsewhere: there is nothing to release.
    private DecodeStatus PubRel(BrokerConnection connection, in Frame frame)
    {
        var status = AckPacket.TryRead(frame, connection.ProtocolVersion, out var packet);
        if (status != DecodeStatus.Ok) return status;
        var answer = new AckPacket { Type = PacketType.PubComp, PacketId = packet.PacketId, Code = ReasonCode.PacketIdentifierNotFound };
        var bytes = answer.Size(connection.ProtocolVersion);
        answer.Write(_state.Outputs.Reserve(connection, bytes), connection.ProtocolVersion);
        _state.Outputs.Commit(connection, bytes);
        return DecodeStatus.Ok;
    }

    private DecodeStatus Subscribe(BrokerConnection connection, in Frame frame)
    {
        var status = SubscribePacket.TryRead(frame, connection.ProtocolVersion, out var packet);
        if (status == DecodeStatus.Ok) _subscribe.Subscribe(connection, packet);
        return status;
    }

    private DecodeStatus Unsubscribe(BrokerConnection connection, in Frame frame)
    {
        var status = UnsubscribePacket.TryRead(frame, connection.ProtocolVersion, out var packet);
        if (status == DecodeStatus.Ok) _subscribe.Unsubscribe(connection, packet);
        return status;
    }

    private DecodeStatus Ping(BrokerConnection connection, in Frame frame)
    {
        if (!frame.Body.IsEmpty) return DecodeStatus.Malformed;
        ReadOnlySpan<byte> answer = [(byte)PacketType.PingResp << 4, 0];
        answer.CopyTo(_state.Outputs.Reserve(connection, answer.Length));
        _state.Outputs.Commit(connection, answer.Length);
        return DecodeStatus.Ok;
    }

    private DecodeStatus Disconnect(BrokerConnection connection, in Frame frame)
    {
        var status = DisconnectPacket.TryRead(frame, connection.ProtocolVersion, PropertyScope.DisconnectByClient, out var packet);
        if (status != DecodeStatus.Ok) return status;
        if (PropertyReader.TryFind(packet.Properties, PropertyId.SessionExpiryInterval, out var expiry))
        {
            // A session that was to end with the connection cannot be asked to stay at the last moment (section 3.14.2.2.2).
            if (connection.AskedExpirySeconds == 0 && expiry.Number != 0) return DecodeStatus.ProtocolError;
            var session = connection.Session!;
            if (session.ExpirySeconds != 0 || expiry.Number == 0)
                session.ExpirySeconds = Math.Min(expiry.Number, _state.Options.SessionExpiryMaxSeconds);
        }
        _state.Counters.Disconnects++;
        _state.Connections.Close(connection, packet.Code, "the client disconnected", sayDisconnect: false,
            publishWill: packet.Code != ReasonCode.Success);
        return DecodeStatus.Ok;
    }
}
