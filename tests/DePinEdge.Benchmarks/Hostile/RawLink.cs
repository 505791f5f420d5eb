using System.Net;
using System.Net.Sockets;

namespace DePinEdge.Benchmarks.Hostile;

/// <summary>A TCP connection that keeps no rules. Closing resets it, so that thousands of them leave no ports behind.</summary>
internal sealed class RawLink : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Connects to a port of this machine.</summary>
    public static async Task<RawLink> OpenAsync(int port, CancellationToken cancel)
    {
        var link = new RawLink();
        await link.socket.ConnectAsync(IPAddress.Loopback, port, cancel);
        return link;
    }

    /// <summary>Sends; false when the other side has closed.</summary>
    public async Task<bool> SendAsync(byte[] bytes, CancellationToken cancel)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
                sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads until the other side closes (true), or says the byte that is waited for or nothing for so long (false).</summary>
    public async Task<bool> ClosedAsync(byte? until, int patienceMs, CancellationToken cancel)
    {
        var buffer = new byte[4_096];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(patienceMs);
        try
        {
            while (await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token) is > 0 and var count)
                if (until is { } awaited && count >= 2 && buffer[count - 2] == awaited && buffer[count - 1] == 0)
                    return false;
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // It was reset by the other side.
        }
        socket.Dispose();
    }
}
