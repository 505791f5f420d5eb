// One connection through a relay.
using System.Net;
using System.Net.Sockets;

namespace DePinEdge.Simulator.Chaos;

/// <summary>Two sockets and two loops that copy between them until either side ends, or an accident does it.</summary>
internal sealed class RelayedConnection(LinkRelay relay, Socket board, TimeProvider time, CancellationToken stopping) : IDisposable
{
    private const int PieceBytes = 16 * 1024;

    private readonly Socket gateway = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool broken;
    private int vanishMs;

    /// <summary>Ends when both sockets are closed.</summary>
    public Task Ended => ended.Task;

    /// <summary>Both sides break off at once.</summary>
    public void Cut()
    {
        broken = true;
        Break(board);
        Break(gateway);
    }

    /// <summary>The board's side breaks off; the gateway hears nothing of it for so long.</summary>
    public void Vanish(int ms)
    {
        vanishMs = Math.Max(1, ms);
        broken = true;
        Break(board);
    }

    /// <summary>Connects to the gateway and copies until the end. Throws nothing: links end in many ways, and all are the same here.</summary>
    public async Task RunAsync(int target)
    {
        try
        {
            board.NoDelay = true;
            await gateway.ConnectAsync(IPAddress.Loopback, target, stopping).ConfigureAwait(false);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var up = CopyAsync(board, gateway, true, over.Token);
            var down = CopyAsync(gateway, board, false, over.Token);
            await Task.WhenAny(up, down).ConfigureAwait(false);
            if (vanishMs > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(vanishMs), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The gateway is not there, or the run is over.
        }
        finally
        {
            Dispose();
            ended.TrySetResult();
        }
    }

    /// <summary>Closes both sockets.</summary>
    public void Dispose()
    {
        board.Dispose();
        gateway.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to, bool fromBoard, CancellationToken cancel)
    {
        var piece = new byte[PieceBytes];
        while (true)
        {
            var count = await from.ReceiveAsync(piece, cancel).ConfigureAwait(false);
            if (count == 0 || (fromBoard && !relay.FromBoard(this)))
                return;
            await relay.PaceAsync(cancel).ConfigureAwait(false);
            // What the gateway still says to a board that vanished goes nowhere.
            if (broken)
                return;
            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(piece.AsMemory(sent, count - sent), cancel).ConfigureAwait(false);
        }
    }

    private static void Break(Socket socket)
    {
        // Without lingering the other end sees a reset, as with a link that is gone.
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }
}
