namespace DePinEdge.Mqtt.Broker;

/// <summary>
/// The broker as a synchronous function of (bytes, now). One thread owns it; it has no sockets, locks, clock or tasks. A shell opens connections, hands in bytes as they come, calls
/// <see cref="Tick"/> when <see cref="NextTickMs"/> says so, and once a turn takes the dirty connections and sends what they hold.
/// </summary>
public sealed class BrokerCore : IBroker
{
    public BrokerCore(BrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
    }

    public BrokerCounters Counters { get; } = new();

    /// <summary>When <see cref="Tick"/> is next needed: a past instant means now, <see cref="long.MaxValue"/> never.</summary>
    public long NextTickMs => long.MaxValue;

    /// <summary>Names the application, once, before the first connection.</summary>
    public void Attach(IBrokerApplication application) => throw new NotImplementedException();

    /// <summary>A new transport connection. Null when the limit is reached: the shell closes the transport.</summary>
    public BrokerConnection? Open(RemoteEndpoint remote, long nowMs) => throw new NotImplementedException();

    /// <summary>Bytes of a connection, any fragment of its stream. All packets they complete are handled.</summary>
    public void Receive(BrokerConnection connection, ReadOnlySpan<byte> bytes, long nowMs) => throw new NotImplementedException();

    /// <summary>The transport ended, whoever closed it. A second call does nothing.</summary>
    public void Closed(BrokerConnection connection, string reason, long nowMs) => throw new NotImplementedException();

    /// <summary>Lets time pass: connect time-outs, keep-alive, session expiry, notices that wait.</summary>
    public void Tick(long nowMs) => throw new NotImplementedException();

    /// <summary>Moves the connections that have output or must be closed into the list, each once.</summary>
    public void TakeDirty(List<BrokerConnection> into) => throw new NotImplementedException();

    /// <summary>All pending bytes of a connection. The array belongs to the shell until <see cref="OutputBuffer.Return"/>.</summary>
    public OutputBuffer TakeOutput(BrokerConnection connection) => throw new NotImplementedException();

    /// <summary>The transport has taken this many bytes of what was taken with <see cref="TakeOutput"/>.</summary>
    public void OutputSent(BrokerConnection connection, int bytes) => throw new NotImplementedException();

    public void Publish(string topic, ReadOnlySpan<byte> payload, QoS qos, bool retain) => throw new NotImplementedException();

    public bool SendTo(string clientId, string topic, ReadOnlySpan<byte> payload, QoS qos) => throw new NotImplementedException();

    public bool Disconnect(string clientId, ReasonCode code, string reason) => throw new NotImplementedException();
}
