using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DePinEdge.Tests.Device.Simulator;

/// <summary>
/// Whoever stands on the wire between a board and its gateway: passes all bytes on, and can put a PUBLISH of its own between two of
/// the gateway's packets.
/// </summary>
internal sealed class InjectingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly Task accepting;
    private readonly int target;
    private NetworkStream? board;

    public InjectingProxy(int target)
    {
        this.target = target;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Sends the board a QoS 0 message as if the gateway had. False when no board is connected.</summary>
    public async Task<bool> InjectAsync(string topic, byte[] payload, CancellationToken cancel)
    {
        var name = Encoding.UTF8.GetBytes(topic);
        Assert.True(2 + name.Length + payload.Length < 128, "one length byte is enough for a test");
        byte[] packet = [0x30, (byte)(2 + name.Length + payload.Length), 0, (byte)name.Length, .. name, .. payload];
        await writing.WaitAsync(cancel);
        try
        {
            if (board is null)
                return false;
            await board.WriteAsync(packet, cancel);
            return true;
        }
        finally
        {
            writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
        writing.Dispose();
    }

    // One board at a time is enough: a connection ends before the next begins.
    private async Task AcceptAsync()
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(stopping.Token);
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, target, stopping.Token);
            client.NoDelay = server.NoDelay = true;
            await using var down = client.GetStream();
            await using var up = server.GetStream();
            board = down;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            var first = await Task.WhenAny(up.CopyToBoardAsync(down, writing, ended.Token), down.CopyToAsync(up, ended.Token));
            await writing.WaitAsync(stopping.Token);
            board = null;
            writing.Release();
            await ended.CancelAsync();
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

file static class PacketCopy
{
    /// <summary>Passes whole packets on, so that there is a place between two of them.</summary>
    public static async Task CopyToBoardAsync(this NetworkStream from, NetworkStream to, SemaphoreSlim writing, CancellationToken cancel)
    {
        var packet = new byte[64 * 1024];
        while (true)
        {
            var count = 0;
            int length = 0, shift = 0;
            do
            {
                // The type byte, then one to four length bytes.
                await from.ReadExactlyAsync(packet.AsMemory(count, count == 0 ? 2 : 1), cancel);
                count = count == 0 ? 2 : count + 1;
                length |= (packet[count - 1] & 0x7F) << shift;
                shift += 7;
            }
            while (packet[count - 1] >= 0x80);
            await from.ReadExactlyAsync(packet.AsMemory(count, length), cancel);
            await writing.WaitAsync(cancel);
            try
            {
                await to.WriteAsync(packet.AsMemory(0, count + length), cancel);
            }
            finally
            {
                writing.Release();
            }
        }
    }
}
