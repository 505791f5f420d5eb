namespace DePinEdge.Gateway.Host.Transport;

/// <summary>What a connection shell has done since its start. Written by several threads, so each value is exact but not all of one moment.</summary>
public sealed class ShellCounters
{
    private long accepted, acceptFailures, turnedAway, inputs, bytesIn, bytesOut, inboxWaits, readPauses, sendsDeferred, sendFailures;

    /// <summary>Connections accepted.</summary>
    public long Accepted => Volatile.Read(ref accepted);

    /// <summary>Accepts that failed (out of file descriptors, for example).</summary>
    public long AcceptFailures => Volatile.Read(ref acceptFailures);

    /// <summary>Connections that the broker had no room for.</summary>
    public long TurnedAway => Volatile.Read(ref turnedAway);

    /// <summary>Inputs handed to the core.</summary>
    public long Inputs => Volatile.Read(ref inputs);

    /// <summary>Bytes received.</summary>
    public long BytesIn => Volatile.Read(ref bytesIn);

    /// <summary>Bytes that the transport took.</summary>
    public long BytesOut => Volatile.Read(ref bytesOut);

    /// <summary>Times a socket waited because the inbox was full: TCP then slows its peer.</summary>
    public long InboxWaits => Volatile.Read(ref inboxWaits);

    /// <summary>Times a socket was not read because its peer does not read its answers.</summary>
    public long ReadPauses => Volatile.Read(ref readPauses);

    /// <summary>Writes that the transport did not take at once.</summary>
    public long SendsDeferred => Volatile.Read(ref sendsDeferred);

    /// <summary>Writes that failed.</summary>
    public long SendFailures => Volatile.Read(ref sendFailures);

    internal void CountAccepted() => Interlocked.Increment(ref accepted);

    internal void CountAcceptFailure() => Interlocked.Increment(ref acceptFailures);

    internal void CountTurnedAway() => Interlocked.Increment(ref turnedAway);

    internal void CountInput() => Interlocked.Increment(ref inputs);

    internal void CountBytesIn(int bytes) => Interlocked.Add(ref bytesIn, bytes);

    internal void CountBytesOut(int bytes) => Interlocked.Add(ref bytesOut, bytes);

    internal void CountInboxWait() => Interlocked.Increment(ref inboxWaits);

    internal void CountReadPause() => Interlocked.Increment(ref readPauses);

    internal void CountSendDeferred() => Interlocked.Increment(ref sendsDeferred);

    internal void CountSendFailure() => Interlocked.Increment(ref sendFailures);
}
