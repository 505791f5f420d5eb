using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Host.Transport;
using DePinEdge.Gateway.Host.Work;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Gateway.Host.Loop;

/// <summary>
/// The one thread that owns the core. A round takes what waits (connections, questions, answers of workers), ticks, stores the turn
/// when it is due, and only when everything is durable lets outputs, replies and work requests leave: durable before visible.
/// A failed commit that is not a full disk, and any exception out of the core, end the loop; <see cref="Completion"/> says how.
/// </summary>
public sealed class CoreLoop
{
    /// <summary>Inputs of one round: bounds how long a tick or a commit waits behind them.</summary>
    private const int InputsPerRound = 1_024;

    /// <summary>Questions that may wait; beyond it <see cref="AskAsync"/> fails at once.</summary>
    internal const int AsksMax = 1_024;

    private readonly GatewayCore core;
    private readonly IConnectionShell shell;
    private readonly CoreTarget target;
    private readonly WorkPool work;
    private readonly TurnWriter writer;
    private readonly LoopClock clock;
    private readonly Action? afterFlush;
    private readonly ILogger log;
    private readonly Channel<Ask> asks = Channel.CreateBounded<Ask>(new BoundedChannelOptions(AsksMax) { SingleReader = true });
    private readonly ConcurrentQueue<object> answers = new(); // at most one for each request that the pool holds
    private readonly List<Ask> unreleased = [];
    private readonly List<BrokerConnection> dirty = [];
    private readonly List<WorkRequest> requests = [];
    private readonly TaskCompletionSource<int> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopAsked, stuck;
    private long asksRefused;

    internal CoreLoop(GatewayCore core, ITurnStore store, Ballast ballast, IConnectionShell shell, WorkPool work, LoopClock clock, GatewayHostOptions options)
    {
        this.core = core;
        this.shell = shell;
        this.work = work;
        this.clock = clock;
        afterFlush = options.AfterFlush;
        log = options.Logs.CreateLogger<CoreLoop>();
        target = new CoreTarget(core, clock);
        writer = new TurnWriter(core, store, ballast, options.LingerMs, options.Clock, Counters, log);
        work.Answered = Take;
        work.Broken = Take;

        void Take(object answer)
        {
            answers.Enqueue(answer);
            shell.Wake();
        }
    }

    /// <summary>What the loop has done.</summary>
    public LoopCounters Counters { get; } = new();

    /// <summary>Ends with the process's exit code: 0 after a stop that was asked for.</summary>
    public Task<int> Completion => completion.Task;

    /// <summary>Questions that wait.</summary>
    public int AsksWaiting => asks.Reader.Count;

    /// <summary>Questions refused because too many waited.</summary>
    public long AsksRefused => Volatile.Read(ref asksRefused);

    /// <summary>True while a turn waits for room on the disk: questions are not answered then.</summary>
    public bool WaitsForDisk => stuck;

    /// <summary>
    /// Runs a question on the loop's thread; completes after the commit of the turn that answered it. The question must not throw and
    /// must copy what it hands out. Fails with <see cref="GatewayStoppedException"/> when the loop has ended or 1,024 questions wait;
    /// cancelling counts only before the question has begun.
    /// </summary>
    public async Task<T> AskAsync<T>(Func<GatewayCore, Instant, T> ask, CancellationToken cancel = default)
    {
        var one = new Ask<T>(ask, cancel);
        if (!asks.Writer.TryWrite(one))
        {
            if (!Completion.IsCompleted)
                Interlocked.Increment(ref asksRefused);
            throw new GatewayStoppedException(Completion.IsCompleted ? "the gateway has stopped" : "too many questions wait for the gateway");
        }
        shell.Wake();
        return await one.Answer.WaitAsync(cancel);
    }

    internal void Start()
    {
        // A thread of its own: commits block, and the pool's threads are for what never blocks.
        var thread = new Thread(Run) { Name = "core loop", IsBackground = true };
        thread.Start();
    }

    internal void RequestStop()
    {
        stopAsked = true;
        shell.Wake();
    }

    private void Run()
    {
        var code = ExitCodes.Bug;
        try
        {
            while (!stopAsked)
                shell.Wait(Round() ? 0 : SleepMs());
            code = Finish();
        }
        catch (StoreException failure)
        {
            log.StoreUnknown(failure.Message);
            code = ExitCodes.StoreUnknown;
        }
        catch (Exception failure)
        {
            log.Broken(failure);
        }
        End();
        completion.TrySetResult(code);
    }

    /// <summary>One round. True when more waits already.</summary>
    private bool Round()
    {
        Counters.Rounds++;
        var more = false;
        if (!writer.Stuck)
        {
            more = shell.Pump(target, InputsPerRound);
            TakeAnswers();
            more |= TakeAsks();
            var moment = clock.Now;
            if (moment.Ms >= core.NextTickMs)
                core.Tick(moment);
        }
        writer.Write(clock.Now);
        stuck = writer.Stuck;
        if (writer.Settled)
            Publish();
        return more;
    }

    private void TakeAnswers()
    {
        while (answers.TryDequeue(out var answer))
        {
            Counters.WorkAnswers++;
            switch (answer)
            {
                case Recomputed recomputed:
                    core.Recomputed(recomputed, clock.Now);
                    break;
                case Signed signed:
                    core.Signed(signed, clock.Now);
                    break;
                default:
                    ExceptionDispatchInfo.Throw((Exception)answer); // a worker broke
                    break;
            }
        }
    }

    private bool TakeAsks()
    {
        for (var taken = 0; taken < InputsPerRound; taken++)
        {
            if (!asks.Reader.TryRead(out var ask))
                return false;
            Counters.Asks++;
            unreleased.Add(ask); // before it runs, so that it is told when the core breaks under it
            if (!ask.Run(core, clock.Now))
                unreleased.RemoveAt(unreleased.Count - 1);
        }
        return true;
    }

    /// <summary>Everything is durable: let it be seen.</summary>
    private void Publish()
    {
        core.Broker.TakeDirty(dirty);
        shell.Flush(target, dirty);
        dirty.Clear();
        afterFlush?.Invoke();
        foreach (var ask in unreleased)
            ask.Release();
        unreleased.Clear();
        core.TakeWork(requests);
        foreach (var request in requests)
            work.Add(request);
        requests.Clear();
    }

    private long SleepMs()
    {
        var due = Math.Min(writer.DueMs, writer.Stuck ? long.MaxValue : core.NextTickMs);
        return due == long.MaxValue ? long.MaxValue : Math.Max(0, due - clock.Ms);
    }

    private int Finish()
    {
        core.Stopping(clock.Now);
        core.AskSnapshot(); // with the last records, so that the next start replays little
        writer.Write(clock.Now, now: true);
        if (writer.Stuck)
            writer.Write(clock.Now, now: true); // the ballast may have made room
        if (writer.KeptSeq is { } seq)
        {
            log.StoppedFull(seq);
            return ExitCodes.Failed;
        }
        Publish();
        log.Stopped(Counters.Commits);
        return ExitCodes.Ok;
    }

    private void End()
    {
        asks.Writer.TryComplete();
        var reason = new GatewayStoppedException("the gateway has stopped");
        foreach (var ask in unreleased)
            ask.Fail(reason);
        while (asks.Reader.TryRead(out var ask))
            ask.Fail(reason);
    }
}
