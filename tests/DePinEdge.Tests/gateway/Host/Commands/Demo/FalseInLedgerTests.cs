using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Commands.Demo;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

/// <summary>Stored records are made by hand here, so that a ledger that pays a lie can be shown to be found out.</summary>
public class FalseInLedgerTests
{
    private static readonly JobId Job = new(1), Earlier = new(2);

    [Fact]
    public void A_lie_that_is_paid_is_found()
    {
        var found = Read([Sent("liar", 1), Judged("liar", 1, ReasonCode.Paid, fuel: 900)], Lie("liar", 1, fuel: 900));
        Assert.Equal((1, 0, 1, 0, 0), Sums(found));
        // Also when nobody at the boards' side knows that it arrived.
        found = Read([Sent("liar", 1), Judged("liar", 1, ReasonCode.Paid, fuel: 900)], Lie("liar", 1, fuel: 900) with { Acknowledged = false });
        Assert.Equal((1, 0, 1, 0, 0), Sums(found));
    }

    [Theory]
    [InlineData(ReasonCode.WrongOutput, "WRONG_OUTPUT")]
    [InlineData(ReasonCode.WrongFuel, "WRONG_FUEL")]
    [InlineData(ReasonCode.WrongStatus, "WRONG_STATUS")]
    public void A_verdict_is_a_refusal_with_its_reason(ReasonCode reason, string name)
    {
        var found = Read([Sent("liar", 1), Judged("liar", 1, reason)], Lie("liar", 1));
        Assert.Equal((1, 1, 0, 0, 0), Sums(found));
        Assert.Equal([KeyValuePair.Create(name, 1L)], found.Refusals);
        // A verdict shows that it arrived, acknowledged or not.
        Assert.Equal((1, 1, 0, 0, 0), Sums(Read([Sent("liar", 1), Judged("liar", 1, reason)], Lie("liar", 1) with { Acknowledged = false })));
    }

    [Fact]
    public void What_was_paid_instead_of_the_lie_is_no_payment_of_it()
    {
        // The same board's true answer came first: same task, other fuel.
        var found = Read([Sent("liar", 1), Judged("liar", 1, ReasonCode.Paid, fuel: 100)], Lie("liar", 1, fuel: 900));
        Assert.Equal((1, 1, 0, 0, 0), Sums(found));
        Assert.Equal(1, found.Refusals["DUPLICATE"]);
    }

    [Fact]
    public void An_ended_lease_another_boards_batch_and_an_unknown_one_are_refusals()
    {
        var found = Read(
            [
                Sent("liar", 1), new LeaseEnded(new BatchId(1), ReasonCode.LeaseExpired),
                Sent("liar", 2), new LeaseEnded(new BatchId(2), ReasonCode.Cloned),
                Sent("esp32-01", 3), Judged("esp32-01", 3, ReasonCode.Paid, fuel: 900),
            ],
            Lie("liar", 1), Lie("liar", 2), Lie("liar", 3, fuel: 900), Lie("liar", 99));
        Assert.Equal((4, 4, 0, 0, 0), Sums(found));
        Assert.Equal([("CLONED", 1L), ("LATE", 1L), ("NOT_ASKED", 2L)], found.Refusals.Select(one => (one.Key, one.Value)));
    }

    [Fact]
    public void A_lie_on_an_open_batch_is_undecided_and_one_that_never_arrived_was_not_sent()
    {
        Assert.Equal((1, 0, 0, 1, 0), Sums(Read([Sent("liar", 1)], Lie("liar", 1))));
        Assert.Equal((0, 0, 0, 0, 0), Sums(Read([Sent("liar", 1)], Lie("liar", 1) with { Acknowledged = false })));
    }

    [Fact]
    public void A_wrong_verdict_that_no_liar_wrote_down_is_an_honest_board_refused()
    {
        var found = Read([Sent("liar", 1), Judged("liar", 1, ReasonCode.WrongFuel), Sent("esp32-01", 2), Judged("esp32-01", 2, ReasonCode.WrongFuel)], Lie("liar", 1));
        Assert.Equal((1, 1, 0, 0, 1), Sums(found));
    }

    [Fact]
    public void The_verdicts_of_an_earlier_run_on_the_same_folder_are_left_alone()
    {
        var found = Read([Sent("liar", 1), Judged("liar", 1, ReasonCode.WrongFuel, job: Earlier), Sent("liar", 2), Judged("liar", 2, ReasonCode.WrongFuel)], Lie("liar", 2));
        Assert.Equal((1, 1, 0, 0, 0), Sums(found));
    }

    private static (long, long, long, long, long) Sums(FalseInLedger found) => (found.Sent, found.Refused, found.Paid, found.Undecided, found.HonestRefused);

    private static FalseResult Lie(string device, long batch, long fuel = 900) =>
        new(device, batch, FaultKind.WrongFuel, new TaskAnswer(5, 0, 0, fuel, [1, 2]), true);

    private static BatchDispatched Sent(string device, long batch) => new(new BatchId(batch), Job, new DeviceId(device), new UnitId("u1"), [5], 1_000);

    private static BatchJudged Judged(string device, long batch, ReasonCode reason, long fuel = 900, JobId? job = null) =>
        new(new BatchId(batch), job ?? Job, new DeviceId(device), 1_000_000, 1_000_000, 1_000_000,
            [new TaskVerdict(5, reason, 0, 0, fuel, reason == ReasonCode.Paid ? [1, 2] : [])]);

    private static FalseInLedger Read(DurableRecord[] records, params FalseResult[] lies)
    {
        var body = new RecordWriter();
        foreach (var record in records)
        {
            var one = new RecordWriter();
            RecordCodec.Write(record, one);
            body.Bytes(one.Written);
        }

        return FalseInLedger.Read([new Turn(1, 1, records.Length, 0, new byte[32], body.Written.ToArray(), [], null, null)], [Job], lies);
    }
}
