using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Tasks;

/// <summary>Runs a task under the test's own cancellation.</summary>
internal static class RunnerExtensions
{
    public static TaskOutcome RunTask(this TaskRunner runner, long fuelLimit, byte[]? input = null, byte[]? tail = null) =>
        runner.Run(input ?? [], tail ?? [], fuelLimit, TestContext.Current.CancellationToken);
}
