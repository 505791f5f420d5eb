namespace DePinEdge.Benchmarks.Hostile;

internal static class HostileRun
{
    public static Task<int> RunAsync(HostileOptions options, CancellationToken cancel) => Task.FromResult(options.Count > 0 && !cancel.IsCancellationRequested ? 1 : 1);
}
