using System.Text;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Tests.Gateway.MqttTests.Codec;

/// <summary>Bytes as the specifications' own tables and figures give them, read and written back.</summary>
public class GoldenBytesTests
{
    // MQTT 3.1.1 table 2.4 / MQTT 5.0 table 1-1: where each length of the remaining length starts and ends.
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16_383, "FF7F")]
    [InlineData(16_384, "808001")]
    [InlineData(2_097_151, "FFFF7F")]
    [InlineData(2_097_152, "80808001")]
    [InlineData(268_435_455, "FFFFFF7F")]
    public void Remaining_length_has_the_specified_digits(int length, string hex)
    {
        byte[] header = [0x30, .. Convert.FromHexString(hex)];
        Assert.Equal(DecodeStatus.Ok, Frame.TryReadHeader(header, int.MaxValue, out var headerBytes, out var packetBytes));
        Assert.Equal(header.Length, headerBytes);
        Assert.Equal(header.Length + length, packetBytes);
        for (var i = 0; i < header.Length; i++) Assert.Equal(DecodeStatus.Incomplete, Frame.TryReadHeader(header.AsSpan(0, i), int.MaxValue, out _, out _));
    }

    [Fact]
    public void Remaining_length_of_five_bytes_is_malformed() =>
        Assert.Equal(DecodeStatus.Malformed, Frame.TryReadHeader([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], int.MaxValue, out _, out _));

    [Fact]
    public void Packet_of_the_largest_size_is_read_and_one_byte_more_is_refused_by_its_header()
    {
        Assert.Equal(DecodeStatus.Incomplete, Frame.TryRead([0x30, 10], 12, out _));
        Assert.Equal(DecodeStatus.PacketTooLarge, Frame.TryRead([0x30, 11], 12, out _));
    }

    // MQTT 3.1.1 figure 3.6: level 4, flags 0xCE (user name, password, will QoS 1, will, clean session), keep-alive 10.
    [Fact]
    public void Connect_of_version_3_1_1_reads_and_writes_as_in_figure_3_6()
    {
        var body = Hex("0004 4D515454 04 CE 000A", Field("id"), Field("w"), Field("bye"), Field("u"), Field("p"));
        var bytes = Packet(0x10, body);
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, ConnectPacket.TryRead(frame, out var packet));
        Assert.Equal(4, packet.ProtocolVersion);
        Assert.True(packet is { CleanStart: true, HasWill: true, HasUserName: true, HasPassword: true, WillRetain: false });
        Assert.Equal(QoS.AtLeastOnce, packet.WillQoS);
        Assert.Equal(10, packet.KeepAliveSeconds);
        Assert.Equal("id,w,bye,u,p", $"{Text(packet.ClientId)},{Text(packet.WillTopic)},{Text(packet.WillPayload)},{Text(packet.UserName)},{Text(packet.Password)}");
        Written(bytes, packet.Size, packet.Write(new byte[packet.Size]), Write(packet));
    }

    // MQTT 5.0 figure 3-6: level 5, flags 0xCE, keep-alive 10, session expiry interval 10.
    [Fact]
    public void Connect_of_version_5_reads_and_writes_as_in_figure_3_6()
    {
        var body = Hex("0004 4D515454 05 CE 000A 05 11 0000000A", Field("id"), "05 18 00000007", Field("w"), Field("bye"), Field("u"), Field("p"));
        var bytes = Packet(0x10, body);
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, ConnectPacket.TryRead(frame, out var packet));
        Assert.Equal(5, packet.ProtocolVersion);
        Assert.Equal(10u, PropertyReader.Number(packet.Properties, PropertyId.SessionExpiryInterval, 0));
        Assert.Equal(7u, PropertyReader.Number(packet.WillProperties, PropertyId.WillDelayInterval, 0));
        Written(bytes, packet.Size, packet.Write(new byte[packet.Size]), Write(packet));
    }

    // MQTT 3.1.1 figure 3.11 and MQTT 5.0 figure 3-9: topic "a/b", packet identifier 10, in version 5 no properties.
    [Theory]
    [InlineData(4, "0003 612F62 000A", "")]
    [InlineData(5, "0003 612F62 000A 00", "")]
    [InlineData(5, "0003 612F62 000A 02 01 01", "payload")]
    public void Publish_reads_and_writes_as_in_the_example(int version, string variableHeader, string payload)
    {
        var bytes = Packet(0x3B, Hex(variableHeader, Convert.ToHexString(Encoding.UTF8.GetBytes(payload))));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, PublishPacket.TryRead(frame, version, PropertyScope.PublishToServer, out var packet));
        Assert.True(packet is { Duplicate: true, Retain: true, QoS: QoS.AtLeastOnce, PacketId: 10 });
        Assert.Equal("a/b", Text(packet.Topic));
        Assert.Equal(payload, Text(packet.Payload));
        var written = new byte[packet.Size(version)];
        Written(bytes, written.Length, packet.Write(written, version), written);
    }

    // MQTT 3.1.1 figure 3.23 and MQTT 5.0 figure 3-20: "a/b" with QoS 1, "c/d" with QoS 2.
    [Theory]
    [InlineData(4, "000A 0003 612F62 01 0003 632F64 02")]
    [InlineData(5, "000A 00 0003 612F62 01 0003 632F64 02")]
    public void Subscribe_reads_and_writes_as_in_the_example(int version, string hex)
    {
        var bytes = Packet(0x82, Hex(hex));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, SubscribePacket.TryRead(frame, version, out var packet));
        var requests = packet.Requests;
        Assert.True(requests.TryNext(out var first) && first.QoS == QoS.AtLeastOnce && Text(first.Filter) == "a/b");
        Assert.True(requests.TryNext(out var second) && second.QoS == QoS.ExactlyOnce && Text(second.Filter) == "c/d");
        Assert.False(requests.TryNext(out _));
        var written = new byte[packet.Size];
        Written(bytes, written.Length, packet.Write(written), written);
    }

    // MQTT 5.0 figure 3-18: the bits of the subscription options.
    [Fact]
    public void Subscription_options_stand_in_their_bits()
    {
        var bytes = Packet(0x82, Hex("0001 02 0B 05 0001 61 2D"));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, SubscribePacket.TryRead(frame, 5, out var packet));
        Assert.Equal(5u, PropertyReader.Number(packet.Properties, PropertyId.SubscriptionIdentifier, 0));
        var requests = packet.Requests;
        Assert.True(requests.TryNext(out var request));
        Assert.True(request is { QoS: QoS.AtLeastOnce, NoLocal: true, RetainAsPublished: true, RetainHandling: 2 });
        var entry = new byte[4];
        Assert.Equal(4, SubscribePacket.WriteRequest(entry, request));
        Assert.Equal(Hex("0001 61 2D"), entry);
    }

    // MQTT 3.1.1 figure 3.26: success QoS 0, success QoS 2, failure; MQTT 5.0 figure 3-28 of UNSUBACK.
    [Theory]
    [InlineData(0x90, 4, "000A 00 02 80", "000280")]
    [InlineData(0x90, 5, "000A 00 00 02 8F", "00028F")]
    [InlineData(0xB0, 4, "000A", "")]
    [InlineData(0xB0, 5, "000A 00 00 11", "0011")]
    public void Answers_to_subscribe_and_unsubscribe_read_and_write(byte first, int version, string hex, string codes)
    {
        var bytes = Packet(first, Hex(hex));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, SubAckPacket.TryRead(frame, version, out var packet));
        Assert.Equal(codes, Convert.ToHexString(packet.Codes));
        var written = new byte[packet.Size(version)];
        Written(bytes, written.Length, packet.Write(written, version), written);
    }

    // MQTT 3.1.1 figure 3.30: UNSUBSCRIBE of "a/b" and "c/d".
    [Theory]
    [InlineData(4, "000A 0003 612F62 0003 632F64")]
    [InlineData(5, "000A 00 0003 612F62 0003 632F64")]
    public void Unsubscribe_reads_and_writes_as_in_the_example(int version, string hex)
    {
        var bytes = Packet(0xA2, Hex(hex));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, UnsubscribePacket.TryRead(frame, version, out var packet));
        var filters = packet.Filters;
        Assert.True(filters.TryNext(out var first) && Text(first) == "a/b");
        Assert.True(filters.TryNext(out var second) && Text(second) == "c/d");
        Assert.False(filters.TryNext(out _));
        var written = new byte[packet.Size(version)];
        Written(bytes, written.Length, packet.Write(written, version), written);
    }

    [Theory]
    [InlineData(0x40, 4, "1234", ReasonCode.Success)]
    [InlineData(0x40, 5, "1234", ReasonCode.Success)]
    [InlineData(0x40, 5, "1234 87", ReasonCode.NotAuthorized)]
    [InlineData(0x40, 5, "1234 10 05 1F 0002 6E6F", ReasonCode.NoMatchingSubscribers)]
    [InlineData(0x50, 5, "1234 97", ReasonCode.QuotaExceeded)]
    [InlineData(0x62, 4, "1234", ReasonCode.Success)]
    [InlineData(0x70, 5, "1234 92", ReasonCode.PacketIdentifierNotFound)]
    public void Acknowledgements_read_and_write(byte first, int version, string hex, ReasonCode code)
    {
        var bytes = Packet(first, Hex(hex));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, AckPacket.TryRead(frame, version, out var packet));
        Assert.Equal(0x1234, packet.PacketId);
        Assert.Equal(code, packet.Code);
        var written = new byte[packet.Size(version)];
        Written(bytes, written.Length, packet.Write(written, version), written);
    }

    [Theory]
    [InlineData(4, "01 00", ReasonCode.Success, true)]
    [InlineData(4, "00 02", ReasonCode.ClientIdentifierNotValid, false)]
    [InlineData(4, "00 05", ReasonCode.NotAuthorized, false)]
    [InlineData(5, "01 00 00", ReasonCode.Success, true)]
    [InlineData(5, "00 00 08 21 0014 27 00010000", ReasonCode.Success, false)]
    [InlineData(5, "00 86 00", ReasonCode.BadUserNameOrPassword, false)]
    public void ConnAck_reads_and_writes(int version, string hex, ReasonCode code, bool present)
    {
        var bytes = Packet(0x20, Hex(hex));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, ConnAckPacket.TryRead(frame, version, out var packet));
        Assert.Equal((code, present), (packet.Code, packet.SessionPresent));
        var written = new byte[packet.Size(version)];
        Written(bytes, written.Length, packet.Write(written, version), written);
    }

    [Theory]
    [InlineData(4, "", ReasonCode.Success)]
    [InlineData(5, "", ReasonCode.Success)]
    [InlineData(5, "04", ReasonCode.DisconnectWithWill)]
    [InlineData(5, "00 05 11 00000000", ReasonCode.Success)]
    public void Disconnect_reads_and_writes(int version, string hex, ReasonCode code)
    {
        var bytes = Packet(0xE0, Hex(hex));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, DisconnectPacket.TryRead(frame, version, PropertyScope.DisconnectByClient, out var packet));
        Assert.Equal(code, packet.Code);
        var written = new byte[packet.Size(version)];
        Written(bytes, written.Length, packet.Write(written, version), written);
    }

    [Fact]
    public void Auth_reads_and_writes()
    {
        var bytes = Packet(0xF0, Hex("18 04 15 0001 61"));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, AuthPacket.TryRead(frame, out var packet));
        Assert.Equal(ReasonCode.ContinueAuthentication, packet.Code);
        var written = new byte[packet.Size];
        Written(bytes, written.Length, packet.Write(written), written);
    }

    // MQTT 5.0 figure 1-2: "A" and U+2A6D4.
    [Fact]
    public void Text_beyond_the_basic_plane_is_four_bytes_long()
    {
        var bytes = Packet(0xA2, Hex("0001 00 0005 41 F0 AA 9B 94"));
        Frame.TryRead(bytes, 1000, out var frame);
        Assert.Equal(DecodeStatus.Ok, UnsubscribePacket.TryRead(frame, 5, out var packet));
        var filters = packet.Filters;
        Assert.True(filters.TryNext(out var filter));
        Assert.Equal("A\U0002A6D4", Text(filter));
    }

    internal static byte[] Hex(params string[] parts) => Convert.FromHexString(string.Concat(parts).Replace(" ", "", StringComparison.Ordinal));

    internal static byte[] Packet(byte first, byte[] body) => [first, (byte)body.Length, .. body];

    private static string Field(string text) => $"{text.Length:X4}{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}";

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static byte[] Write(in ConnectPacket packet)
    {
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        return bytes;
    }

    private static void Written(byte[] expected, int size, int written, byte[] bytes)
    {
        Assert.Equal(expected.Length, size);
        Assert.Equal(size, written);
        Assert.Equal(expected, bytes);
    }
}
