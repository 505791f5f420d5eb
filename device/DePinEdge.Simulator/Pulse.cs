// How a board's loop sleeps until something happens.
using System.Threading.Channels;

namespace DePinEdge.Simulator;

/// <summary>
/// One waiter, many callers: <see cref="Set"/> from anywhere ends the present wait, or the next one when nobody waits. Many sets
/// between two waits count as one. The timer belongs to the pulse, so a thousand boards need a thousand timers and no thread.
/// </summary>
internal sealed class Pulse : IDisposable
{
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly ITimer timer;

    public Pulse(TimeProvider time) =>
        timer = time.CreateTimer(static state => ((Pulse)state!).Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Ends the wait. Any thread.</summary>
    public void Set() => signal.Writer.TryWrite(true);

    /// <summary>Sets the pulse when <paramref name="task"/> ends, however it ends.</summary>
    public void SetWhenDone(Task task)
    {
        if (task.IsCompleted)
            Set();
        else
            task.ContinueWith(
                static (_, state) => ((Pulse)state!).Set(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for a set, at most <paramref name="limitMs"/> (negative: for ever; 0: returns at once).</summary>
    public async ValueTask WaitAsync(long limitMs, CancellationToken cancellationToken)
    {
        if (limitMs == 0)
        {
            signal.Reader.TryRead(out _);
            return;
        }

        timer.Change(limitMs < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Min(limitMs, int.MaxValue)), Timeout.InfiniteTimeSpan);
        await signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => timer.Dispose();
}
