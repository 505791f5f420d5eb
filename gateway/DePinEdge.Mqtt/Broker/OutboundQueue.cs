namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// The QoS 1 messages of a session in one ring: first those sent and not acknowledged, then those that wait. Acknowledgements out of
/// order leave
/// holes that go when they reach the head. After a lost connection the boundary moves back to the head, so that everything is sent again in
/// order with the identifiers it had (MQTT-4.4.0-1).
///
/// Identifiers are given in ring order, so the head holds the oldest one in use; as long as a new one stays well within a lap of it, it
/// is free.
/// </summary>
internal sealed class OutboundQueue
{
    private const int IdentifierSpanMax = 60_000;
    private const int KeptSlots = 64;
    private Outbound[] _ring = [];
    private int _head;
    private int _count;
    private int _sent;
    private int _holes;

    /// <summary>Sent and not acknowledged.</summary>
    public int Inflight => _sent - _holes;

    /// <summary>Not sent on this connection.</summary>
    public int Waiting => _count - _sent;

    /// <summary>Bytes of the messages that wait.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>True when the identifier after <paramref name="lastPacketId"/>, the latest given, is not in use.</summary>
    public bool NextIdIsFree(ushort lastPacketId) =>
        _count == 0 || At(0).PacketId == 0 || (ushort)(lastPacketId - At(0).PacketId) < IdentifierSpanMax;

    /// <summary>The message to be sent next; only while <see cref="Waiting"/> is above 0.</summary>
    public ref Outbound FirstWaiting => ref At(_sent);

    public void Append(in Outbound outbound)
    {
        if (_count == _ring.Length) Grow();
        At(_count++) = outbound;
        WaitingBytes += outbound.Message!.Bytes;
    }

    /// <summary>Moves the first waiting message into the sent part.</summary>
    public void MarkSent()
    {
        ref var outbound = ref At(_sent++);
        outbound.Sent = true;
        WaitingBytes -= outbound.Message!.Bytes;
    }

    /// <summary>Gives the first waiting message up.</summary>
    public void DropFirstWaiting()
    {
        ref var outbound = ref At(_sent++);
        WaitingBytes -= outbound.Message!.Bytes;
        MakeHole(ref outbound);
    }

    /// <summary>Takes an acknowledgement; false when nothing sent has this identifier. Found by halving: identifiers rise from the head
    /// on, holes keep theirs.</summary>
    public bool Acknowledge(ushort packetId)
    {
        if (_sent == 0) return false;
        var oldest = At(0).PacketId;
        var distance = (ushort)(packetId - oldest);
        int low = 0, high = _sent - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((ushort)(At(middle).PacketId - oldest) < distance) low = middle + 1;
            else high = middle;
        }
        ref var outbound = ref At(low);
        if (outbound.PacketId != packetId || outbound.Message is null) return false;
        MakeHole(ref outbound);
        return true;
    }

    /// <summary>The connection is lost: everything waits again, without holes and without what was meant for that connection
    /// only.</summary>
    public void Rewind()
    {
        var kept = 0;
        WaitingBytes = 0;
        for (var i = 0; i < _count; i++)
        {
            var outbound = At(i);
            if (outbound.Message is null || outbound.Directed) continue;
            At(kept++) = outbound;
            WaitingBytes += outbound.Message.Bytes;
        }
        for (var i = kept; i < _count; i++) At(i) = default;
        _count = kept;
        _sent = _holes = 0;
        Release();
    }

    private ref Outbound At(int index) => ref _ring[(_head + index) & (_ring.Length - 1)];

    private void MakeHole(ref Outbound outbound)
    {
        outbound = new Outbound { PacketId = outbound.PacketId };
        _holes++;
        while (_sent > 0 && At(0).Message is null)
        {
            _head = (_head + 1) & (_ring.Length - 1);
            _count--;
            _sent--;
            _holes--;
        }
        Release();
    }

    private void Release()
    {
        if (_count == 0 && _ring.Length > KeptSlots) (_ring, _head) = ([], 0);
    }

    private void Grow()
    {
        var ring = new Outbound[Math.Max(4, _ring.Length * 2)];
        for (var i = 0; i < _count; i++) ring[i] = At(i);
        (_ring, _head) = (ring, 0);
    }
}
