namespace DePinEdge.Tests.Gateway.Host;

/// <summary>Counts a core loop's flushes, so that a test waits for the next round instead of for a time. <see cref="Flushed"/> is the host's AfterFlush.</summary>
internal sealed class FlushCount
{
    private readonly Lock gate = new();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rounds flushed so far; read on the loop's thread it is the number before the round's own.</summary>
    public long Rounds { get; private set; }

    public void Flushed()
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            Rounds++;
            waiting = next;
            next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        waiting.SetResult();
    }

    /// <summary>Completes when more than <paramref name="rounds"/> rounds were flushed.</summary>
    public async Task PastAsync(long rounds, CancellationToken cancel)
    {
        while (true)
        {
            Task waiting;
            lock (gate)
            {
                if (Rounds > rounds)
                    return;
                waiting = next.Task;
            }
            await waiting.WaitAsync(cancel);
        }
    }
}
