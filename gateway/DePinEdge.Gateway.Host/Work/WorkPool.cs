using System.Collections.Concurrent;
using DePinEdge.Gateway.Flow;
using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host.Work;

/// <summary>
/// Threads that do the core's long work: recomputing results and signing heads. The core bounds what it asks for
/// (GatewayOptions.RecomputeQueueMax stops dispatching), so the queue here holds at most that and what was dispatched before;
/// <see cref="Waiting"/> and <see cref="WaitingMost"/> show it.
/// </summary>
public sealed class WorkPool : IDisposable
{
    /// <summary>Programs whose runner one worker keeps; the oldest makes room.</summary>
    private const int RunnersPerWorker = 16;

    private readonly BlockingCollection<WorkRequest> queue = new(new ConcurrentQueue<WorkRequest>());
    private readonly CancellationTokenSource stopped = new();
    private readonly LoadedPrograms library;
    private readonly SiteKey key;
    private readonly List<Thread> threads = [];
    private long done, waitingMost;

    /// <summary>Makes the pool; <paramref name="workers"/> 0 means one less than the processors, at least one.</summary>
    public WorkPool(int workers, LoadedPrograms library, SiteKey key)
    {
        this.library = library;
        this.key = key;
        var count = workers > 0 ? workers : Math.Max(1, Environment.ProcessorCount - 1);
        for (var i = 0; i < count; i++)
            threads.Add(new Thread(Work) { Name = $"worker {i}", IsBackground = true });
    }

    /// <summary>Where answers (<see cref="Recomputed"/>, <see cref="Signed"/>) go; called on a worker's thread. Set before <see cref="Start"/>.</summary>
    public Action<object> Answered { get; set; } = static _ => { };

    /// <summary>A worker broke: our bug. Set before <see cref="Start"/>.</summary>
    public Action<Exception> Broken { get; set; } = static _ => { };

    /// <summary>Requests that wait.</summary>
    public int Waiting => queue.Count;

    /// <summary>Most that ever waited.</summary>
    public long WaitingMost => Volatile.Read(ref waitingMost);

    /// <summary>Requests done.</summary>
    public long Done => Volatile.Read(ref done);

    public void Start() => threads.ForEach(thread => thread.Start());

    /// <summary>Takes a request; never blocks.</summary>
    public void Add(WorkRequest request)
    {
        queue.Add(request);
        if (queue.Count > Volatile.Read(ref waitingMost))
            Volatile.Write(ref waitingMost, queue.Count);
    }

    /// <summary>Ends the threads; what waits is dropped (the core asks again after a restart).</summary>
    public void Dispose()
    {
        stopped.Cancel();
        foreach (var thread in threads)
            if (thread.IsAlive)
                thread.Join();
        queue.Dispose();
        stopped.Dispose();
    }

    private void Work()
    {
        var runners = new Dictionary<ProgramHash, TaskRunner>();
        var order = new Queue<ProgramHash>();
        try
        {
            foreach (var request in queue.GetConsumingEnumerable(stopped.Token))
            {
                object answer = request switch
                {
                    RecomputeAsked asked => Recompute(asked, Runner(asked.Program, runners, order)),
                    SignAsked asked => new Signed(asked.Number, key.PublicKey, key.Sign(asked.Head)),
                    _ => throw new InvariantException($"no worker knows {request.GetType().Name}"),
                };
                Interlocked.Increment(ref done);
                Answered(answer);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped: the loop has ended before the pool.
        }
        catch (Exception failure)
        {
            Broken(failure);
        }
    }

    private Recomputed Recompute(RecomputeAsked asked, TaskRunner runner)
    {
        var tasks = new RecomputedTask[asked.Inputs.Length];
        for (var i = 0; i < tasks.Length; i++)
        {
            var outcome = runner.Run(asked.Inputs[i], [], asked.FuelLimit, stopped.Token);
            tasks[i] = new RecomputedTask(outcome.Status, outcome.Trap, outcome.Fuel, outcome.Output);
        }
        return new Recomputed(asked.Number, tasks);
    }

    private TaskRunner Runner(ProgramHash hash, Dictionary<ProgramHash, TaskRunner> runners, Queue<ProgramHash> order)
    {
        if (runners.TryGetValue(hash, out var runner))
            return runner;
        var program = library.Find(hash);
        Invariant.Require(program is not null, $"program {hash} is asked for but not in the library");
        if (runners.Count == RunnersPerWorker)
            runners.Remove(order.Dequeue());
        order.Enqueue(hash);
        return runners[hash] = new TaskRunner(program);
    }
}
