using System.Net;
using System.Net.Sockets;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Tests.Device.Simulator.Chaos;

/// <summary>A relay between two bare sockets.</summary>
public sealed class LinkRelayTests : IAsyncDisposable
{
    private readonly TcpListener gateway = new(IPAddress.Loopback, 0);
    private readonly ChaosStage stage = new();
    private readonly List<Socket> sockets = [];
    private LinkRelay? relay;

    public LinkRelayTests() => gateway.Start();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in sockets)
            socket.Dispose();
        if (relay is not null)
            await relay.DisposeAsync();
        gateway.Dispose();
    }

    [Fact(Timeout = 20_000)]
    public async Task Bytes_pass_both_ways_and_nothing_happens_before_the_chaos_begins()
    {
        var (board, far) = await ConnectAsync(new LinkFault(FaultKind.LinkCut, 1, 0));
        for (byte i = 0; i < 20; i++)
        {
            Assert.Equal(i, await PassAsync(board, far, i));
            Assert.Equal(i, await PassAsync(far, board, i));
        }

        Assert.Equal((1, 0L), (relay!.Left, stage.Faults[FaultKind.LinkCut]));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_cut_comes_with_its_chunk_and_ends_both_sides()
    {
        var (board, far) = await ConnectAsync(new LinkFault(FaultKind.LinkCut, 3, 0));
        stage.Begin();
        await PassAsync(board, far, 1);
        await PassAsync(board, far, 2);
        Assert.Equal(0, stage.Faults[FaultKind.LinkCut]);
        await board.SendAsync(new byte[] { 3 }, Cancel);
        Assert.True(await EndsAsync(board));
        Assert.True(await EndsAsync(far));
        Assert.Equal((0, 1L), (relay!.Left, stage.Faults[FaultKind.LinkCut]));
        // The next connection is as good as new.
        var (again, farAgain) = await ConnectMoreAsync();
        Assert.Equal(9, await PassAsync(again, farAgain, 9));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_stalled_link_carries_everything_later_and_in_order()
    {
        var (board, far) = await ConnectAsync(new LinkFault(FaultKind.LinkStall, 1, 400));
        stage.Begin();
        var began = TimeProvider.System.GetTimestamp();
        await far.SendAsync(new byte[] { 7 }, Cancel);
        Assert.Equal(7, await ReadAsync(board));
        await board.SendAsync(new byte[] { 1 }, Cancel);
        await board.SendAsync(new byte[] { 2 }, Cancel);
        Assert.Equal(1, await ReadAsync(far));
        Assert.True(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds >= 399);
        Assert.Equal(2, await ReadAsync(far));
        Assert.Equal(1, stage.Faults[FaultKind.LinkStall]);
    }

    [Fact(Timeout = 20_000)]
    public async Task Half_open_means_that_only_the_board_knows()
    {
        var (board, far) = await ConnectAsync(new LinkFault(FaultKind.LinkHalfOpen, 1, 300));
        stage.Begin();
        var began = TimeProvider.System.GetTimestamp();
        await board.SendAsync(new byte[] { 1 }, Cancel);
        Assert.True(await EndsAsync(board));
        // What the gateway says now goes nowhere, and its side ends only later.
        await far.SendAsync(new byte[] { 2 }, Cancel);
        Assert.True(await EndsAsync(far));
        Assert.True(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds >= 299);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_slow_link_is_slow_for_its_time()
    {
        var (board, far) = await ConnectAsync(new LinkFault(FaultKind.LinkDelay, 1, 60_000));
        stage.Begin();
        var began = TimeProvider.System.GetTimestamp();
        for (byte i = 1; i <= 3; i++)
            Assert.Equal(i, await PassAsync(board, far, i));
        Assert.True(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds >= 3 * 39);
    }

    private async Task<(Socket Board, Socket Far)> ConnectAsync(params LinkFault[] faults)
    {
        relay = new LinkRelay(((IPEndPoint)gateway.LocalEndpoint).Port, stage, faults, TimeProvider.System);
        return await ConnectMoreAsync();
    }

    private async Task<(Socket Board, Socket Far)> ConnectMoreAsync()
    {
        var board = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        sockets.Add(board);
        await board.ConnectAsync(IPAddress.Loopback, relay!.Port, Cancel);
        var far = await gateway.AcceptSocketAsync(Cancel);
        sockets.Add(far);
        far.NoDelay = true;
        return (board, far);
    }

    private static async Task<byte> PassAsync(Socket from, Socket to, byte value)
    {
        await from.SendAsync(new[] { value }, Cancel);
        return await ReadAsync(to);
    }

    private static async Task<byte> ReadAsync(Socket from)
    {
        var one = new byte[1];
        Assert.Equal(1, await from.ReceiveAsync(one, Cancel));
        return one[0];
    }

    private static async Task<bool> EndsAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], Cancel) == 0;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return true;
        }
    }
}
