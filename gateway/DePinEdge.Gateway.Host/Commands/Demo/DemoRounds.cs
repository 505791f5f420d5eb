// The chaos takes as long as it takes: jobs until everything planned has happened and come right again.
using DePinEdge.Client;
using DePinEdge.Simulator;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Follows the jobs under a chaos that has begun, and submits one of them again while something planned has not happened yet.</summary>
internal sealed class DemoRounds(DemoChaos chaos, SimulatedFleet fleet, DepinClient client, DemoJobs jobs, DemoScreen screen, TimeProvider time)
{
    /// <summary>Most jobs beyond the first ones; what has not happened by then is reported as missing.</summary>
    private const int RoundsMax = 12;

    /// <summary>Longest time between two rounds: who is away comes back meanwhile.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the rounds.</summary>
    /// <param name="again">The job to submit again.</param>
    /// <param name="stillRuns">Throws when the gateway has stopped.</param>
    public async Task RunAsync(SampleJob again, Func<Task> stillRuns, CancellationToken cancel)
    {
        await jobs.FollowAsync(LookAsync, cancel);
        for (var round = 0; round < RoundsMax && !chaos.Settled; round++)
        {
            for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Pause && !chaos.Settled;)
            {
                await LookAsync();
                await Task.Delay(LookEvery, time, cancel);
            }

            if (chaos.Settled)
                break;
            screen.Line($"  again   not yet: {Awaited()}");
            await jobs.SubmitAsync(again, cancel);
            await jobs.FollowAsync(LookAsync, cancel);
        }

        chaos.Stage.End();

        async Task LookAsync()
        {
            await stillRuns();
            await chaos.LookAsync(fleet, client, cancel);
        }
    }

    private string Awaited() => chaos.Missing.Count > 0 ? string.Join(", ", chaos.Missing)
        : chaos.ClonesHeld == 0 ? $"{chaos.Victim} is not held" : $"{chaos.Victim} has not worked again";
}
