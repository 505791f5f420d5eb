using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Gateway.Core;

public class ForeignAnswerTests
{
    [Fact]
    public void A_board_that_answers_another_boards_batch_was_not_asked_even_when_that_batch_has_ended()
    {
        var bench = new CoreBench();
        bench.Join(name: "good");
        var program = bench.AddPrimes();
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 5_000), bench.Now).Value!;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "completed");
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        board.Birth();
        var before = bench.Core.Views.Counters();

        board.Report(new Report { BatchId = 1, Count = 1, Output = [] });

        var after = bench.Core.Views.Counters();
        Assert.StartsWith("NOT_ASKED", bench.Core.Views.Device("evil").Value!.LastRefusal, StringComparison.Ordinal);
        Assert.Equal(before.DuplicateReports, after.DuplicateReports);
        Assert.False(before.Refusals.ContainsKey("NOT_ASKED"));
        Assert.Equal(1, after.Refusals["NOT_ASKED"]);
        Assert.Equal(0, bench.Core.Views.Device("evil").Value!.EarnedMicro);
    }
}
