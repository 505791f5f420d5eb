using System.Globalization;
using System.Text;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>CONNECT: reads it, asks the application, begins or resumes the session, takes an older connection over, and answers with what
/// this broker can and cannot do.</summary>
internal sealed class ConnectHandler(BrokerState state)
{
    private long _assignedIds;

    public void Handle(BrokerConnection connection, in Frame frame)
    {
        var status = ConnectPacket.TryRead(frame, out var packet);
        // A version beyond ours is answered in ours, one before it in 3.1.1, whose return code 1 says just that.
        connection.ProtocolVersion = packet.ProtocolVersion >= ProtocolVersion.V5 ? ProtocolVersion.V5 : ProtocolVersion.V311;
        if (!state.Connections.Addresses.MayConnect(connection.Remote, state.NowMs))
        {
            state.Counters.Count(BrokerLimit.ConnectsPerSecondPerAddress);
            Refuse(connection, ReasonCode.ConnectionRateExceeded, "too many connections from this address within a second");
            return;
        }
        if (status != DecodeStatus.Ok)
        {
            state.Counters.ProtocolErrors++;
            Refuse(connection, status.ToReasonCode(), "", answer: packet.ProtocolVersion >= ProtocolVersion.V5
                || status == DecodeStatus.UnsupportedProtocolVersion);
            return;
        }
        var isV5 = packet.ProtocolVersion == ProtocolVersion.V5;
        connection.PeerPacketBytesMax = (int)Math.Min(PropertyReader.Number(packet.Properties, PropertyId.MaximumPacketSize,
            int.MaxValue), int.MaxValue);
        connection.ProblemInformation = PropertyReader.Number(packet.Properties, PropertyId.RequestProblemInformation, 1) != 0;
        if (Unacceptable(packet, isV5) is { } unacceptable)
        {
            Refuse(connection, unacceptable.Code, unacceptable.Reason);
            return;
        }

        var assigned = packet.ClientId.IsEmpty;
        var clientId = assigned ? NewClientId() : Encoding.UTF8.GetString(packet.ClientId);
        var userName = packet.HasUserName ? Encoding.UTF8.GetString(packet.UserName) : null;
        var password = packet.Password.ToArray();
        var request = new ConnectRequest(clientId, userName, password, packet.HasPassword, connection.Remote, packet.ProtocolVersion,
            packet.CleanStart);
        var verdict = state.Application.Authenticate(request, state.NowMs);
        password.AsSpan().Clear();
        if (verdict.Code >= ReasonCode.UnspecifiedError)
        {
            Refuse(connection, verdict.Code, verdict.Reason ?? "", serverReference: verdict.ServerReference);
            return;
        }

        if (OpenSession(connection, packet, clientId, out var sessionPresent) is not { } session)
        {
            state.Counters.Count(BrokerLimit.MaxSessions);
            Refuse(connection, ReasonCode.QuotaExceeded, "the session limit is reached");
            return;
        }
        var asked = isV5 ? PropertyReader.Number(packet.Properties, PropertyId.SessionExpiryInterval, 0) : packet.CleanStart
            ? 0 : uint.MaxValue;
        session.ExpirySeconds = verdict.AllowPersistentSession ? Math.Min(asked, state.Options.SessionExpiryMaxSeconds) : 0;
        connection.AskedExpirySeconds = asked;
        connection.PacketBytesMax = verdict.MaxPacketBytes > 0
            ? Math.Min(verdict.MaxPacketBytes, state.Options.MaxPacketBytes) : state.Options.MaxPacketBytes;
        connection.InflightMax = (int)Math.Min(PropertyReader.Number(packet.Properties, PropertyId.ReceiveMaximum, 65_535),
            (uint)state.Options.MaxInflight);
        var perSecond = state.Options.PublishesPerSecond;
        if (verdict.PublishesPerSecond > 0) perSecond = perSecond == 0 ? verdict.PublishesPerSecond : Math.Min(perSecond, verdict.PublishesPerSecond);
        connection.Meter = PublishMeter.Start(perSecond, state.NowMs);
        connection.Routes = new RouteCache(state.Options.MaxCachedRoutes);
        connection.Will = packet.HasWill ? ReadWill(packet) : null;
        var keepAlive = KeepAlive(packet.KeepAliveSeconds, isV5);
        connection.SilenceMaxMs = keepAlive * 1_500L;
        state.Connections.StartKeepAlive(connection);

        var client = new BrokerClient(request, verdict.Identity, sessionPresent);
        connection.Session = session;
        session.Connection = connection;
        session.Client = client;
        state.Counters.ConnectsAccepted++;
        state.Counters.PendingConnections--;
        var expiryTold = session.ExpirySeconds != asked ? session.ExpirySeconds : (uint?)null;
        var keepAliveTold = keepAlive != packet.KeepAliveSeconds ? keepAlive : (int?)null;
        if (!Accept(connection, sessionPresent, assigned ? clientId : null, expiryTold, keepAliveTold))
        {
            // Not even CONNACK fits into what this client takes.
            state.Connections.Close(connection, ReasonCode.PacketTooLarge, "CONNACK is larger than the client takes", sayDisconnect: false);
            return;
        }
        state.Delivery.Pump(session);
        state.Application.SessionOpened(client, state.NowMs);
    }

    private (ReasonCode Code, string Reason)? Unacceptable(in ConnectPacket packet, bool isV5)
    {
        if (packet.ClientId.Length > state.Options.MaxClientIdBytes)
        {
            state.Counters.Count(BrokerLimit.MaxClientIdBytes);
            return (ReasonCode.ClientIdentifierNotValid, "the client id is too long");
        }
        if (packet.ClientId.IsEmpty && !isV5 && !packet.CleanStart)
            return (ReasonCode.ClientIdentifierNotValid, "a session to be kept needs a client id");
        if (PropertyReader.TryFind(packet.Properties, PropertyId.AuthenticationMethod, out _))
            return (ReasonCode.BadAuthenticationMethod, "enhanced authentication is not served");
        if (!packet.HasWill) return null;
        if (isV5 && packet.WillQoS == QoS.ExactlyOnce) return (ReasonCode.QoSNotSupported, "a will of QoS 2 is not served");
        if (isV5 && packet.WillRetain && state.Options.MaxRetainedMessages == 0)
            return (ReasonCode.RetainNotSupported, "nothing is retained here");
        if (TopicName.Levels(packet.WillTopic) <= state.Options.MaxTopicLevels) return null;
        state.Counters.Count(BrokerLimit.MaxTopicLevels);
        return (ReasonCode.TopicNameInvalid, "the will's topic has too many levels");
    }

    // Null when there is no room for one more session. An older connection of the same client is closed and reported before the new one is.
    private Session? OpenSession(BrokerConnection connection, in ConnectPacket packet, string clientId, out bool sessionPresent)
    {
        sessionPresent = false;
        if (state.Sessions.Find(clientId)?.Connection is { } older)
        {
            state.Counters.TakeOvers++;
            state.Connections.Close(older, ReasonCode.SessionTakenOver, "the client id connected again");
        }
        state.DrainNotices();
        if (state.Sessions.Find(clientId) is { } session)
        {
            if (!packet.CleanStart)
            {
                state.Sessions.Resume(session);
                sessionPresent = true;
                return session;
            }
            state.Sessions.End(session);
            state.DrainNotices();
        }
        return state.Sessions.TryMakeRoom() ? state.Sessions.Begin(clientId) : null;
    }

    private static Will ReadWill(in ConnectPacket packet)
    {
        // The delay is between the client and the broker, the expiry counts from the will's publication; all others travel with it.
        Span<byte> forwarded = packet.WillProperties.Length <= 1_024
            ? stackalloc byte[packet.WillProperties.Length] : new byte[packet.WillProperties.Length];
        var writer = new WireWriter(forwarded);
        uint delay = 0;
        uint? expiry = null;
        for (var rest = packet.WillProperties; !rest.IsEmpty;)
        {
            var reader = new PropertyReader(rest);
            reader.TryRead(out var property);
            var bytes = rest.Length - reader.BytesLeft;
            if (property.Id == PropertyId.WillDelayInterval) delay = property.Number;
            else if (property.Id == PropertyId.MessageExpiryInterval) expiry = property.Number;
            else writer.Raw(rest[..bytes]);
            rest = rest[bytes..];
        }
        var view = new MessageView
        {
            Topic = packet.WillTopic,
            Properties = forwarded[..writer.Written],
            Payload = packet.WillPayload,
            QoS = packet.WillQoS == QoS.ExactlyOnce ? QoS.AtLeastOnce : packet.WillQoS,
            Retain = packet.WillRetain,
        };
        return new Will(new Message(view), delay, expiry);
    }

    // An MQTT 5 client is told another keep-alive; a 3.1.1 client cannot be.
    private int KeepAlive(int asked, bool isV5)
    {
        var most = state.Options.KeepAliveMaxSeconds;
        return isV5 && most > 0 && (asked == 0 || asked > most) ? most : asked;
    }

    // Ids count up; one that is taken, because a client chose it, is skipped.
    private string NewClientId()
    {
        while (true)
        {
            var id = state.Options.AssignedClientIdPrefix + (++_assignedIds).ToString(CultureInfo.InvariantCulture);
            if (state.Sessions.Find(id) is null) return id;
        }
    }

    private bool Accept(BrokerConnection connection, bool sessionPresent, string? assignedId, uint? expirySeconds, int? keepAliveSeconds)
    {
        Span<byte> space = stackalloc byte[512];
        var properties = new PropertyWriter(space);
        if (connection.ProtocolVersion == ProtocolVersion.V5)
        {
            if (expirySeconds is { } expiry) properties.Add(PropertyId.SessionExpiryInterval, expiry);
            properties.Add(PropertyId.ReceiveMaximum, (uint)state.Options.ReceiveMaximum);
            properties.Add(PropertyId.MaximumQoS, (uint)QoS.AtLeastOnce);
            if (state.Options.MaxRetainedMessages == 0) properties.Add(PropertyId.RetainAvailable, 0);
            properties.Add(PropertyId.MaximumPacketSize, (uint)connection.PacketBytesMax);
            if (assignedId is not null) properties.Add(PropertyId.AssignedClientIdentifier, assignedId);
            properties.Add(PropertyId.TopicAliasMaximum, 0);
            properties.Add(PropertyId.SharedSubscriptionAvailable, 0);
            if (keepAliveSeconds is { } keepAlive) properties.Add(PropertyId.ServerKeepAlive, (uint)keepAlive);
        }
        return Answer(connection, new ConnAckPacket { SessionPresent = sessionPresent, Properties = properties.Written });
    }

    private void Refuse(BrokerConnection connection, ReasonCode code, string reason, bool answer = true, string? serverReference = null)
    {
        state.Counters.ConnectsRefused++;
        if (answer)
        {
            if (!ReasonCodes.Fits(PacketType.ConnAck, code)) code = ReasonCode.NotAuthorized;
            Span<byte> space = stackalloc byte[512];
            var properties = new PropertyWriter(space);
            if (reason.Length > 0 && Encoding.UTF8.GetByteCount(reason) <= space.Length - 3)
                properties.Add(PropertyId.ReasonString, reason);
            if (serverReference is not null && properties.Written.Length + Encoding.UTF8.GetByteCount(serverReference) + 3 <= space.Length)
                properties.Add(PropertyId.ServerReference, serverReference);
            if (!Answer(connection, new ConnAckPacket { Code = code, Properties = properties.Written }))
                Answer(connection, new ConnAckPacket { Code = code });
        }
        state.Connections.Close(connection, code, reason);
    }

    private bool Answer(BrokerConnection connection, in ConnAckPacket packet)
    {
        var bytes = packet.Size(connection.ProtocolVersion);
        if (bytes > connection.PeerPacketBytesMax) return false;
        packet.Write(state.Outputs.Reserve(connection, bytes), connection.ProtocolVersion);
        state.Outputs.Commit(connection, bytes);
        return true;
    }
}
