using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Loop;

/// <summary>A question to the core on its way through the loop: run in a turn, answered when that turn is durable.</summary>
internal abstract class Ask
{
    /// <summary>Runs it; false when whoever asked has gone before it began.</summary>
    public abstract bool Run(GatewayCore core, Instant now);

    /// <summary>Hands the answer over.</summary>
    public abstract void Release();

    /// <summary>The loop ends before an answer.</summary>
    public abstract void Fail(Exception reason);
}

/// <inheritdoc cref="Ask"/>
internal sealed class Ask<T>(Func<GatewayCore, Instant, T> question, CancellationToken cancel) : Ask
{
    // Continuations must not run on the loop's thread: they are the API's business.
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? value;

    public Task<T> Answer => answer.Task;

    public override bool Run(GatewayCore core, Instant now)
    {
        if (cancel.IsCancellationRequested)
        {
            answer.TrySetCanceled(cancel);
            return false;
        }
        value = question(core, now);
        return true;
    }

    public override void Release() => answer.TrySetResult(value!);

    public override void Fail(Exception reason) => answer.TrySetException(reason);
}
