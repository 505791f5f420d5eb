namespace DePinEdge.Mqtt.Broker;

/// <summary>One transport connection: made by <see cref="BrokerCore.Open"/>, held by the shell, used on the owner's thread only.</summary>
public sealed class BrokerConnection
{
    internal BrokerConnection(RemoteEndpoint remote)
    {
        Remote = remote;
        Deadline = new Deadline(this);
        ReadAgain = new Deadline(this);
    }

    /// <summary>Where it comes from.</summary>
    public RemoteEndpoint Remote { get; }

    /// <summary>The shell's own: its socket, for example.</summary>
    public object? Tag { get; set; }

    /// <summary>The shell must close the transport once everything pending is sent, and then call
    /// <see cref="BrokerCore.Closed"/>.</summary>
    public bool CloseAfterFlush { get; internal set; }

    /// <summary>The shell must close the transport now: the peer did not take its last bytes in time.</summary>
    public bool Abort { get; internal set; }

    /// <summary>Bytes waiting to be taken with <see cref="BrokerCore.TakeOutput"/>.</summary>
    public int PendingBytes { get; internal set; }

    /// <summary>Bytes taken by the shell and not yet reported with <see cref="BrokerCore.OutputSent"/>.</summary>
    public int InFlightBytes { get; internal set; }

    /// <summary>True while the peer does not read its answers, or publishes faster than it may: a shell should then read no more from it,
    /// so that TCP slows it down.</summary>
    public bool ReadPaused => OutputFull || TooFast;

    /// <summary>The peer does not read its answers.</summary>
    internal bool OutputFull { get; set; }

    /// <summary>The peer publishes faster than it may; ends at <see cref="ReadAgain"/>.</summary>
    internal bool TooFast { get; set; }

    internal PublishMeter Meter;

    /// <summary>When a peer that was too fast is read again.</summary>
    internal Deadline ReadAgain { get; }

    /// <summary>Bytes the peer has not taken.</summary>
    internal int UnsentBytes => PendingBytes + InFlightBytes;

    /// <summary>The first <see cref="PendingBytes"/> bytes are to be sent; null while there are none.</summary>
    internal byte[]? Output { get; set; }

    /// <summary>It stands in the list of dirty connections.</summary>
    internal bool Dirty { get; set; }

    /// <summary>The beginning of a packet whose end has not come yet.</summary>
    internal byte[]? Stash { get; set; }

    internal int StashBytes { get; set; }

    /// <summary>Inside Receive: the stash may be in use further up the stack.</summary>
    internal bool Receiving { get; set; }

    /// <summary>The transport is gone.</summary>
    internal bool TransportClosed { get; set; }

    /// <summary>0 until CONNECT was read.</summary>
    internal int ProtocolVersion { get; set; }

    /// <summary>The session of an accepted client; null before, and once the connection is given up.</summary>
    internal Session? Session { get; set; }

    /// <summary>Largest packet taken from the peer.</summary>
    internal int PacketBytesMax { get; set; }

    /// <summary>Largest packet the peer takes.</summary>
    internal int PeerPacketBytesMax { get; set; } = int.MaxValue;

    /// <summary>The peer takes reason strings and user properties on acknowledgements (Request Problem Information).</summary>
    internal bool ProblemInformation { get; set; } = true;

    /// <summary>Most QoS 1 messages sent to the peer and not acknowledged.</summary>
    internal int InflightMax { get; set; }

    /// <summary>Silence after which the peer is taken for dead: 1.5 times its keep-alive; 0 never.</summary>
    internal long SilenceMaxMs { get; set; }

    internal long LastPacketMs { get; set; }

    /// <summary>CONNECT time-out, then keep-alive, then the time to take the last bytes.</summary>
    internal Deadline Deadline { get; }

    internal Will? Will { get; set; }

    /// <summary>The session expiry of CONNECT: a DISCONNECT may change it, but not from 0.</summary>
    internal uint AskedExpirySeconds { get; set; }

    internal RouteCache? Routes { get; set; }
}
