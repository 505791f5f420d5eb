using DePinEdge.Mqtt.Codec;

namespace DePinEdge.Mqtt.Broker;

/// <summary>The connections' outputs: bytes in pooled arrays that exist only while something is pending, and the list of connections the
/// shell must look at.</summary>
internal sealed class Outputs(BrokerOptions options, BrokerCounters counters)
{
    private readonly BufferPool _pool = new();
    private readonly List<BrokerConnection> _dirty = [];

    public BufferPool Pool => _pool;

    /// <summary>Room for a control packet. There always is; a peer that does not read its answers is noticed by
    /// <see cref="IsOverrun"/>.</summary>
    public Span<byte> Reserve(BrokerConnection connection, int bytes)
    {
        var output = connection.Output;
        if (output is null) connection.Output = output = _pool.Rent(bytes);
        else if (connection.PendingBytes + bytes > output.Length) output = Grow(connection, bytes);
        return output.AsSpan(connection.PendingBytes, bytes);
    }

    public void Commit(BrokerConnection connection, int bytes)
    {
        connection.PendingBytes += bytes;
        counters.BytesOut += bytes;
        if (!connection.OutputFull && connection.UnsentBytes > options.MaxOutputBytesPerConnection)
        {
            counters.Count(BrokerLimit.MaxOutputBytesPerConnection);
            connection.OutputFull = true;
        }
        MarkDirty(connection);
    }

    /// <summary>True when a peer lets its answers pile up to twice the limit.</summary>
    public bool IsOverrun(BrokerConnection connection) => connection.UnsentBytes > 2L * options.MaxOutputBytesPerConnection;

    /// <summary>Puts a PUBLISH into an output that has room for it; an empty one takes any packet the peer takes. A message that expires
    /// carries what is left of its time.</summary>
    public SendResult Publish(BrokerConnection connection, in MessageView message, QoS qos, bool retain, bool duplicate, ushort packetId,
        ReadOnlySpan<byte> ownProperties, long nowMs)
    {
        if (message.ExpiresAtMs == 0) return Publish(connection, message, qos, retain, duplicate, packetId, ownProperties);
        Span<byte> space = stackalloc byte[Delivery.IdentifiersBytesMax + Expiry.Bytes];
        return Publish(connection, message, qos, retain, duplicate, packetId, Expiry.Append(ownProperties, message.ExpiresAtMs, nowMs, space));
    }

    private SendResult Publish(BrokerConnection connection, in MessageView message, QoS qos, bool retain, bool duplicate, ushort packetId,
        ReadOnlySpan<byte> ownProperties)
    {
        var packet = new PublishPacket
        {
            Duplicate = duplicate,
            QoS = qos,
            Retain = retain,
            Topic = message.Topic,
            PacketId = packetId,
            Properties = message.Properties,
            OwnProperties = ownProperties,
            Payload = message.Payload,
        };
        var bytes = packet.Size(connection.ProtocolVersion);
        if (bytes > connection.PeerPacketBytesMax) return SendResult.TooLarge;
        var unsent = connection.UnsentBytes;
        if (unsent > 0 && unsent + (long)bytes > options.MaxOutputBytesPerConnection) return SendResult.NoRoom;
        packet.Write(Reserve(connection, bytes), connection.ProtocolVersion);
        Commit(connection, bytes);
        counters.PublishesOut++;
        return SendResult.Sent;
    }

    public void MarkDirty(BrokerConnection connection)
    {
        if (connection.Dirty || connection.TransportClosed) return;
        connection.Dirty = true;
        _dirty.Add(connection);
    }

    public void TakeDirty(List<BrokerConnection> into)
    {
        foreach (var connection in _dirty)
        {
            connection.Dirty = false;
            if (!connection.TransportClosed) into.Add(connection);
        }
        _dirty.Clear();
    }

    public OutputBuffer Take(BrokerConnection connection)
    {
        if (connection.Output is not { } output) return new OutputBuffer(null, [], 0, 0);
        var bytes = connection.PendingBytes;
        connection.Output = null;
        connection.PendingBytes = 0;
        connection.InFlightBytes += bytes;
        return new OutputBuffer(_pool, output, 0, bytes);
    }

    public void Sent(BrokerConnection connection, int bytes)
    {
        Invariant.Require(bytes >= 0 && bytes <= connection.InFlightBytes, "a shell reports no more bytes sent than it took");
        connection.InFlightBytes -= bytes;
        if (connection.UnsentBytes <= options.MaxOutputBytesPerConnection / 2) connection.OutputFull = false;
    }

    /// <summary>Lets go of what a closed transport will never take.</summary>
    public void Release(BrokerConnection connection)
    {
        if (connection.Output is { } output) _pool.Return(output);
        connection.Output = null;
        connection.PendingBytes = 0;
    }

    private byte[] Grow(BrokerConnection connection, int bytes)
    {
        var before = connection.Output!;
        var output = _pool.Rent(Math.Max(before.Length * 2, connection.PendingBytes + bytes));
        before.AsSpan(0, connection.PendingBytes).CopyTo(output);
        _pool.Return(before);
        return connection.Output = output;
    }
}
