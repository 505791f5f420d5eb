namespace DePinEdge.Gateway.Host.Transport;

/// <summary>
/// Lets one thread sleep until somebody has something for it. Waking a thread that is busy costs one interlocked write and no system
/// call, so that producers under load do not pay for a sleeper that is not asleep.
/// </summary>
internal sealed class WakeSignal : IDisposable
{
    private readonly AutoResetEvent wake = new(false);
    private readonly ITimer? timer;
    private int sleeping, pending;

    public WakeSignal(TimeProvider clock)
    {
        // A test's clock ends sleeps by its own timers; the system's by the wait itself.
        if (clock != TimeProvider.System)
            timer = clock.CreateTimer(static self => ((WakeSignal)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the sleep under way, or makes the next one end at once; any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref pending, 1) == 0 && Volatile.Read(ref sleeping) == 1)
            wake.Set();
    }

    /// <summary>Sleeps at most so long; 0 or less does not sleep, long.MaxValue has no end.</summary>
    public void Wait(long milliseconds)
    {
        if (milliseconds > 0)
        {
            Interlocked.Exchange(ref sleeping, 1);
            if (Volatile.Read(ref pending) == 0)
                Sleep(milliseconds);
            Volatile.Write(ref sleeping, 0);
        }
        Interlocked.Exchange(ref pending, 0);
    }

    public void Dispose()
    {
        timer?.Dispose();
        wake.Dispose();
    }

    private void Sleep(long milliseconds)
    {
        var span = milliseconds > int.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(milliseconds);
        timer?.Change(span, Timeout.InfiniteTimeSpan);
        wake.WaitOne(timer is null ? span : Timeout.InfiniteTimeSpan);
    }
}
