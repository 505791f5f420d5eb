using DePinEdge.Gateway;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>What becomes of a board that lies, and of the tasks it lied about.</summary>
public class StandingTests
{
    private readonly CoreBench bench = new();

    [Fact]
    public void A_board_with_three_wrong_results_gets_one_task_at_a_time_and_waits_after_each_lie()
    {
        var dashboard = BenchClient.Connect(bench, "dash", null, null);
        dashboard.Subscribe("depin/v1/home/device/evil/state");
        var evil = Liar();
        var job = Submit(100_000);
        Assert.True(evil.Open[0].Count >= 3);
        evil.Answer(evil.Open[0], wrong: 3);
        bench.Settle();
        Assert.Equal(("throttled", 3), (View.State, View.Strikes));
        Assert.StartsWith("THROTTLED: 3 results were wrong", View.LastRefusal, StringComparison.Ordinal);
        Assert.Contains(dashboard.Received, message => System.Text.Encoding.UTF8.GetString(message.Payload).Contains("throttled", StringComparison.Ordinal));

        // The second batch was out before the first was judged; after it comes nothing until the wait is over.
        evil.Answer(evil.Open[0], wrong: 1);
        bench.Settle();
        evil.Report(null);
        bench.Advance(1_999);
        evil.Report(null);
        Assert.Empty(evil.Open);
        bench.Advance(1);
        evil.Report(null);
        Assert.Equal(1, Assert.Single(evil.Open).Count);

        evil.Answer(evil.Open[0], wrong: 1);
        bench.Settle();
        bench.Advance(3_999);
        evil.Report(null);
        Assert.Empty(evil.Open);
        bench.Advance(1);
        evil.Report(null);
        Assert.Single(evil.Open);
        Assert.Equal("running", bench.Core.Views.Job(job.Id, bench.Now).Value!.State);
    }

    [Fact]
    public void The_way_back_is_right_results_one_by_one()
    {
        var evil = Liar();
        Submit(200_000);
        evil.Answer(evil.Open[0], wrong: evil.Open[0].Count);
        bench.Settle();
        evil.Answer(evil.Open[0], wrong: 1);
        bench.Settle();
        Assert.Equal(5, View.Strikes);
        bench.Advance(2_000);
        evil.Report(null);
        var right = 0;
        while (View.State == "throttled")
        {
            Assert.Equal(1, Assert.Single(evil.Open).Count);
            evil.Answer(evil.Open[0]);
            bench.Settle();
            evil.Report(null);
            right++;
        }
        Assert.Equal((150, "ready", 2), (right, View.State, View.Strikes));
        evil.Report(null);
        Assert.Contains(evil.Open, batch => batch.Count > 1);
    }

    [Fact]
    public void A_refused_task_goes_to_the_most_trusted_board_although_others_ask_first()
    {
        var (good, evil, other, job, lied) = LiedBesideATrustedBoard();
        other.Report(null);
        bench.Settle();
        Assert.DoesNotContain(other.Open, batch => batch.TaskId.Take(batch.Count).Contains(lied));
        good.Lazy = false;
        foreach (var batch in other.Open.Concat(evil.Open).ToArray())
            (other.Open.Contains(batch) ? other : evil).Answer(batch);
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State != "running");
        var paid = LeaseTests.Records(bench).OfType<BatchJudged>().Last(judged => judged.Job.ToString() == job.Id && judged.Lines.Any(line => line.Task == lied));
        Assert.Equal("good", paid.Device.Value);
        Assert.Equal(("completed", 0L), (bench.Core.Views.Job(job.Id, bench.Now).Value!.State, bench.Core.Views.Job(job.Id, bench.Now).Value!.Failed));
    }

    [Fact]
    public void A_refused_task_waits_a_minute_for_a_trusted_board_that_answers_nothing_and_then_goes_to_another()
    {
        var (_, _, other, job, lied) = LiedBesideATrustedBoard();
        var waitedMs = 0;
        while (true)
        {
            other.Report(null);
            bench.Settle();
            other.Look();
            if (waitedMs == 300_000 || other.Open.Any(batch => batch.TaskId.Take(batch.Count).Contains(lied)))
                break;
            foreach (var batch in other.Open.ToArray())
                other.Answer(batch);
            bench.Advance(5_000);
            waitedMs += 5_000;
        }
        Assert.Equal(60_000, waitedMs);
        foreach (var batch in other.Open.ToArray())
            other.Answer(batch);
        bench.Settle();
        Assert.Equal(("completed", 0L), (bench.Core.Views.Job(job.Id, bench.Now).Value!.State, bench.Core.Views.Job(job.Id, bench.Now).Value!.Failed));
    }

    [Fact]
    public void A_refused_task_does_not_wait_for_a_trusted_board_that_is_not_there()
    {
        var evil = Liar();
        var job = Submit(4_000);
        while (bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "running")
        {
            foreach (var batch in evil.Open.ToArray())
                evil.Answer(batch, wrong: batch.TaskId[0] == 0 && View.Strikes == 0 ? 1 : 0);
            bench.Settle();
            evil.Report(null);
        }
        Assert.Equal("completed", bench.Core.Views.Job(job.Id, bench.Now).Value!.State);
    }

    [Fact]
    public void Liars_in_the_majority_do_not_fail_a_job()
    {
        bench.AddPrimes();
        var evils = Enumerable.Range(1, 6).Select(i => new HostileBoard(bench, $"evil-{i}")).ToArray();
        BenchBoard[] good = [bench.Join(name: "good-1"), bench.Join(BoardProfile.Pi, "good-2")];
        bench.Settle();
        foreach (var board in good)
            board.Lazy = true;
        foreach (var evil in evils)
        {
            evil.LogIn();
            evil.Birth();
        }
        var job = Submit(200_000);
        for (var round = 0; round < 400 && bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "running"; round++)
        {
            // The liars have the first word.
            foreach (var board in good)
                board.Lazy = round < 10;
            foreach (var evil in evils)
            {
                if (!evil.InSession)
                    continue;
                evil.Report(null);
                foreach (var batch in evil.Open.ToArray())
                    evil.Answer(batch, wrong: batch.Count);
            }
            bench.Advance(500);
        }
        var done = bench.Core.Views.Job(job.Id, bench.Now).Value!;
        Assert.Equal(("completed", "17984"), (done.State, done.Answer));
        Assert.True(done.RefusedResults > 6 * 32, $"{done.RefusedResults} refused");
        Assert.All(bench.Core.Views.Devices(), device => Assert.Equal(device.Id.StartsWith("evil", StringComparison.Ordinal), device.Strikes >= 3));
        Assert.True(bench.Verify().Ok);
    }

    [Fact]
    public void A_restart_remembers_the_strikes()
    {
        var evil = Liar();
        Submit(100_000);
        evil.Answer(evil.Open[0], wrong: 4);
        bench.Settle();
        var hash = bench.Core.StateHash();
        Assert.Equal(hash, bench.Replayed().StateHash());
        bench.Core.AskSnapshot();
        Assert.Null(bench.Core.Issue("alice", 1, bench.Now).Problem);
        bench.Settle();
        hash = bench.Core.StateHash();
        bench.Crash();
        Assert.Equal(hash, bench.Core.StateHash());
        Assert.Equal(4, View.Strikes);
    }

    [Fact]
    public void A_snapshot_of_the_version_before_standings_is_read()
    {
        bench.Join(name: "good");
        bench.AddPrimes();
        bench.Core.AskSnapshot();
        bench.Settle();
        var turn = bench.Turns.FindLast(turn => turn.Snapshot is not null)!;
        Assert.Equal(2, turn.Snapshot![0]);
        Assert.Equal(0, turn.Snapshot[^1]);
        byte[] older = [1, .. turn.Snapshot[1..^1]];
        var core = new GatewayCore(bench.Options, new NoEntropy(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        var after = bench.Turns.Where(later => later.Seq > turn.Seq);
        core.Recover(new StoredState(older, turn.Seq, after, [.. bench.Blobs.Select(blob => new BlobWrite(blob.Key, blob.Value))]), bench.Now);
        Assert.Equal(bench.Core.StateHash(), core.StateHash());
    }

    private DeviceView View => bench.Core.Views.Device("evil").Value!;

    private HostileBoard Liar(bool addPrimes = true)
    {
        if (addPrimes)
            bench.AddPrimes();
        var evil = new HostileBoard(bench, "evil");
        evil.LogIn();
        evil.Birth();
        evil.Report(null);
        bench.Settle();
        return evil;
    }

    // "good" is proven and answers nothing any more, "evil" lied about a task, "other" has just logged in and asked for nothing.
    private (BenchBoard Good, HostileBoard Evil, HostileBoard Other, JobView Job, long Lied) LiedBesideATrustedBoard()
    {
        bench.AddPrimes();
        var good = bench.Join(name: "good");
        var first = Submit(50_000);
        bench.AdvanceUntil(() => bench.Core.Views.Job(first.Id, bench.Now).Value!.State == "completed");
        var evil = Liar(addPrimes: false);
        var other = new HostileBoard(bench, "other");
        good.Lazy = true;
        var job = Submit(4_000);
        evil.Report(null);
        bench.Settle();
        var lied = evil.Open[0].TaskId[0];
        evil.Answer(evil.Open[0], wrong: 1);
        bench.Settle();
        other.LogIn();
        other.Birth();
        return (good, evil, other, job, lied);
    }

    private JobView Submit(long limit)
    {
        var program = new ProgramHash(bench.Core.Views.Programs()[0].Hash);
        var outcome = bench.Core.SubmitJob(CoreBench.Primes(program, limit), bench.Now);
        Assert.Null(outcome.Problem);
        bench.Settle();
        foreach (var board in bench.Hostiles)
            board.Look();
        return outcome.Value!;
    }

    private sealed class NoEntropy : IEntropySource
    {
        public void Fill(Span<byte> into) => into.Fill(7);
    }
}
