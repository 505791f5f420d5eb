using DePinEdge.Simulator;

namespace DePinEdge.Tests.Device.Simulator;

public sealed class PulseTests
{
    [Fact]
    public async Task A_set_before_the_wait_ends_it_once()
    {
        using var pulse = new Pulse(TimeProvider.System);
        pulse.Set();
        pulse.Set();
        await pulse.WaitAsync(-1, TestContext.Current.CancellationToken);
        Assert.False(pulse.WaitAsync(-1, TestContext.Current.CancellationToken).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Time_ends_the_wait()
    {
        using var pulse = new Pulse(TimeProvider.System);
        await pulse.WaitAsync(1, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_cancelled_wait_throws()
    {
        using var pulse = new Pulse(TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var wait = pulse.WaitAsync(-1, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task A_task_that_ends_sets_it_however_it_ends()
    {
        using var pulse = new Pulse(TimeProvider.System);
        var task = new TaskCompletionSource();
        pulse.SetWhenDone(task.Task);
        var wait = pulse.WaitAsync(-1, TestContext.Current.CancellationToken).AsTask();
        Assert.False(wait.IsCompleted);
        task.SetException(new IOException());
        await wait;
        pulse.SetWhenDone(Task.CompletedTask);
        await pulse.WaitAsync(-1, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IOException>(() => task.Task);
    }

    [Fact]
    public async Task A_wait_of_nothing_takes_the_set_and_returns()
    {
        using var pulse = new Pulse(TimeProvider.System);
        pulse.Set();
        await pulse.WaitAsync(0, TestContext.Current.CancellationToken);
        Assert.False(pulse.WaitAsync(-1, TestContext.Current.CancellationToken).AsTask().IsCompleted);
    }
}
