namespace DePinEdge.Simulation;

/// <summary>Simulated time: what is to happen, by the millisecond, and within one in the order in which it was asked for.</summary>
public sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long AtMs, long Order)> events = new();
    private long order;

    /// <summary>Simulated milliseconds since the run began.</summary>
    public long NowMs { get; private set; }

    /// <summary>Events that happened so far.</summary>
    public long Happened { get; private set; }

    /// <summary>Something that happens at that moment; a past moment means now.</summary>
    public void At(long atMs, Action action) => events.Enqueue(action, (Math.Max(atMs, NowMs), order++));

    /// <summary>Something that happens after so many milliseconds.</summary>
    public void After(long ms, Action action) => At(NowMs + ms, action);

    /// <summary>Lets the next event happen, unless it is later than that; false when nothing happened.</summary>
    public bool Step(long untilMs)
    {
        if (!events.TryPeek(out _, out var next) || next.AtMs > untilMs)
            return false;
        var action = events.Dequeue();
        NowMs = next.AtMs;
        Happened++;
        action();
        return true;
    }
}
