using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Commands.Demo;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public class JobInLedgerTests
{
    private static readonly JobId Job = new(7), Other = new(8);
    private static readonly DeviceId Device = new("esp32-01");

    [Fact]
    public void One_job_is_added_up_and_others_are_left_out()
    {
        var found = Read(
            new Transferred(TransferKind.Escrow, 7, "req:demo", AccountIds.Escrow(Job), 1_000),
            new Transferred(TransferKind.Escrow, 8, "req:demo", AccountIds.Escrow(Other), 5_000),
            Judged(Job, 1, (0, ReasonCode.Paid), (1, ReasonCode.WrongOutput), (2, ReasonCode.Late)),
            new Transferred(TransferKind.Post, 1, AccountIds.Reserve(Job), AccountIds.Held(Device), 30),
            Judged(Job, 2, (1, ReasonCode.Paid)),
            new Transferred(TransferKind.Post, 2, AccountIds.Reserve(Job), AccountIds.Held(Device), 40),
            Judged(Other, 3, (5, ReasonCode.Paid), (6, ReasonCode.WrongFuel)),
            new Transferred(TransferKind.Post, 3, AccountIds.Reserve(Other), AccountIds.Held(Device), 50),
            new JobEnded(Other, JobState.Completed),
            new Transferred(TransferKind.Refund, 7, AccountIds.Escrow(Job), "req:demo", 930));
        Assert.Equal((2, 0, 1, 70, 70), (found.TasksPaid, found.TasksPaidTwice, found.False, found.PostedMicro, found.ChargedMicro));
        Assert.False(found.Ended);
    }

    [Fact]
    public void A_task_that_is_paid_twice_is_seen()
    {
        var found = Read(Judged(Job, 1, (0, ReasonCode.Paid)), Judged(Job, 2, (0, ReasonCode.Paid), (1, ReasonCode.Paid)), new JobEnded(Job, JobState.Completed));
        Assert.Equal((2, 1), (found.TasksPaid, found.TasksPaidTwice));
        Assert.True(found.Ended);
    }

    private static BatchJudged Judged(JobId job, long batch, params (long Task, ReasonCode Reason)[] lines) =>
        new(new BatchId(batch), job, Device, 1_000_000, 1_000_000, 1_000_000,
            [.. lines.Select(l => new TaskVerdict(l.Task, l.Reason, 0, 0, 100, []))]);

    private static JobInLedger Read(params DurableRecord[] records)
    {
        // Two turns, so that reading does not stop after the first.
        var half = records.Length / 2;
        return JobInLedger.Read([TurnOf(1, records[..half]), TurnOf(2, records[half..])], Job);
    }

    private static Turn TurnOf(long seq, DurableRecord[] records)
    {
        var body = new RecordWriter();
        foreach (var record in records)
        {
            var one = new RecordWriter();
            RecordCodec.Write(record, one);
            body.Bytes(one.Written);
        }

        return new Turn(seq, 1, records.Length, 0, new byte[32], body.Written.ToArray(), [], null, null);
    }
}
