using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>Leases end once, at their deadline and not before; what comes after is refused with its reason.</summary>
public class LeaseTests
{
    private static (CoreBench Bench, BenchBoard Board, string Job) Leased(GatewayOptions? options = null)
    {
        var bench = new CoreBench(options);
        var board = bench.Join();
        var program = bench.AddPrimes();
        bench.Settle();
        bench.Advance(1_000);
        // The job comes when the board is connected and silent: its batches go out and stay out.
        board.Stalled = true;
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 2_000), bench.Now).Value!;
        bench.Settle();
        Assert.True(bench.Core.Views.Job(job.Id, bench.Now).Value!.Leased > 0);
        return (bench, board, job.Id);
    }

    [Fact]
    public void A_lease_lasts_up_to_its_deadline_and_no_longer()
    {
        var (bench, _, job) = Leased();
        var batch = Records(bench).OfType<BatchDispatched>().First();
        bench.Advance(batch.LeaseMs);
        Assert.DoesNotContain(Records(bench), record => record is LeaseEnded ended && ended.Batch == batch.Batch);
        bench.Advance(1);
        Assert.Single(Records(bench).OfType<LeaseEnded>(), ended => ended.Batch == batch.Batch && ended.Reason == ReasonCode.LeaseExpired);
        Assert.True(bench.Core.Views.Job(job, bench.Now).Value!.Retried >= batch.Tasks.Length);
    }

    [Fact]
    public void A_result_after_the_lease_is_late_and_pays_nothing()
    {
        var (bench, board, job) = Leased();
        var lease = Records(bench).OfType<BatchDispatched>().Max(batch => batch.LeaseMs);
        // The answer is under way when the lease ends: the board's clock stands still, so it does not notice.
        board.Stalled = false;
        bench.HoldWork = true;
        for (var i = 0; i < 3; i++)
            board.Step();
        bench.HoldWork = false;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job, bench.Now).Value!.State == "completed");
        var report = bench.Verify();
        Assert.True(report.Ok, string.Join('\n', report.Errors));
        Assert.Equal(4, report.TasksPaid);
        Assert.True(lease > 0);
    }

    [Fact]
    public void A_task_whose_leases_keep_ending_fails_after_its_tries()
    {
        var (bench, board, job) = Leased(new GatewayOptions { AttemptsMax = 1 });
        board.Stalled = false;
        board.Lazy = true;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job, bench.Now).Value!.State != "running", 200_000);
        // Three expired leases weigh as much as one wrong result.
        Assert.Equal(3 * 4, LeaseTests.Records(bench).OfType<BatchDispatched>().Sum(batch => batch.Tasks.Length));
        var view = bench.Core.Views.Job(job, bench.Now).Value!;
        Assert.Equal(("failed", 4L, 0L), (view.State, view.Failed, view.PaidMicro));
        Assert.Equal(0, bench.Core.Views.Ledger().EscrowMicro);
    }

    [Fact]
    public void A_cancelled_job_calls_its_leases_back_and_refunds_the_rest()
    {
        var (bench, _, job) = Leased();
        var before = bench.Core.Views.Accounts().Single(account => account.Id == "req:alice").BalanceMicro;
        Assert.Equal("cancelled", bench.Core.CancelJob(job, bench.Now).Value!.State);
        bench.Settle();
        var ledger = bench.Core.Views.Ledger();
        Assert.Equal((0L, 0L), (ledger.ReservedMicro, ledger.EscrowMicro));
        Assert.True(bench.Core.Views.Accounts().Single(account => account.Id == "req:alice").BalanceMicro > before);
        Assert.True(bench.Verify().Ok);
    }

    internal static List<DurableRecord> Records(CoreBench bench)
    {
        var records = new List<DurableRecord>();
        foreach (var turn in bench.Turns)
            RecordCodec.ForEach(turn.Body, bytes => records.Add(RecordCodec.Read(bytes)));
        return records;
    }
}
