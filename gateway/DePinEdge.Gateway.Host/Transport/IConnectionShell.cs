using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Transport;

/// <summary>
/// The one seam between connections and the loop that owns the core: bytes in, dirty connections out, flushed once a turn. The portable
/// shell uses .NET's sockets and an inbox; one that polls its sockets on the loop's own thread fits the same five calls.
/// All members but <see cref="Wake"/> are called on the loop's thread.
/// </summary>
public interface IConnectionShell : IDisposable
{
    /// <summary>The port in use.</summary>
    int Port { get; }

    /// <summary>What this shell has counted.</summary>
    ShellCounters Counters { get; }

    /// <summary>Begins to accept connections.</summary>
    void Start();

    /// <summary>Hands at most <paramref name="inputsMax"/> waiting inputs to the target. True when more wait.</summary>
    bool Pump(IConnectionTarget target, int inputsMax);

    /// <summary>
    /// Sends what the connections hold, one write for each, and goes on with those whose peer had not taken all before. Called only
    /// when everything that the outputs depend on is durable; it hands no input to the target.
    /// </summary>
    void Flush(IConnectionTarget target, IReadOnlyList<BrokerConnection> dirty);

    /// <summary>Sleeps until an input comes, <see cref="Wake"/> is called, or the time is over. Long.MaxValue waits without end.</summary>
    void Wait(long milliseconds);

    /// <summary>Ends a sleep, now or the next one; any thread.</summary>
    void Wake();
}
