using System.Net.Sockets;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Transport;

/// <summary>
/// One write under way. Operations are pooled by the shell, so that an idle connection holds neither buffer nor operation.
/// Completion comes either at once, on the loop's thread, or later on the pool's, which only queues it for the loop.
/// </summary>
internal sealed class SendOperation : SocketAsyncEventArgs
{
    private readonly Action<SocketConnection> completedLater;
    private OutputBuffer output;

    public SendOperation(Action<SocketConnection> completedLater)
        : base(true) /* no execution context flows */ => this.completedLater = completedLater;

    /// <summary>Bytes handed to the socket.</summary>
    public int Bytes => output.Count;

    /// <summary>Starts the write. True when it is already over.</summary>
    public bool Begin(SocketConnection connection, OutputBuffer bytes)
    {
        output = bytes;
        UserToken = connection;
        SetBuffer(bytes.Array, bytes.Offset, bytes.Count);
        try
        {
            return !connection.Socket.SendAsync(this);
        }
        catch (ObjectDisposedException)
        {
            SocketError = SocketError.OperationAborted;
            return true;
        }
    }

    /// <summary>Gives the buffer back; loop's thread.</summary>
    public void End()
    {
        SetBuffer(null, 0, 0);
        UserToken = null;
        output.Return();
        output = default;
    }

    protected override void OnCompleted(SocketAsyncEventArgs e) => completedLater((SocketConnection)UserToken!);
}
