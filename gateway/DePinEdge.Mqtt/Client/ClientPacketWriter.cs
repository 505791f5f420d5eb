using System.Buffers;
using System.Text;
using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Client;

/// <summary>Makes a client's packets and hands them to the sender. Safe from any thread, as the sender is.</summary>
internal sealed class ClientPacketWriter(MqttClientOptions options, PacketSender sender)
{
    /// <summary>CONNECT as the options say.</summary>
    public Task SendConnect()
    {
        Span<byte> space = stackalloc byte[32];
        var properties = new PropertyWriter(space);
        if (options.ProtocolVersion == ProtocolVersion.V5)
        {
            if (options.SessionExpirySeconds > 0) properties.Add(PropertyId.SessionExpiryInterval, options.SessionExpirySeconds);
            properties.Add(PropertyId.ReceiveMaximum, (uint)options.MessageCapacity);
            properties.Add(PropertyId.MaximumPacketSize, (uint)options.MaxPacketBytes);
        }
        var packet = new ConnectPacket
        {
            ProtocolVersion = options.ProtocolVersion,
            CleanStart = options.CleanStart,
            KeepAliveSeconds = (ushort)options.KeepAliveSeconds,
            Properties = properties.Written,
            ClientId = Encoding.UTF8.GetBytes(options.ClientId),
            HasUserName = options.UserName is not null,
            UserName = Encoding.UTF8.GetBytes(options.UserName ?? ""),
            HasPassword = options.Password is not null,
            Password = options.Password,
        };
        var bytes = new byte[packet.Size];
        packet.Write(bytes);
        return sender.SendAsync(bytes);
    }

    /// <summary>PUBLISH of QoS 0.</summary>
    public Task SendPublish(byte[] topicUtf8, ReadOnlySpan<byte> payload, bool retain)
    {
        var packet = new PublishPacket { Retain = retain, Topic = topicUtf8, Payload = payload };
        var version = options.ProtocolVersion;
        var size = packet.Size(version);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        packet.Write(buffer, version);
        return SendRented(buffer, size);
    }

    public Task SendSubscribe(ushort packetId, string filter, QoS qos)
    {
        var request = new SubscriptionRequest { Filter = Encoding.UTF8.GetBytes(filter), QoS = qos };
        var entry = new byte[request.Filter.Length + 3];
        SubscribePacket.WriteRequest(entry, request);
        var packet = new SubscribePacket { PacketId = packetId, Entries = entry, ProtocolVersion = options.ProtocolVersion };
        var size = packet.Size;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        packet.Write(buffer);
        return SendRented(buffer, size);
    }

    public Task SendUnsubscribe(ushort packetId, string filter)
    {
        var text = Encoding.UTF8.GetBytes(filter);
        byte[] entry = [(byte)(text.Length >> 8), (byte)text.Length, .. text];
        var packet = new UnsubscribePacket { PacketId = packetId, Entries = entry };
        var size = packet.Size(options.ProtocolVersion);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        packet.Write(buffer, options.ProtocolVersion);
        return SendRented(buffer, size);
    }

    public Task SendDisconnect(ReasonCode code)
    {
        var packet = new DisconnectPacket { Code = code };
        Span<byte> bytes = stackalloc byte[8];
        return sender.SendAsync(bytes[..packet.Write(bytes, options.ProtocolVersion)]);
    }

    /// <summary>Adds PUBACK without sending it yet: the reader sends all of them together.</summary>
    public void AddAck(ushort packetId)
    {
        var packet = new AckPacket { Type = PacketType.PubAck, PacketId = packetId };
        Span<byte> bytes = stackalloc byte[8];
        sender.Add(bytes[..packet.Write(bytes, options.ProtocolVersion)]);
    }

    private Task SendRented(byte[] buffer, int bytes)
    {
        var sent = sender.SendAsync(buffer.AsSpan(0, bytes));
        ArrayPool<byte>.Shared.Return(buffer);
        return sent;
    }
}
