using DePinEdge.Agent.Session;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>The gateway dies between any two messages of a join, a key change and a small job, before or after it sent what it stored.</summary>
public class CrashTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_after_any_turn_of_a_join_and_a_job_costs_nothing(bool beforeSending)
    {
        var crashes = 0;
        for (var at = 0; ; at++)
        {
            var bench = new CoreBench(new GatewayOptions { SnapshotEveryRecords = 5 });
            var board = bench.Join();
            var job = bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 2_500), bench.Now).Value!;
            bench.Turn();
            var ended = false;
            for (var turn = 0; turn < at && !ended; turn++)
            {
                // Time passes only while nothing moves: boards wait before they come back.
                if (bench.Run(1))
                    bench.Advance(1_000, settle: false);
                ended = bench.Core.Views.Job(job.Id, bench.Now).Value!.State != "running" && Rotated(bench);
            }
            var before = bench.Core.StateHash();
            if (beforeSending)
                bench.Commit();
            if (!bench.Core.HasRecords)
            {
                bench.Crash();
                Assert.Equal(before, bench.Core.StateHash());
            }
            else
                bench.Crash();
            crashes++;
            bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State != "running" && Rotated(bench) && board.Agent.State == AgentState.Ready);
            Assert.Equal(("completed", 5L, "367"), Outcome(bench, job.Id));
            Assert.Single(bench.Core.Views.Devices());
            var report = bench.Verify();
            Assert.True(report.Ok, string.Join('\n', report.Errors));
            Assert.Equal(5, report.TasksPaid);
            if (ended)
                break;
        }
        Assert.True(crashes > 15, $"{crashes} crashes");
    }

    [Fact]
    public void A_cancelled_job_stays_cancelled_when_the_gateway_dies_before_the_last_answer_is_judged()
    {
        var bench = new CoreBench();
        bench.Join();
        var program = bench.AddPrimes();
        bench.AdvanceUntil(() => bench.Core.Views.Devices() is [{ Online: true }]);
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 100_000), bench.Now).Value!;
        // The job's cost is estimated, and its first batches go out.
        bench.Turn();
        bench.HoldWork = true;
        bench.Settle();
        // Everything that is out was reported and waits for recomputation.
        Assert.Equal("running", bench.Core.CancelJob(job.Id, bench.Now).Value!.State);
        bench.Turn();
        bench.Crash();
        bench.HoldWork = false;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State != "running");
        var view = bench.Core.Views.Job(job.Id, bench.Now).Value!;
        Assert.Equal("cancelled", view.State);
        Assert.InRange(view.Done, 1, 64);
        Assert.Equal((0L, 0L), (bench.Core.Views.Ledger().EscrowMicro, bench.Core.Views.Ledger().ReservedMicro));
        Assert.True(bench.Verify().Ok);
    }

    private static bool Rotated(CoreBench bench) => LeaseTests.Records(bench).OfType<KeyRotated>().Any();

    private static (string, long, string?) Outcome(CoreBench bench, string job)
    {
        var view = bench.Core.Views.Job(job, bench.Now).Value!;
        return (view.State, view.Done, view.Answer);
    }
}
