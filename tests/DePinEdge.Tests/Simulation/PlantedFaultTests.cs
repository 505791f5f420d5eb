using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulation;
using DePinEdge.Simulation.Audit;
using DePinEdge.Simulation.Plans;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Simulation;

/// <summary>The auditor reads a doctored stream of records, as a gateway with that bug would write it: it must notice, and say what.</summary>
public class PlantedFaultTests
{
    /// <summary>A good board, a liar, and one so slow that its leases run out; no faults.</summary>
    private static readonly Plan Plan = MakePlan();

    [Fact]
    public void Without_a_planted_fault_everything_holds_though_boards_lie_and_leases_run_out()
    {
        var expired = 0;
        var result = World.Run(Plan, doctor: record =>
        {
            expired += record is LeaseEnded { Reason: ReasonCode.LeaseExpired } ? 1 : 0;
            return [record];
        });
        Assert.True(result.Ok, result.Failure);
        Assert.True(result.Refused > 0 && expired > 0, $"{result.Refused} results were refused, {expired} leases ran out");
    }

    [Fact]
    public void A_post_that_is_booked_twice_is_noticed() =>
        Noticed(Twice(record => record is Transferred { Kind: TransferKind.Post }), "was booked before");

    [Fact]
    public void A_reward_that_is_rounded_up_is_noticed() =>
        Noticed(Once(record => record is Transferred { Kind: TransferKind.Post } post ? [post with { AmountMicro = post.AmountMicro + 1 }] : null), "predicted");

    [Fact]
    public void A_reservation_that_does_not_come_back_is_noticed() =>
        Noticed(Once(record => record is Transferred { Kind: TransferKind.Return } ? [] : null), "was due and is not booked");

    [Fact]
    public void A_false_result_that_is_paid_is_noticed_and_counted()
    {
        var result = Noticed(Once(record => record is BatchJudged judged && judged.Lines.Any(line => line.Reason is ReasonCode.WrongOutput)
            ? [judged with { Lines = [.. judged.Lines.Select(line => line.Reason == ReasonCode.WrongOutput ? line with { Reason = ReasonCode.Paid } : line)] }]
            : null), "a false result was paid");
        Assert.Equal(1, result.FalseAccepted);
    }

    [Fact]
    public void A_true_result_that_is_refused_is_noticed() =>
        Noticed(Once(record => record is BatchJudged judged && judged.Lines.Any(line => line.Reason is ReasonCode.Paid)
            ? [judged with { Lines = [.. judged.Lines.Select(line => line with { Reason = ReasonCode.WrongFuel, Output = [] })] }]
            : null), "predicted");

    [Fact]
    public void A_verdict_that_is_lost_is_noticed() =>
        Noticed(Once(record => record is BatchJudged ? [] : null), "is not due");

    [Fact]
    public void A_task_that_is_given_out_twice_is_noticed() =>
        Noticed(Once(record => record is BatchDispatched batch ? [batch, batch with { Batch = new BatchId(batch.Batch.Number + 1) }] : null), "does not wait");

    [Fact]
    public void A_lease_that_never_ends_is_noticed() =>
        Noticed(Without(record => record is LeaseEnded or Transferred { Kind: TransferKind.Return }), "was due and is not booked", "past its time", "does not wait");

    [Fact]
    public void A_batch_that_a_board_sees_though_it_is_not_stored_is_noticed()
    {
        var frame = new byte[FrameLimits.FrameBytesMax];
        (frame[0], frame[1]) = (FrameLimits.Version, FrameKind.Batch);
        var batch = new Batch { BatchId = 1, LeaseMs = 1_000, ProgramHash = new byte[FrameLimits.HashBytes], FuelLimit = 1, Count = 1, Data = [] };
        var count = FrameLimits.HeaderBytes + batch.Encode(frame, FrameLimits.HeaderBytes);
        var failure = Assert.Throws<SimulationException>(() => new Auditor(Plan, new Mechanisms()).Seen("board-0", frame[..count]));
        Assert.Contains("is not stored as its own", failure.Message);
    }

    [Fact]
    public void A_job_that_is_confirmed_though_it_is_not_stored_is_noticed() =>
        Assert.Throws<SimulationException>(() => new Auditor(Plan, new Mechanisms()).Told("j1"));

    [Fact]
    public void A_release_before_the_epoch_is_sealed_is_noticed() =>
        Noticed(Once(record => record is Transferred { Kind: TransferKind.Post } post
            ? [post, new Transferred(TransferKind.Release, 1, post.Credit, post.Credit[..^":held".Length], 1)]
            : null), "is not due");

    private static Plan MakePlan()
    {
        static BoardPlan Board(int number, LieStyle lies, int slowPercent) => new(
            number, BoardProfile.Esp32, $"board-{number}", "ann", 0, 0, slowPercent, 2, lies, 1_000, 60, 4, 2, 0, 0, 0, long.MaxValue);
        return new Plan(
            1, new GatewayOptions { BatchTargetMs = 300, LeaseFloorMs = 1_000, LeaseFactor = 2, EpochMs = 3_000, SnapshotEveryRecords = 20 }, 0, 5, 20, 64, 60_000,
            [Board(0, LieStyle.Honest, 100), Board(1, LieStyle.RandomOutput, 100), Board(2, LieStyle.Honest, 5_000)],
            [new JobPlan(0, "ruth", 100, true, 0, 120, 500, 60_000, 0, 0, 1_000, 0, long.MaxValue)], []);
    }

    private static RunResult Noticed(Func<DurableRecord, DurableRecord[]> doctor, params string[] says)
    {
        var result = World.Run(Plan, doctor: doctor);
        Assert.False(result.Ok, "the fault was not noticed");
        Assert.Contains(says, word => result.Failure.Contains(word, StringComparison.Ordinal));
        return result;
    }

    private static Func<DurableRecord, DurableRecord[]> Twice(Func<DurableRecord, bool> which) => Once(record => which(record) ? [record, record] : null);

    private static Func<DurableRecord, DurableRecord[]> Without(Func<DurableRecord, bool> which) => record => which(record) ? [] : [record];

    /// <summary>The first record for which there is something else.</summary>
    private static Func<DurableRecord, DurableRecord[]> Once(Func<DurableRecord, DurableRecord[]?> instead)
    {
        var done = false;
        return record =>
        {
            if (done || instead(record) is not { } others)
                return [record];
            done = true;
            return others;
        };
    }
}
