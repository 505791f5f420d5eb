using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Broker;
using static DePinEdge.Tests.Gateway.MqttTests.Codec.GoldenBytesTests;

namespace DePinEdge.Tests.Gateway.MqttTests.Broker;

/// <summary>CONNECT and its answers.</summary>
public class ConnectTests
{
    [Fact]
    public void Version_3_1_1_is_answered_in_its_own_bytes()
    {
        var broker = new TestBroker();
        var peer = broker.Open(4);
        peer.Send(Packet(0x10, Hex("0004 4D515454 04 02 003C 0001 61")));
        var output = broker.Core.TakeOutput(peer.Connection);
        Assert.Equal(Hex("20 02 00 00"), output.Memory.ToArray());
        Assert.Equal(["opened a"], broker.Heard());
    }

    [Fact]
    public void Version_5_is_told_what_the_broker_cannot_do()
    {
        var broker = new TestBroker();
        var peer = broker.Open();
        Assert.Equal("CONNACK Success", peer.Connect("a"));
        Assert.Equal("ReceiveMaximum 1024, MaximumQoS 1, MaximumPacketSize 65536, TopicAliasMaximum 0, SharedSubscriptionAvailable 0", peer.ConnAckProperties);
    }

    [Fact]
    public void Version_5_is_told_the_limits_that_differ_from_its_wishes()
    {
        var broker = new TestBroker(new BrokerOptions { KeepAliveMaxSeconds = 60, SessionExpiryMaxSeconds = 100, MaxRetainedMessages = 0 });
        broker.Application.OnAuthenticate = _ => ConnectVerdict.Accept(null) with { MaxPacketBytes = 2_000 };
        var peer = broker.Open();
        Assert.Equal("CONNACK Success", peer.Connect("", expiry: 101, keepAlive: 61));
        Assert.Equal("SessionExpiryInterval 100, ReceiveMaximum 1024, MaximumQoS 1, RetainAvailable 0, MaximumPacketSize 2000, AssignedClientIdentifier auto-1, TopicAliasMaximum 0, SharedSubscriptionAvailable 0, ServerKeepAlive 60", peer.ConnAckProperties);
        var content = broker.Open();
        content.Connect("b", expiry: 100, keepAlive: 60);
        Assert.DoesNotContain("Expiry", content.ConnAckProperties, StringComparison.Ordinal);
        Assert.DoesNotContain("KeepAlive", content.ConnAckProperties, StringComparison.Ordinal);
    }

    [Fact]
    public void Persistent_session_that_the_verdict_forbids_is_told_as_expiry_0()
    {
        var broker = new TestBroker();
        broker.Application.OnAuthenticate = _ => ConnectVerdict.Accept(null) with { AllowPersistentSession = false };
        var peer = broker.Open();
        peer.Connect("a", expiry: 10);
        Assert.StartsWith("SessionExpiryInterval 0", peer.ConnAckProperties, StringComparison.Ordinal);
        peer.Drop();
        Assert.Equal(0, broker.Counters.Sessions);
        var old = broker.Open(4);
        old.Connect("b", clean: false);
        old.Drop();
        Assert.Equal(0, broker.Counters.Sessions);
    }

    [Theory]
    [InlineData(4, ReasonCode.NotAuthorized, "CONNACK NotAuthorized")]
    [InlineData(4, ReasonCode.BadUserNameOrPassword, "CONNACK BadUserNameOrPassword")]
    [InlineData(4, ReasonCode.QuotaExceeded, "CONNACK ServerUnavailable")]
    [InlineData(5, ReasonCode.BadUserNameOrPassword, "CONNACK BadUserNameOrPassword")]
    [InlineData(5, ReasonCode.SessionTakenOver, "CONNACK NotAuthorized")] // not a code CONNACK may carry
    public void Refusal_is_said_and_the_connection_closed(int version, ReasonCode code, string answer)
    {
        var broker = new TestBroker();
        broker.Application.OnAuthenticate = _ => ConnectVerdict.Refuse(code, "no");
        var peer = broker.Open(version);
        Assert.Equal(answer, peer.Connect("a"));
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(version == 5 ? "ReasonString no" : "", peer.ConnAckProperties);
        Assert.Empty(broker.Heard());
        Assert.Equal(1, broker.Counters.ConnectsRefused);
        Assert.Equal(0, broker.Counters.Sessions);
    }

    [Fact]
    public void Refused_newcomer_leaves_the_connected_client_alone()
    {
        var broker = new TestBroker();
        var first = broker.Connect("a");
        broker.Application.OnAuthenticate = _ => ConnectVerdict.Refuse(ReasonCode.NotAuthorized, null);
        broker.Open().Connect("a");
        Assert.False(first.Connection.CloseAfterFlush);
        Assert.Equal(["opened a"], broker.Heard());
    }

    [Theory]
    [InlineData("0004 4D515454 03 02 0000 0001 61", 4, "CONNACK UnsupportedProtocolVersion")]
    [InlineData("0006 4D5149736470 03 02 0000 0001 61", 4, "CONNACK UnsupportedProtocolVersion")]
    [InlineData("0004 4D515454 06 02 0000 0001 61", 5, "CONNACK UnsupportedProtocolVersion")]
    [InlineData("0004 4D515454 05 03 0000 00 0001 61", 5, "CONNACK MalformedPacket")]
    [InlineData("0004 4D515454 05 02 0000 06 21 0001 21 0001 0001 61", 5, "CONNACK ProtocolError")]
    [InlineData("0004 4D515454 05 02 0000 04 15 0001 61 0001 61", 5, "CONNACK BadAuthenticationMethod")]
    [InlineData("0004 4D515454 05 16 0000 00 0001 61 00 0001 62 0000", 5, "CONNACK QoSNotSupported")]
    [InlineData("0004 4D515454 04 03 0000 0001 61", 4, "")] // 3.1.1 has no answer for a malformed packet
    [InlineData("0004 4D515454 04 00 0000 0000", 4, "CONNACK ClientIdentifierNotValid")] // a kept session without an id
    public void Connect_that_cannot_be_served_is_answered_where_the_version_can(string hex, int version, string answer)
    {
        var broker = new TestBroker();
        var peer = broker.Open(version);
        peer.Send(Packet(0x10, Hex(hex)));
        Assert.Equal(answer, string.Join("; ", peer.Take()));
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(1, broker.Counters.ConnectsRefused);
    }

    [Fact]
    public void First_packet_that_is_not_connect_closes_the_connection_without_a_word()
    {
        var broker = new TestBroker();
        var peer = broker.Open();
        peer.Send([0xC0, 0]);
        Assert.Empty(peer.Take());
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(1, broker.Counters.ProtocolErrors);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Second_connect_is_a_protocol_error(int version)
    {
        var broker = new TestBroker();
        var peer = broker.Connect("a", version);
        Assert.Equal(version == 5 ? "DISCONNECT ProtocolError" : "", peer.Connect("a"));
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(["opened a", "lost a ProtocolError"], broker.Heard());
    }

    [Fact]
    public void Connect_time_out_comes_at_its_instant_and_not_before()
    {
        var broker = new TestBroker(new BrokerOptions { ConnectTimeoutMs = 5_000 });
        var peer = broker.Open();
        Assert.Equal(broker.NowMs + 5_000, broker.Core.NextTickMs);
        broker.Pass(4_999);
        Assert.False(peer.Connection.CloseAfterFlush);
        broker.Pass(1);
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(1, broker.Counters.ConnectTimeouts);
    }

    [Fact]
    public void Connection_limit_turns_the_next_one_away_until_one_is_gone()
    {
        var broker = new TestBroker(new BrokerOptions { MaxConnections = 2 });
        var first = broker.Open();
        broker.Open();
        Assert.Null(broker.Core.Open(TestPeer.Here, broker.NowMs));
        Assert.Equal(1, broker.Counters.ConnectionsRefused);
        first.Drop();
        first.Drop();
        Assert.Equal(1, broker.Counters.Connections);
        Assert.NotNull(broker.Core.Open(TestPeer.Here, broker.NowMs));
        Assert.Null(broker.Core.Open(TestPeer.Here, broker.NowMs));
    }

    [Fact]
    public void Client_id_of_the_longest_length_is_taken_and_one_more_refused()
    {
        var broker = new TestBroker(new BrokerOptions { MaxClientIdBytes = 30 });
        Assert.Equal("CONNACK Success", broker.Open().Connect(new string('a', 30)));
        Assert.Equal("CONNACK ClientIdentifierNotValid", broker.Open().Connect(new string('a', 31)));
    }

    [Fact]
    public void Stranger_is_held_to_the_smaller_packet_limit()
    {
        var broker = new TestBroker(new BrokerOptions { MaxConnectPacketBytes = 128 });
        var peer = broker.Open();
        peer.Send([0x10, 127]); // 129 bytes with its header
        Assert.True(peer.Connection.CloseAfterFlush);
        peer = broker.Open();
        peer.Send([0x10, 126]);
        Assert.False(peer.Connection.CloseAfterFlush);
    }

    [Fact]
    public void Assigned_ids_avoid_the_ids_that_clients_chose()
    {
        var broker = new TestBroker();
        broker.Connect("auto-1");
        var peer = broker.Open();
        peer.Connect("");
        Assert.Contains("AssignedClientIdentifier auto-2", peer.ConnAckProperties, StringComparison.Ordinal);
        Assert.Equal("CONNACK Success", broker.Open(4).Connect(""));
        Assert.Equal(["opened auto-1", "opened auto-2", "opened auto-3"], broker.Heard());
    }

    [Fact]
    public void Application_sees_the_credentials_only_during_the_call()
    {
        var broker = new TestBroker();
        ReadOnlyMemory<byte> seen = default;
        broker.Application.OnAuthenticate = request =>
        {
            Assert.Equal("u", request.UserName);
            Assert.True(request.HasPassword);
            Assert.Equal("pw"u8, request.Password.Span);
            seen = request.Password;
            return ConnectVerdict.Accept("identity");
        };
        BrokerClient? client = null;
        broker.Application.OnOpened = c => client = c;
        var peer = broker.Open(4);
        peer.Send(Packet(0x10, Hex("0004 4D515454 04 C2 0000 0001 61 0001 75 0002 7077")));
        Assert.Equal("CONNACK Success", string.Join("; ", peer.Take()));
        Assert.Equal("identity", client?.Identity);
        Assert.Equal([0, 0], seen.ToArray());
    }

    [Fact]
    public void Client_that_takes_no_packet_as_large_as_connack_is_closed()
    {
        var broker = new TestBroker();
        var peer = broker.Open();
        Assert.Equal("", peer.Connect("a", maximumPacket: 5));
        Assert.True(peer.Connection.CloseAfterFlush);
        Assert.Equal(0, broker.Counters.Sessions);
    }

    [Fact]
    public void Peer_that_does_not_take_its_last_bytes_is_aborted()
    {
        var broker = new TestBroker(new BrokerOptions { CloseTimeoutMs = 1_000 });
        var peer = broker.Connect("a");
        broker.Core.Disconnect("a", ReasonCode.AdministrativeAction, "go");
        broker.Pass(999);
        Assert.False(peer.Connection.Abort);
        var dirty = new List<BrokerConnection>();
        broker.Core.TakeDirty(dirty);
        broker.Pass(1);
        Assert.True(peer.Connection.Abort);
        dirty.Clear();
        broker.Core.TakeDirty(dirty);
        Assert.Equal([peer.Connection], dirty);
    }

    [Fact]
    public void Ping_is_answered()
    {
        var broker = new TestBroker();
        var peer = broker.Connect("a", 4);
        peer.Send([0xC0, 0]);
        Assert.Equal(["PINGRESP"], peer.Take());
    }

    [Theory]
    [InlineData("F0 00", "DISCONNECT ProtocolError")] // AUTH without enhanced authentication
    [InlineData("20 03 00 00 00", "DISCONNECT ProtocolError")] // CONNACK from a client
    [InlineData("50 02 00 01", "DISCONNECT ProtocolError")] // PUBREC: we send no QoS 2
    [InlineData("62 02 00 01", "PUBCOMP #1 PacketIdentifierNotFound")]
    [InlineData("40 02 00 01", "")] // PUBACK of nothing
    [InlineData("C0 01 00", "DISCONNECT MalformedPacket")]
    [InlineData("00 00", "DISCONNECT MalformedPacket")]
    [InlineData("30 FF FF FF FF", "DISCONNECT MalformedPacket")]
    [InlineData("30 80 80 04", "DISCONNECT PacketTooLarge")]
    public void Unexpected_packet_of_a_connected_client(string hex, string answer)
    {
        var broker = new TestBroker();
        var peer = broker.Connect("a");
        var other = broker.Connect("b");
        peer.Send(Hex(hex));
        Assert.Equal(answer, string.Join("; ", peer.Take()));
        Assert.Equal(answer.StartsWith("DISCONNECT", StringComparison.Ordinal), peer.Connection.CloseAfterFlush);
        Assert.False(other.Connection.CloseAfterFlush);
    }
}
