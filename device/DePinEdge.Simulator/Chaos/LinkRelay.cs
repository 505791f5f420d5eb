// A bad link: a TCP relay on loopback between one board and the gateway.
using System.Net;
using System.Net.Sockets;

namespace DePinEdge.Simulator.Chaos;

/// <summary>
/// Carries bytes both ways and has accidents by a schedule. Bytes are never changed, added or reordered: TCP does not do that either. What
/// is in the relay when a link breaks is lost.
/// </summary>
public sealed class LinkRelay : IAsyncDisposable
{
    private const int SlowByMs = 40;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly int target;
    private readonly ChaosStage stage;
    private readonly Queue<LinkFault> schedule;
    private readonly TimeProvider time;
    private readonly Task accepting;
    private readonly HashSet<RelayedConnection> connections = [];
    private long stalledUntil, slowUntil;
    private int chunks;

    /// <summary>Listens on a free port of loopback.</summary>
    /// <param name="target">The gateway's port on loopback.</param>
    /// <param name="stage">Where accidents are counted, and whether they may happen yet.</param>
    /// <param name="faults">In the order of their chunks.</param>
    /// <param name="time">For waits.</param>
    public LinkRelay(int target, ChaosStage stage, IEnumerable<LinkFault> faults, TimeProvider time)
    {
        this.target = target;
        this.stage = stage;
        this.time = time;
        schedule = new Queue<LinkFault>(faults);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    /// <summary>The port that the board connects to.</summary>
    public int Port { get; }

    /// <summary>Accidents still to come.</summary>
    public int Left
    {
        get
        {
            lock (schedule)
                return schedule.Count;
        }
    }

    /// <summary>The board vanishes, as when its power goes: its sockets close, the gateway's half stays open and silent for so long.</summary>
    public void Vanish(int ms)
    {
        RelayedConnection[] now;
        lock (connections)
            now = [.. connections];
        foreach (var connection in now)
            connection.Vanish(ms);
    }

    /// <summary>Closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] left;
        lock (connections)
            left = [.. connections.Select(connection => connection.Ended)];
        await Task.WhenAll(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    /// <summary>Waits as long as the link stalls or is slow. Called before each piece is passed on.</summary>
    internal async Task PaceAsync(CancellationToken cancel)
    {
        while (Until(ref stalledUntil) is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancel).ConfigureAwait(false);
        if (Until(ref slowUntil) > TimeSpan.Zero)
            await Task.Delay(TimeSpan.FromMilliseconds(SlowByMs), time, cancel).ConfigureAwait(false);
    }

    /// <summary>A piece came from the board: the accident that is due now happens. False when the connection is gone by it.</summary>
    internal bool FromBoard(RelayedConnection connection)
    {
        if (!stage.Begun)
            return true;
        LinkFault fault;
        lock (schedule)
        {
            chunks++;
            if (!schedule.TryPeek(out var next) || chunks < next.AtChunk)
                return true;
            fault = schedule.Dequeue();
        }

        stage.Faults.Add(fault.Kind);
        switch (fault.Kind)
        {
            case FaultKind.LinkStall:
                Volatile.Write(ref stalledUntil, time.GetTimestamp() + (fault.Ms * time.TimestampFrequency / 1_000));
                return true;
            case FaultKind.LinkDelay:
                Volatile.Write(ref slowUntil, time.GetTimestamp() + (fault.Ms * time.TimestampFrequency / 1_000));
                return true;
            case FaultKind.LinkHalfOpen:
                connection.Vanish(fault.Ms);
                return false;
            default:
                connection.Cut();
                return false;
        }
    }

    private TimeSpan Until(ref long until) => TimeSpan.FromSeconds(Math.Max(0, Volatile.Read(ref until) - time.GetTimestamp()) / (double)time.TimestampFrequency);

    private async Task AcceptAsync()
    {
        while (true)
        {
            var board = await listener.AcceptSocketAsync(stopping.Token).ConfigureAwait(false);
            var connection = new RelayedConnection(this, board, time, stopping.Token);
            lock (connections)
                connections.Add(connection);
            _ = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(RelayedConnection connection)
    {
        using (connection)
            await connection.RunAsync(target).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (connections)
            connections.Remove(connection);
    }
}
