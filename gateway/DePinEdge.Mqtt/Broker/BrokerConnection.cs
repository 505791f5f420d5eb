namespace DePinEdge.Mqtt.Broker;

/// <summary>One transport connection: made by <see cref="BrokerCore.Open"/>, held by the shell, used on the owner's thread only.</summary>
public sealed class BrokerConnection
{
    internal BrokerConnection(RemoteEndpoint remote) => Remote = remote;

    /// <summary>Where it comes from.</summary>
    public RemoteEndpoint Remote { get; }

    /// <summary>The shell's own: its socket, for example.</summary>
    public object? Tag { get; set; }

    /// <summary>The shell must close the transport once everything pending is sent, and then call <see cref="BrokerCore.Closed"/>.</summary>
    public bool CloseAfterFlush { get; internal set; }

    /// <summary>The shell must close the transport now: the peer did not take its last bytes in time.</summary>
    public bool Abort { get; internal set; }

    /// <summary>Bytes waiting to be taken with <see cref="BrokerCore.TakeOutput"/>.</summary>
    public int PendingBytes { get; internal set; }

    /// <summary>Bytes taken by the shell and not yet reported with <see cref="BrokerCore.OutputSent"/>.</summary>
    public int InFlightBytes { get; internal set; }

    /// <summary>True while the peer does not read its answers: a shell should then read no more from it, so that TCP slows it down.</summary>
    public bool ReadPaused { get; internal set; }
}
