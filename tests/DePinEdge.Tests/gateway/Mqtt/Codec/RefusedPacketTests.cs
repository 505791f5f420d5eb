using DePinEdge.Mqtt.Codec;
using static DePinEdge.Tests.Gateway.MqttTests.Codec.GoldenBytesTests;

namespace DePinEdge.Tests.Gateway.MqttTests.Codec;

/// <summary>What the specifications forbid is refused with the right status: 0x81 for the layout, 0x82 for the content.</summary>
public class RefusedPacketTests
{
    private const DecodeStatus Malformed = DecodeStatus.Malformed;
    private const DecodeStatus ProtocolError = DecodeStatus.ProtocolError;

    [Theory]
    [InlineData(0x00)] // type 0
    [InlineData(0x11)] // CONNECT with a flag
    [InlineData(0x60)] // PUBREL without its flag
    [InlineData(0x80)] // SUBSCRIBE without its flag
    [InlineData(0xA3)]
    [InlineData(0xC1)]
    [InlineData(0xE8)]
    public void First_byte_with_wrong_flags_is_malformed(byte first) => Assert.Equal(Malformed, Frame.TryRead([first, 0], 100, out _));

    [Theory]
    [InlineData("0004 4D515454 04 03 0000 0000", Malformed)] // reserved flag
    [InlineData("0004 4D515454 04 08 0000 0000", Malformed)] // will QoS without a will
    [InlineData("0004 4D515454 04 1E 0000 0000 0001 61 0000", Malformed)] // will QoS 3
    [InlineData("0004 4D515454 04 40 0000 0000 0000", Malformed)] // 3.1.1: a password without a user name
    [InlineData("0004 4D515454 05 40 0000 00 0000 0000", DecodeStatus.Ok)] // 5.0 allows it
    [InlineData("0004 4D515454 04 02 0000 0000 00", Malformed)] // a byte too many
    [InlineData("0004 4D515454 04 02 0000 0001 00", Malformed)] // U+0000 in the client id
    [InlineData("0004 4D515454 04 02 0000 0002 C0 80", Malformed)] // U+0000 in disguise
    [InlineData("0004 4D515454 04 02 0000 0003 ED A0 80", Malformed)] // a lone surrogate
    [InlineData("0004 4D515454 03 02 0000 0000", DecodeStatus.UnsupportedProtocolVersion)]
    [InlineData("0004 4D515454 06 02 0000 0000", DecodeStatus.UnsupportedProtocolVersion)]
    [InlineData("0006 4D5149736470 03 02 0000 0000", DecodeStatus.UnsupportedProtocolVersion)]
    [InlineData("0004 4D515458 04 02 0000 0000", Malformed)]
    [InlineData("0004 4D515454 04 06 0000 0000 0001 23 0000", DecodeStatus.TopicNameInvalid)] // will topic '#'
    public void Connect(string hex, DecodeStatus status)
    {
        Frame.TryRead(Packet(0x10, Hex(hex)), 1000, out var frame);
        Assert.Equal(status, ConnectPacket.TryRead(frame, out _));
    }

    [Theory]
    [InlineData(0x36, 5, "0001 61 0001 00", Malformed)] // QoS 3
    [InlineData(0x38, 5, "0001 61 00", Malformed)] // a duplicate of QoS 0
    [InlineData(0x32, 5, "0001 61 0000 00", ProtocolError)] // packet identifier 0
    [InlineData(0x32, 5, "0001 61 00", Malformed)] // no packet identifier
    [InlineData(0x30, 5, "0002 61", Malformed)] // the topic is cut off
    [InlineData(0x30, 5, "0001 2B 00", DecodeStatus.TopicNameInvalid)]
    [InlineData(0x30, 5, "0003 61 2F 23 00", DecodeStatus.TopicNameInvalid)]
    [InlineData(0x30, 5, "0001 00 00", Malformed)]
    [InlineData(0x30, 5, "0001 FF 00", Malformed)]
    [InlineData(0x30, 5, "0000 00", ProtocolError)] // neither topic nor alias
    [InlineData(0x30, 5, "0000 03 23 0001", DecodeStatus.Ok)]
    [InlineData(0x30, 5, "0001 61 03 23 0000", DecodeStatus.TopicAliasInvalid)]
    [InlineData(0x30, 4, "0000", Malformed)]
    [InlineData(0x30, 5, "0001 61", Malformed)] // no property length
    [InlineData(0x30, 5, "0001 61 05 01", Malformed)] // properties cut off
    public void Publish(byte first, int version, string hex, DecodeStatus status)
    {
        Frame.TryRead(Packet(first, Hex(hex)), 1000, out var frame);
        Assert.Equal(status, PublishPacket.TryRead(frame, version, PropertyScope.PublishToServer, out _));
    }

    [Theory]
    [InlineData("", DecodeStatus.Ok)]
    [InlineData("04 0001 61", Malformed)] // no such property
    [InlineData("8001", Malformed)] // an identifier of two bytes
    [InlineData("0101", DecodeStatus.Ok)]
    [InlineData("0102", ProtocolError)] // payload format is 0 or 1
    [InlineData("01", Malformed)]
    [InlineData("0101 0101", ProtocolError)] // twice
    [InlineData("02 0000000A 02 0000000A", ProtocolError)]
    [InlineData("11 0000000A", Malformed)] // session expiry does not belong here
    [InlineData("0B 01", ProtocolError)] // a client sends no subscription identifier
    [InlineData("08 0001 61", DecodeStatus.Ok)]
    [InlineData("08 0001 23", ProtocolError)] // response topic with a wildcard
    [InlineData("03 0002 C080", Malformed)] // not UTF-8
    [InlineData("09 0002 C080", DecodeStatus.Ok)] // binary may be anything
    [InlineData("26 0001 61 0001 62 26 0001 61 0001 62", DecodeStatus.Ok)] // user properties repeat
    [InlineData("26 0001 61", Malformed)] // a name without a value
    public void Publish_property(string hex, DecodeStatus status) => Assert.Equal(status, PropertyReader.Validate(Hex(hex), PropertyScope.PublishToServer));

    [Theory]
    [InlineData("21 0001", DecodeStatus.Ok)]
    [InlineData("21 0000", ProtocolError)] // receive maximum 0
    [InlineData("27 00000000", ProtocolError)] // maximum packet size 0
    [InlineData("17 02", ProtocolError)]
    [InlineData("19 01", DecodeStatus.Ok)]
    [InlineData("15 0001 61 16 0001 62", DecodeStatus.Ok)]
    [InlineData("16 0001 62", ProtocolError)] // authentication data without a method
    [InlineData("24 01", Malformed)] // the server's property
    public void Connect_property(string hex, DecodeStatus status) => Assert.Equal(status, PropertyReader.Validate(Hex(hex), PropertyScope.Connect));

    [Theory]
    [InlineData(4, "0001", ProtocolError)] // nothing asked for
    [InlineData(4, "0000 0001 61 00", ProtocolError)] // packet identifier 0
    [InlineData(4, "0001 0001 61 03", Malformed)] // QoS 3
    [InlineData(4, "0001 0001 61 04", Malformed)] // a 5.0 option
    [InlineData(5, "0001 00 0001 61 04", DecodeStatus.Ok)]
    [InlineData(5, "0001 00 0001 61 40", Malformed)] // a reserved bit
    [InlineData(5, "0001 00 0001 61 30", ProtocolError)] // retain handling 3
    [InlineData(5, "0001 02 0B 00 0001 61 00", ProtocolError)] // subscription identifier 0
    [InlineData(5, "0001 03 0B 8000 0001 61 00", Malformed)] // not its shortest form
    [InlineData(5, "0001 04 0B01 0B02 0001 61 00", ProtocolError)] // two identifiers
    public void Subscribe(int version, string hex, DecodeStatus status)
    {
        Frame.TryRead(Packet(0x82, Hex(hex)), 1000, out var frame);
        Assert.Equal(status, SubscribePacket.TryRead(frame, version, out _));
    }

    [Theory]
    [InlineData(4, "01", Malformed)]
    [InlineData(4, "0000", ProtocolError)]
    [InlineData(4, "0001 00", Malformed)] // 3.1.1 has no code
    [InlineData(5, "0001 01", Malformed)] // not a code of PUBACK
    [InlineData(5, "0001 00 00 00", Malformed)]
    public void PubAck(int version, string hex, DecodeStatus status)
    {
        Frame.TryRead(Packet(0x40, Hex(hex)), 1000, out var frame);
        Assert.Equal(status, AckPacket.TryRead(frame, version, out _));
    }
}
