using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>From a join code to a proven credit, with the production core, broker, agent and engine.</summary>
public class WorkTests
{
    [Fact]
    public void Three_boards_count_the_primes_below_100_000_and_are_paid_exactly()
    {
        var bench = new CoreBench();
        for (var i = 0; i < 3; i++)
            bench.Join();
        var program = bench.AddPrimes();
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 100_000), bench.Now).Value!;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State != "running");

        var done = bench.Core.Views.Job(job.Id, bench.Now).Value!;
        Assert.Equal(("completed", 200L, "9592"), (done.State, done.Done, done.Answer));
        Assert.Equal(200, done.RecomputedEqual);
        var ledger = bench.Core.Views.Ledger();
        Assert.True(ledger.Balanced);
        Assert.Equal(done.PaidMicro, ledger.PostedMicro);
        Assert.Equal((0L, 0L), (ledger.ReservedMicro, ledger.EscrowMicro));
        var report = bench.Verify();
        Assert.True(report.Ok, string.Join('\n', report.Errors));
        Assert.Equal(200, report.TasksPaid);
        Assert.Equal(report.PostedMicro, report.ChargedMicro);
    }

    [Fact]
    public void Every_replay_gives_the_state_that_was_live()
    {
        var bench = new CoreBench(new GatewayOptions { SnapshotEveryRecords = 40 });
        bench.Join();
        bench.Join(BoardProfile.Pi);
        var job = bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 50_000), bench.Now).Value!;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.Done > 40);

        Assert.Contains(bench.Turns, turn => turn.Snapshot is not null);
        Assert.Equal(bench.Core.StateHash(), bench.Replayed().StateHash());
        var live = bench.Core.StateHash();
        bench.Crash();
        Assert.Equal(live, bench.Core.StateHash());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_gateway_that_dies_again_and_again_still_pays_every_task_once(int seed)
    {
        var bench = new CoreBench(seed: (ulong)seed);
        bench.Join();
        bench.Join(BoardProfile.PicoW);
        var job = bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 100_000), bench.Now).Value!;
        bench.Turn();
        var random = new Random(seed);
        var deaths = 0;
        for (var round = 0; round < 10_000 && bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "running"; round++)
        {
            bench.Run(random.Next(1, 60));
            bench.Crash();
            deaths++;
            bench.Advance(random.Next(1, 5) * 1_000);
        }
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "completed");
        Assert.Equal("9592", bench.Core.Views.Job(job.Id, bench.Now).Value!.Answer);
        var report = bench.Verify();
        Assert.True(report.Ok, string.Join('\n', report.Errors));
        Assert.Equal(200, report.TasksPaid);
        Assert.True(deaths > 0);
    }

    [Fact]
    public void A_device_never_holds_more_batches_than_it_granted()
    {
        var bench = new CoreBench();
        var board = bench.Join();
        bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 100_000), bench.Now);
        for (var i = 0; i < 2_000; i++)
        {
            bench.Turn();
            board.Step();
            Assert.InRange(bench.Core.Views.Devices().Sum(device => device.OpenBatches), 0, 2);
        }
        Assert.Equal(0, board.Agent.BatchesAbandoned);
    }

    [Fact]
    public void An_epoch_seals_what_is_held_and_then_releases_it()
    {
        var bench = new CoreBench();
        bench.Join();
        var job = bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 5_000), bench.Now).Value!;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "completed");
        var before = bench.Core.Views.Devices()[0];
        Assert.Equal((before.EarnedMicro, 0L), (before.HeldMicro, before.AvailableMicro));
        Assert.True(before.EarnedMicro > 0);

        bench.Core.SealEpoch(bench.Now);
        bench.Settle();
        var after = bench.Core.Views.Devices()[0];
        Assert.Equal((0L, before.HeldMicro), (after.HeldMicro, after.AvailableMicro));
        Assert.True(bench.Core.Views.Ledger().EpochSigned);
        Assert.True(bench.Verify() is { Ok: true, LastEpochSigned: true });
    }

    [Fact]
    public void An_epoch_is_sealed_by_time_only_when_something_happened()
    {
        var bench = new CoreBench(new GatewayOptions { EpochMs = 60_000 });
        bench.AddPrimes();
        bench.Settle();
        bench.Advance(59_999);
        Assert.Equal(0, bench.Core.Views.Ledger().Epoch);
        bench.Advance(1);
        Assert.Equal(1, bench.Core.Views.Ledger().Epoch);
        bench.Advance(60_000);
        Assert.Equal(1, bench.Core.Views.Ledger().Epoch);
        bench.Core.Issue("alice", 1, bench.Now);
        bench.Advance(60_000);
        Assert.Equal(2, bench.Core.Views.Ledger().Epoch);
    }

    [Fact]
    public void A_full_disk_stops_new_work_and_its_end_resumes_it()
    {
        var bench = new CoreBench();
        bench.Join();
        bench.Settle();
        var program = bench.AddPrimes();
        bench.Core.Paused = true;
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 5_000), bench.Now).Value!;
        bench.Advance(5_000);
        Assert.Equal(0, bench.Core.Views.Job(job.Id, bench.Now).Value!.Done);
        bench.Core.Paused = false;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "completed");
    }
}
