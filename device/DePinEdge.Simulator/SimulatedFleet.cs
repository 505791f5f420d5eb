// Many boards in one process.
namespace DePinEdge.Simulator;

/// <summary>
/// Runs boards side by side: one asynchronous loop each, work on a limited number of threads, no thread a board. Only the hardware is
/// simulated; agent, interpreter, MQTT client and sockets are the real ones.
/// </summary>
public sealed class SimulatedFleet : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim workers;
    private TaskCompletionSource changed = NewSignal();
    private Task[]? running;
    private Exception? failure;
    private bool disposed;

    /// <summary>Makes the boards; <see cref="Start"/> sets them going.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SimulatedFleet(FleetOptions options, IReadOnlyList<BoardSpec> boards)
    {
        options.Validate();
        workers = new SemaphoreSlim(options.Workers);
        Boards = [.. boards.Select(spec => new SimulatedBoard(spec, options, workers, Changed))];
    }

    /// <summary>The boards, in the order of their specs.</summary>
    public IReadOnlyList<SimulatedBoard> Boards { get; }

    /// <summary>Ends when every board has stopped; faults when one failed by a mistake of ours.</summary>
    public Task Completion => Task.WhenAll(running ?? []);

    /// <summary>Sets every board going. Once.</summary>
    public void Start()
    {
        if (running is not null)
            throw new InvalidOperationException("the fleet was started before");
        running = [.. Boards.Select(board => Task.Run(() => RunBoardAsync(board)))];
    }

    /// <summary>The sums of all boards, now.</summary>
    public FleetCounters Counters()
    {
        int online = 0, joined = 0;
        long tasks = 0, batches = 0, fuel = 0, connects = 0, lost = 0, unreached = 0, refused = 0, ignored = 0;
        foreach (var board in Boards)
        {
            var c = board.Counters;
            online += c.Online ? 1 : 0;
            joined += c.Joined ? 1 : 0;
            tasks += c.TasksDone;
            batches += c.BatchesDone;
            fuel += c.Fuel;
            connects += c.Connects;
            lost += c.ConnectionsLost;
            unreached += c.Unreached;
            refused += c.Refused;
            ignored += c.FramesIgnored;
        }

        return new FleetCounters(Boards.Count, online, joined, tasks, batches, fuel, connects, lost, unreached, refused, ignored);
    }

    /// <summary>
    /// Waits until <paramref name="condition"/> holds; it is asked again whenever a board comes, goes, joins, meets nobody, is refused or
    /// ignores a frame, but not for its work. Faults when a board failed by a mistake of ours.
    /// </summary>
    public async Task WhenAsync(Func<SimulatedFleet, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = Volatile.Read(ref changed).Task;
            if (condition(this))
                return;
            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (Volatile.Read(ref failure) is { } mistake)
                throw new InvalidOperationException("a simulated board failed by a mistake of the simulator", mistake);
        }
    }

    /// <summary>Takes the power from every board and waits until all loops have ended. May be called again.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        await stopping.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
        workers.Dispose();
    }

    private async Task RunBoardAsync(SimulatedBoard board)
    {
        try
        {
            await board.RunAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (Exception mistake)
        {
            Interlocked.CompareExchange(ref failure, mistake, null);
            throw;
        }
        finally
        {
            Changed();
        }
    }

    private void Changed() => Interlocked.Exchange(ref changed, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
