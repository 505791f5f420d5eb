using System.Net.Sockets;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Transport;

/// <summary>One TCP connection of the portable shell. Fields are the loop thread's but for the read gate and the socket itself.</summary>
internal sealed class SocketConnection(Socket socket, RemoteEndpoint remote)
{
    private volatile TaskCompletionSource? readGate;

    public Socket Socket { get; } = socket;

    public RemoteEndpoint Remote { get; } = remote;

    /// <summary>The broker's side; null before the loop has seen the connection, and after it ended for the broker.</summary>
    public BrokerConnection? Broker { get; set; }

    /// <summary>The write under way, or null.</summary>
    public SendOperation? Sending { get; set; }

    /// <summary>Our direction is shut; the peer may still close its own.</summary>
    public bool Closing { get; set; }

    /// <summary>True when reads wait on the loop's word.</summary>
    public bool ReadPaused => readGate is not null;

    /// <summary>Ends when this connection may be read again; null when it may now.</summary>
    public Task? ReadGate => readGate?.Task;

    public void PauseReads() => readGate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ResumeReads()
    {
        var gate = readGate;
        readGate = null;
        gate?.TrySetResult();
    }

    /// <summary>Closes the socket at once; pending receives and sends end with an error.</summary>
    public void Abort()
    {
        ResumeReads();
        Socket.Dispose();
    }
}
