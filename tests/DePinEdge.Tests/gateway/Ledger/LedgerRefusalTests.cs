using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

/// <summary>What the books never take: each rule at its edge, beside the neighbour that is taken.</summary>
public sealed class LedgerRefusalTests : IDisposable
{
    private static readonly DeviceId One = LedgerHistory.Device(1);
    private static readonly JobId Job = new(1);
    private static readonly BatchId Batch = new(1);
    private readonly LedgerHistory h = LedgerHistory.Open(issuedMicro: 10_000);

    public void Dispose() => h.Dispose();

    [Fact]
    public void Nothing_comes_before_the_ledger_is_opened_and_it_is_opened_once()
    {
        var stage = new LedgerStage();
        Assert.Throws<InvariantException>(() => stage.Apply(new JobEnded(Job, JobState.Failed)));
        Assert.Throws<InvariantException>(() => stage.Apply(new LedgerOpened("home", "")));
        stage.Apply(new LedgerOpened("home", "ab"));
        Assert.Throws<InvariantException>(() => stage.Apply(new LedgerOpened("home", "ab")));
    }

    [Fact]
    public void Issue_goes_from_the_treasury_to_a_requester_with_the_next_number()
    {
        Refused(Move(TransferKind.Issue, 2, "sys:treasury", "dev:esp32-01", 1));
        Refused(Move(TransferKind.Issue, 2, "sys:treasury", "req:", 1));
        Refused(Move(TransferKind.Issue, 2, "sys:treasury", "sys:treasury", 1));
        Refused(Move(TransferKind.Issue, 2, "req:ada", "req:bob", 1));
        Refused(Move(TransferKind.Issue, 1, "sys:treasury", "req:ada", 1));
        Refused(Move(TransferKind.Issue, 3, "sys:treasury", "req:ada", 1));
        Refused(Move(TransferKind.Issue, 2, "sys:treasury", "req:ada", 0));
        Refused(Move(TransferKind.Issue, 2, "sys:treasury", "req:ada", -1));
        Refused(Move(TransferKind.Issue, 2, "sys:treasury", "req:ada", long.MaxValue - 9_999));
        Taken(Move(TransferKind.Issue, 2, "sys:treasury", "req:ada", long.MaxValue - 10_000));
    }

    [Fact]
    public void Transfer_of_an_unknown_kind_is_refused()
    {
        Refused(Move(0, 1, "sys:treasury", "req:ada", 1));
        Refused(Move((TransferKind)8, 1, "sys:treasury", "req:ada", 1));
    }

    [Fact]
    public void Escrow_is_what_its_job_says_once_and_never_more_than_the_requester_has()
    {
        Refused(Move(TransferKind.Escrow, 1, "req:ada", "sys:escrow:j1", 10_000)); // no such job
        Taken(h.Submission(1, 1_000, 1_000_000, 10_000));
        Refused(Move(TransferKind.Escrow, 1, "req:ada", "sys:escrow:j1", 9_999));
        Refused(Move(TransferKind.Escrow, 1, "req:ada", "sys:escrow:j2", 10_000));
        Refused(Move(TransferKind.Escrow, 1, "req:bob", "sys:escrow:j1", 10_000));
        Refused(Move(TransferKind.Escrow, 2, "req:ada", "sys:escrow:j1", 10_000));
        Taken(Move(TransferKind.Escrow, 1, "req:ada", "sys:escrow:j1", 10_000));
        Refused(Move(TransferKind.Escrow, 1, "req:ada", "sys:escrow:j1", 10_000));

        Taken(h.Submission(1, 1_000, 1_000_000, 1) with { Job = new JobId(2) });
        Refused(Move(TransferKind.Escrow, 2, "req:ada", "sys:escrow:j2", 1)); // ada has nothing left
    }

    [Fact]
    public void Jobs_and_batches_are_numbered_upwards()
    {
        Refused(h.Submission(1, 0, 1, 0) with { Job = new JobId(0) });
        Taken(h.Submission(1, 0, 1, 0));
        Refused(h.Submission(1, 0, 1, 0));
        Refused(h.Submission(1, 0, 1, 0) with { Job = new JobId(2), Requester = "Ada" });
        Taken(Dispatched());
        Refused(Dispatched());
        Refused(Dispatched() with { Batch = new BatchId(0) });
        Taken(Dispatched() with { Batch = new BatchId(2) });
    }

    [Fact]
    public void Batch_is_of_a_running_job_with_its_escrow_and_goes_to_a_device_that_joined()
    {
        Refused(Dispatched());
        Taken(h.Submission(1, 1_000, 1_000_000, 3_000));
        Refused(Dispatched()); // its escrow has not happened
        Taken(h.Stage.PlanEscrow(Job)!);
        Refused(Dispatched() with { Device = new DeviceId("stranger") });
        Taken(Dispatched());
        Taken(new JobEnded(Job, JobState.Cancelled));
        Refused(Dispatched() with { Batch = new BatchId(2) });
        Refused(new JobEnded(Job, JobState.Cancelled));
    }

    [Fact]
    public void Reservation_happens_once_from_its_jobs_escrow_while_the_batch_is_open()
    {
        Taken(h.Submission(2, 1_000, 1_000_000, 3_000));
        Taken(h.Stage.PlanEscrow(Job)!);
        Refused(Move(TransferKind.Reserve, 1, "sys:escrow:j1", "sys:reserve:j1", 1_500)); // no such batch
        Taken(Dispatched());
        Refused(Move(TransferKind.Reserve, 1, "req:ada", "sys:reserve:j1", 1_500));
        Refused(Move(TransferKind.Reserve, 1, "sys:escrow:j1", "sys:reserve:j2", 1_500));
        Refused(Move(TransferKind.Reserve, 1, "sys:escrow:j1", "sys:reserve:j1", 3_001)); // more than the escrow
        Taken(Move(TransferKind.Reserve, 1, "sys:escrow:j1", "sys:reserve:j1", 1_500));
        Refused(Move(TransferKind.Reserve, 1, "sys:escrow:j1", "sys:reserve:j1", 1_500));

        Taken(Dispatched() with { Batch = new BatchId(2) });
        Taken(new LeaseEnded(new BatchId(2), ReasonCode.LeaseExpired)); // never reserved: settled at once
        Refused(Move(TransferKind.Reserve, 2, "sys:escrow:j1", "sys:reserve:j1", 1_500));
    }

    [Fact]
    public void Posting_is_the_sum_of_the_paid_lines_to_the_batchs_own_device_once()
    {
        Reserved();
        Refused(Move(TransferKind.Post, 1, "sys:reserve:j1", "dev:esp32-01:held", 1_000)); // not judged
        Taken(Judged(LedgerHistory.Paid(0, 600_000), LedgerHistory.Paid(1, 400_000)));
        Refused(Move(TransferKind.Post, 1, "sys:reserve:j1", "dev:esp32-01:held", 999));
        Refused(Move(TransferKind.Post, 1, "sys:reserve:j1", "dev:esp32-01:held", 1_001));
        Refused(Move(TransferKind.Post, 1, "sys:reserve:j1", "dev:esp32-02:held", 1_000));
        Refused(Move(TransferKind.Post, 1, "sys:reserve:j1", "dev:esp32-01", 1_000));
        Refused(Move(TransferKind.Post, 1, "sys:escrow:j1", "dev:esp32-01:held", 1_000));
        Refused(Move(TransferKind.Post, 2, "sys:reserve:j1", "dev:esp32-01:held", 1_000));
        Taken(Move(TransferKind.Post, 1, "sys:reserve:j1", "dev:esp32-01:held", 1_000));
        Refused(Move(TransferKind.Post, 1, "sys:reserve:j1", "dev:esp32-01:held", 1_000));
        Refused(Move(TransferKind.Return, 1, "sys:reserve:j1", "sys:escrow:j1", 1_999));
        Refused(Move(TransferKind.Return, 1, "sys:reserve:j1", "sys:escrow:j1", 2_001));
        Refused(Move(TransferKind.Return, 1, "sys:reserve:j1", "req:ada", 2_000));
        Taken(Move(TransferKind.Return, 1, "sys:reserve:j1", "sys:escrow:j1", 2_000));
        Refused(Move(TransferKind.Return, 1, "sys:reserve:j1", "sys:escrow:j1", 2_000));
    }

    [Fact]
    public void Reservation_of_an_ended_lease_returns_whole_and_posts_nothing()
    {
        Reserved();
        Refused(Move(TransferKind.Return, 1, "sys:reserve:j1", "sys:escrow:j1", 3_000)); // still open
        Taken(new LeaseEnded(Batch, ReasonCode.LeaseExpired));
        Refused(new LeaseEnded(Batch, ReasonCode.LeaseExpired));
        Refused(Judged(LedgerHistory.Paid(0, 1)));
        Refused(Move(TransferKind.Post, 1, "sys:reserve:j1", "dev:esp32-01:held", 1));
        Refused(Move(TransferKind.Return, 1, "sys:reserve:j1", "sys:escrow:j1", 2_999));
        Taken(Move(TransferKind.Return, 1, "sys:reserve:j1", "sys:escrow:j1", 3_000));
        Refused(new LeaseEnded(Batch, ReasonCode.LeaseExpired));
    }

    [Fact]
    public void Verdict_is_on_an_open_batch_within_its_limits()
    {
        Reserved();
        Refused(Judged(LedgerHistory.Paid(0, 1)) with { Batch = new BatchId(2) });
        Refused(Judged(LedgerHistory.Paid(0, 1)) with { Job = new JobId(2) });
        Refused(Judged(LedgerHistory.Paid(0, 1)) with { Device = LedgerHistory.Device(2) });
        Refused(Judged(LedgerHistory.Paid(0, 1_000_001))); // past the fuel limit
        Refused(Judged(LedgerHistory.Paid(0, 1), LedgerHistory.Paid(1, 1), LedgerHistory.Paid(2, 1))); // two tasks were asked
        Refused(Judged(LedgerHistory.Paid(0, 1)) with { QualityPpm = 1_000_001 });
        Refused(Judged(LedgerHistory.Paid(0, 1)) with { TimelinessPpm = 1_500_001 });
        Taken(Judged(LedgerHistory.Paid(0, 1_000_000), LedgerHistory.Paid(1, 1_000_000)) with { TimelinessPpm = 1_500_000 });
        Refused(Judged(LedgerHistory.Paid(0, 1)));
    }

    [Fact]
    public void Verdict_that_earns_more_than_was_reserved_is_refused()
    {
        Taken(h.Submission(1, 1_000, 1_000_000, 3_000));
        Taken(h.Stage.PlanEscrow(Job)!);
        Taken(Dispatched());
        Taken(Move(TransferKind.Reserve, 1, "sys:escrow:j1", "sys:reserve:j1", 1_000));
        Refused(Judged(LedgerHistory.Paid(0, 1_000_000), LedgerHistory.Paid(1, 1_000)));
        Taken(Judged(LedgerHistory.Paid(0, 1_000_000), LedgerHistory.Paid(1, 999)));
    }

    [Fact]
    public void Refund_is_all_that_is_left_of_an_ended_job()
    {
        Reserved();
        Refused(Move(TransferKind.Refund, 1, "sys:escrow:j1", "req:ada", 1_000)); // runs
        Taken(new JobEnded(Job, JobState.Cancelled));
        Refused(Move(TransferKind.Refund, 1, "sys:escrow:j1", "req:ada", 1_000)); // a batch is open
        Taken(new LeaseEnded(Batch, ReasonCode.Cancelled));
        Taken(Move(TransferKind.Return, 1, "sys:reserve:j1", "sys:escrow:j1", 3_000));
        Refused(Move(TransferKind.Refund, 1, "sys:escrow:j1", "req:ada", 3_999));
        Refused(Move(TransferKind.Refund, 1, "sys:escrow:j1", "req:bob", 4_000));
        Taken(Move(TransferKind.Refund, 1, "sys:escrow:j1", "req:ada", 4_000));
        Refused(Move(TransferKind.Refund, 1, "sys:escrow:j1", "req:ada", 4_000));
    }

    [Fact]
    public void Release_is_for_the_epoch_just_sealed_once_for_each_device()
    {
        Reserved();
        Taken(Judged(LedgerHistory.Paid(0, 1_000_000)));
        foreach (var transfer in h.Stage.PlanSettlement(Batch))
            Taken(transfer);
        Refused(Move(TransferKind.Release, 0, "dev:esp32-01:held", "dev:esp32-01", 1_000));
        Refused(Move(TransferKind.Release, 1, "dev:esp32-01:held", "dev:esp32-01", 1_000));
        Taken(h.Stage.PlanSeal(h.Head, new byte[32], SHA256.HashData(new byte[32])));
        Refused(Move(TransferKind.Release, 1, "dev:esp32-01:held", "dev:esp32-02", 1_000));
        Refused(Move(TransferKind.Release, 1, "dev:esp32-01", "dev:esp32-01:held", 1_000));
        Refused(Move(TransferKind.Release, 2, "dev:esp32-01:held", "dev:esp32-01", 1_000));
        Refused(Move(TransferKind.Release, 1, "dev:esp32-01:held", "dev:esp32-01", 1_001));
        Refused(Move(TransferKind.Release, 1, "dev:esp32-02:held", "dev:esp32-02", 1));
        Taken(Move(TransferKind.Release, 1, "dev:esp32-01:held", "dev:esp32-01", 400));
        Refused(Move(TransferKind.Release, 1, "dev:esp32-01:held", "dev:esp32-01", 600));
    }

    [Fact]
    public void Seal_is_of_the_next_epoch_over_these_balances_with_the_promised_secret()
    {
        byte[] secret = new byte[32], next = SHA256.HashData("next"u8);
        var good = h.Stage.PlanSeal(h.Head, secret, SHA256.HashData(next));
        Refused(good with { Epoch = 2 });
        Refused(good with { Accounts = good.Accounts + 1 });
        Refused(good with { Root = new byte[32] });
        Refused(good with { PreviousHead = good.Head });
        Refused(good with { ChainHead = new byte[32] }); // the head is not the hash of its parts any more
        Refused(good with { NextDrawHash = new byte[32] });
        Refused(good with { Head = new byte[32] });
        Taken(good);
        Refused(good);
        Refused(h.Stage.PlanSeal(h.Head, secret, SHA256.HashData(next)));
        Taken(h.Stage.PlanSeal(h.Head, next, SHA256.HashData(next)));
    }

    [Fact]
    public void Seal_planned_before_a_transfer_is_refused_after_it()
    {
        var stale = h.Stage.PlanSeal(h.Head, new byte[32], new byte[32]);
        Taken(h.Stage.PlanIssue("ada", 1));
        Refused(stale);
    }

    [Fact]
    public void Signature_is_of_a_sealed_epoch_in_order_by_one_key()
    {
        var signature = new byte[64];
        Refused(new EpochSigned(1, h.PublicKey, signature));
        h.Seal(sign: false);
        h.Seal(sign: false);
        Assert.False(h.Stage.EpochSigned);
        Refused(new EpochSigned(3, h.PublicKey, signature));
        Refused(new EpochSigned(1, h.PublicKey, new byte[63]));
        Refused(new EpochSigned(1, [], signature));
        Taken(new EpochSigned(1, h.PublicKey, signature));
        Assert.False(h.Stage.EpochSigned);
        Refused(new EpochSigned(1, h.PublicKey, signature));
        Refused(new EpochSigned(2, [1], signature));
        Taken(new EpochSigned(2, h.PublicKey, signature));
        Assert.True(h.Stage.EpochSigned);
    }

    /// <summary>On a copy: a stage that threw is not to be used any more.</summary>
    private void Refused(DurableRecord record)
    {
        var copy = new LedgerStage();
        var reader = new RecordReader(h.Snapshot());
        copy.ReadSnapshot(ref reader);
        Assert.Throws<InvariantException>(() => copy.Apply(record));
    }

    private void Taken(DurableRecord record)
    {
        h.Stage.Apply(record);
        Assert.True(h.Stage.Balanced);
    }

    /// <summary>Job 1 has 4,000 in escrow, of which batch 1 (tasks 0 and 1) reserved 3,000; a task costs 1,500 at most.</summary>
    private void Reserved()
    {
        Taken(h.Submission(3, 1_000, 1_000_000, 4_000));
        Taken(h.Stage.PlanEscrow(Job)!);
        Taken(Dispatched());
        Taken(h.Stage.PlanReserve(Batch)!);
        Assert.Equal(3_000, h.Stage.ReservedMicro);
    }

    private static BatchDispatched Dispatched() => new(Batch, Job, One, new UnitId("unit-1"), [0, 1], 10_000);

    private static BatchJudged Judged(params TaskVerdict[] lines) => new(Batch, Job, One, 1_000_000, 1_000_000, 1_000_000, lines);

    private static Transferred Move(TransferKind kind, long reference, string debit, string credit, long amountMicro) =>
        new(kind, reference, debit, credit, amountMicro);
}
