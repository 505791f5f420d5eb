using System.Text;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Client;

/// <summary>Gathers the server's bytes and cuts packets out of them. The buffer is small and grows only for a packet that needs
/// it.</summary>
internal sealed class ClientPacketReader(int protocolVersion, int packetBytesMax)
{
    private const int SmallBuffer = 2_048;
    private byte[] _buffer = new byte[SmallBuffer];
    private int _start;
    private int _end;
    private int _wanted;

    /// <summary>Where the next bytes may be put; never empty.</summary>
    public Memory<byte> Room()
    {
        var have = _end - _start;
        var size = Math.Max(_wanted, have + 1) <= SmallBuffer
            ? SmallBuffer : Math.Max(_wanted, Math.Min(have * 2, packetBytesMax + SmallBuffer));
        if (have == 0 && _buffer.Length > SmallBuffer && size == SmallBuffer) _buffer = new byte[SmallBuffer];
        else if (size > _buffer.Length || _end == _buffer.Length)
        {
            var buffer = size > _buffer.Length ? new byte[size] : _buffer;
            _buffer.AsSpan(_start, have).CopyTo(buffer);
            _buffer = buffer;
            _end = have;
            _start = 0;
        }
        if (have == 0) _start = _end = 0;
        return _buffer.AsMemory(_end);
    }

    /// <summary>That many bytes were put into <see cref="Room"/>.</summary>
    public void Received(int bytes) => _end += bytes;

    /// <summary>Takes the next packet; false asks for more bytes. After a packet whose status is not Ok nothing useful follows.</summary>
    public bool TryTake(out ServerPacket packet)
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        var status = Frame.TryRead(rest, packetBytesMax, out var frame);
        if (status == DecodeStatus.Incomplete)
        {
            _wanted = Frame.TryReadHeader(rest, packetBytesMax, out _, out var packetBytes) == DecodeStatus.Ok ? packetBytes : 0;
            packet = default;
            return false;
        }
        _wanted = 0;
        packet = status == DecodeStatus.Ok ? Read(frame) : new ServerPacket(status, (PacketType)(rest[0] >> 4));
        _start += frame.Bytes;
        return true;
    }

    private ServerPacket Read(in Frame frame)
    {
        DecodeStatus status;
        switch (frame.Type)
        {
            case PacketType.ConnAck:
                status = ConnAckPacket.TryRead(frame, protocolVersion, out var connAck);
                return new ServerPacket(status, frame.Type, Connect: status == DecodeStatus.Ok ? ReadConnAck(connAck) : null);
            case PacketType.Publish:
                status = PublishPacket.TryRead(frame, protocolVersion, PropertyScope.PublishToClient, out var publish);
                // No alias was offered to the server (topic alias maximum 0), so none may come.
                if (status == DecodeStatus.Ok && PropertyReader.TryFind(publish.Properties, PropertyId.TopicAlias, out _))
                    status = DecodeStatus.TopicAliasInvalid;
                return new ServerPacket(status, frame.Type, publish.PacketId, Message: status == DecodeStatus.Ok
                    ? ReadMessage(publish) : null);
            case PacketType.PubAck:
                status = AckPacket.TryRead(frame, protocolVersion, out var ack);
                return new ServerPacket(status, frame.Type, ack.PacketId, ack.Code);
            case PacketType.SubAck or PacketType.UnsubAck:
                status = SubAckPacket.TryRead(frame, protocolVersion, out var subAck);
                return new ServerPacket(status, frame.Type, subAck.PacketId, subAck.Codes.IsEmpty
                    ? ReasonCode.Success : (ReasonCode)subAck.Codes[0]);
            case PacketType.Disconnect when protocolVersion == ProtocolVersion.V5:
                status = DisconnectPacket.TryRead(frame, protocolVersion, PropertyScope.DisconnectByServer, out var disconnect);
                return new ServerPacket(status, frame.Type, Code: disconnect.Code, Reason: Reason(disconnect.Properties));
            default:
                return new ServerPacket(DecodeStatus.Ok, frame.Type);
        }
    }

    private ServerConnAck ReadConnAck(in ConnAckPacket packet)
    {
        var properties = packet.Properties;
        var assigned = PropertyReader.TryFind(properties, PropertyId.AssignedClientIdentifier, out var id)
            ? Encoding.UTF8.GetString(id.Bytes) : null;
        int? keepAlive = PropertyReader.TryFind(properties, PropertyId.ServerKeepAlive, out var server) ? (int)server.Number : null;
        return new ServerConnAck(
            new ConnectResult(packet.Code, packet.SessionPresent, Reason(properties), assigned),
            PropertyReader.Number(properties, PropertyId.MaximumPacketSize, int.MaxValue),
            (int)PropertyReader.Number(properties, PropertyId.ReceiveMaximum, 65_535),
            keepAlive);
    }

    private static MqttMessage ReadMessage(in PublishPacket packet) => new(
        Encoding.UTF8.GetString(packet.Topic), packet.Payload.ToArray(), packet.QoS, packet.Retain, packet.Duplicate,
            packet.Properties.IsEmpty ? [] : packet.Properties.ToArray());

    private static string Reason(ReadOnlySpan<byte> properties) =>
        PropertyReader.TryFind(properties, PropertyId.ReasonString, out var reason) ? Encoding.UTF8.GetString(reason.Bytes) : "";
}
