using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

/// <summary>What the books do when everybody does the right thing.</summary>
public sealed class LedgerStageTests
{
    private static readonly DeviceId One = LedgerHistory.Device(1);

    [Fact]
    public void Credits_flow_from_the_treasury_to_what_a_device_holds_and_on_to_available()
    {
        using var h = LedgerHistory.Open(issuedMicro: 50_000);
        var s = h.Stage;
        Assert.Equal(("home", "00112233445566778899aabbccddeeff"), (s.Site, s.LedgerId));
        Assert.Equal((50_000, -50_000, 50_000), (s.IssuedMicro, s.BalanceMicro("sys:treasury"), s.BalanceMicro("req:ada")));

        var job = h.Submit(4, priceMicro: 1_000, fuelLimit: 1_000_000);
        Assert.Equal((44_000, 6_000, 6_000), (s.BalanceMicro("req:ada"), s.BalanceMicro("sys:escrow:j1"), s.EscrowLeftMicro(job)));

        var batch = h.Dispatch(job, One, 0, 1, 2);
        Assert.Equal((1_500, 4_500, 4_500), (s.EscrowMicro, s.ReservedMicro, s.BalanceMicro("sys:reserve:j1")));

        h.Judge(batch, job, One, LedgerHistory.Paid(0, 1_000_000), LedgerHistory.Refused(1, 7), LedgerHistory.Paid(2, 500_999));
        Assert.Equal((4_500, 0, 1_500, 1_500), (s.EscrowMicro, s.ReservedMicro, s.BalanceMicro("dev:esp32-01:held"), s.PostedMicro));

        var last = h.Dispatch(job, One, 1, 3);
        h.EndLease(last);
        Assert.Equal((4_500, 0), (s.EscrowMicro, s.ReservedMicro));

        h.EndJob(job, JobState.Failed);
        Assert.Equal((48_500, 0), (s.BalanceMicro("req:ada"), s.EscrowMicro));
        Assert.DoesNotContain(s.Accounts(), a => a.Account.StartsWith("sys:escrow", StringComparison.Ordinal));

        Assert.Equal((0, 0), (s.BalanceMicro("dev:esp32-01"), s.Epoch));
        h.Seal();
        Assert.Equal((1_500, 0, 1_500), (s.BalanceMicro("dev:esp32-01"), s.BalanceMicro("dev:esp32-01:held"), s.EarnedMicro(One)));
        Assert.True(s.Balanced);
        Assert.True(s.EpochSigned);
        Assert.Equal(1, s.Epoch);
    }

    [Fact]
    public void Job_without_a_price_moves_nothing()
    {
        using var h = LedgerHistory.Open(issuedMicro: 0);
        var job = h.Submit(2, priceMicro: 0, fuelLimit: 1_000_000);
        var batch = h.Dispatch(job, One, 0, 1);
        h.Judge(batch, job, One, LedgerHistory.Paid(0, 10), LedgerHistory.Paid(1, 10));
        h.EndJob(job, JobState.Completed);
        Assert.DoesNotContain(h.Records, r => r is Transferred);
        Assert.True(h.Stage.HasHappened(TransferKind.Reserve, batch.Number, ""));
        Assert.Equal(1 + 6, h.Stage.AccountCount); // treasury and two for each device
    }

    [Fact]
    public void Reservation_that_is_earned_whole_returns_nothing_and_one_that_earns_nothing_posts_nothing()
    {
        using var h = LedgerHistory.Open();
        var job = h.Submit(2, priceMicro: 1_000, fuelLimit: 1_000_000);
        var quick = h.Dispatch(job, One, 0);
        h.Emit(new BatchJudged(quick, job, One, 1_000_000, 1_500_000, 1_000_000, [LedgerHistory.Paid(0, 1_000_000)]));
        var plan = Assert.Single(h.Stage.PlanSettlement(quick));
        Assert.Equal((TransferKind.Post, 1_500), (plan.Kind, plan.AmountMicro));
        h.Emit(plan);
        Assert.Empty(h.Stage.PlanSettlement(quick));

        var wrong = h.Dispatch(job, One, 1);
        h.Emit(new BatchJudged(wrong, job, One, 1_000_000, 1_000_000, 1_000_000, [LedgerHistory.Refused(1, 1)]));
        plan = Assert.Single(h.Stage.PlanSettlement(wrong));
        Assert.Equal((TransferKind.Return, 1_500), (plan.Kind, plan.AmountMicro));
    }

    [Fact]
    public void Refund_waits_for_the_last_open_batch()
    {
        using var h = LedgerHistory.Open();
        var job = h.Submit(2, priceMicro: 1_000, fuelLimit: 1_000_000);
        var batch = h.Dispatch(job, One, 0);
        Assert.Null(h.Stage.PlanRefund(job));
        h.Emit(new JobEnded(job, JobState.Cancelled));
        Assert.Null(h.Stage.PlanRefund(job));
        h.EndLease(batch);
        Assert.Equal(3_000, h.Stage.PlanRefund(job)!.AmountMicro);
        h.Emit(h.Stage.PlanRefund(job)!);
        Assert.Null(h.Stage.PlanRefund(job));
        Assert.Equal(h.Stage.IssuedMicro, h.Stage.BalanceMicro("req:ada"));
    }

    [Fact]
    public void Each_transfer_is_known_to_have_happened_from_the_moment_it_did()
    {
        using var h = LedgerHistory.Open();
        var s = h.Stage;
        Check(TransferKind.Issue, 2, "req:ada", () => h.Emit(s.PlanIssue("ada", 5)));
        h.Emit(h.Submission(2, 1_000, 1_000_000, 3_000));
        Check(TransferKind.Escrow, 1, "sys:escrow:j1", () => h.Emit(s.PlanEscrow(new JobId(1))!));
        var batch = new BatchId(1);
        Assert.False(s.HasHappened(TransferKind.Reserve, 1, "sys:reserve:j1"));
        h.Emit(new BatchDispatched(batch, new JobId(1), One, new UnitId("u"), [0], 10_000));
        Check(TransferKind.Reserve, 1, "sys:reserve:j1", () => h.Emit(s.PlanReserve(batch)!));
        h.Emit(new BatchJudged(batch, new JobId(1), One, 1_000_000, 1_000_000, 1_000_000, [LedgerHistory.Paid(0, 1_000_000)]));
        var plan = s.PlanSettlement(batch);
        Assert.False(s.HasHappened(TransferKind.Return, 1, "sys:escrow:j1"));
        Check(TransferKind.Post, 1, "dev:esp32-01:held", () => h.Emit(plan[0]));
        Check(TransferKind.Return, 1, "sys:escrow:j1", () => h.Emit(plan[1]));
        h.Emit(new JobEnded(new JobId(1), JobState.Failed));
        Check(TransferKind.Refund, 1, "req:ada", () => h.Emit(s.PlanRefund(new JobId(1))!));
        Check(TransferKind.Release, 1, "dev:esp32-01", () => h.Seal());
        Assert.False(s.HasHappened(TransferKind.Release, 1, "dev:esp32-02"));
        Assert.False(s.HasHappened(TransferKind.Issue, 3, "req:ada"));
        Assert.False(s.HasHappened(TransferKind.Escrow, 2, "sys:escrow:j2"));

        void Check(TransferKind kind, long reference, string credit, Action happen)
        {
            Assert.False(s.HasHappened(kind, reference, credit));
            happen();
            Assert.True(s.HasHappened(kind, reference, credit));
        }
    }

    [Fact]
    public void Credits_can_leave_an_account_down_to_zero_and_the_treasury_down_to_64_bits()
    {
        using var h = LedgerHistory.Open(issuedMicro: 10);
        Assert.True(h.Stage.CanMove("req:ada", 10));
        Assert.False(h.Stage.CanMove("req:ada", 11));
        Assert.False(h.Stage.CanMove("req:ada", 0));
        Assert.False(h.Stage.CanMove("req:ada", -1));
        Assert.False(h.Stage.CanMove("req:bob", 1));
        Assert.True(h.Stage.CanMove("sys:treasury", long.MaxValue - 10));
        Assert.False(h.Stage.CanMove("sys:treasury", long.MaxValue - 9));
        h.Emit(h.Stage.PlanIssue("bob", long.MaxValue - 10));
        Assert.False(h.Stage.CanMove("sys:treasury", 1));
        Assert.Equal(long.MaxValue, h.Stage.IssuedMicro);
        Assert.True(h.Stage.Balanced);
    }

    [Fact]
    public void Epoch_rows_are_the_leaves_of_every_device_and_requester_in_order_and_are_taken_once()
    {
        using var h = LedgerHistory.Open(devices: 2, issuedMicro: 10_000);
        var job = h.Submit(1, priceMicro: 1_000, fuelLimit: 1_000_000);
        h.Judge(h.Dispatch(job, One, 0), job, One, LedgerHistory.Paid(0, 1_000_000));
        Assert.Null(h.Stage.TakeEpochRows());
        h.Seal();
        var rows = h.Stage.TakeEpochRows()!;
        Assert.Null(h.Stage.TakeEpochRows());
        Assert.Equal([new("dev:esp32-01", 1_000, 1_000), new("dev:esp32-02", 0, 0), new("req:ada", 10_000, 8_500)], rows.Accounts);
        Assert.Equal(1, rows.Epoch);
        Assert.Equal(h.Stage.EpochHead, rows.Head);
        Assert.Equal(h.Stage.EpochRoot, rows.Root);

        var post = h.Records.OfType<Transferred>().Single(t => t.Kind == TransferKind.Post);
        var issue = h.Records.OfType<Transferred>().Single(t => t.Kind == TransferKind.Issue);
        EpochLeaf[] leaves =
        [
            new("dev:esp32-01", 1_000, 1_000, 1, HashOf(post)),
            new("dev:esp32-02", 0, 0, 1, new byte[32]),
            new("req:ada", 10_000, 8_500, 1, HashOf(issue)),
        ];
        Assert.Equal(MerkleTree.Of(leaves).Root, rows.Root);
    }

    [Fact]
    public void Epoch_of_an_empty_ledger_has_a_root_of_zeros()
    {
        using var h = LedgerHistory.Open(devices: 0, issuedMicro: 0);
        h.Seal();
        Assert.Equal(new byte[32], h.Stage.EpochRoot);
        Assert.True(h.Stage.EpochSigned);
    }

    [Fact]
    public void Device_that_joins_again_keeps_what_it_earned()
    {
        using var h = LedgerHistory.Whole();
        var before = h.Stage.EarnedMicro(One);
        h.Join(One);
        Assert.Equal((2_000, before), (before, h.Stage.EarnedMicro(One)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_histories_balance_at_every_step_replay_to_the_same_state_and_verify(int seed)
    {
        using var h = LedgerHistory.Open(devices: 5);
        var random = new Random(seed);
        var open = new List<(BatchId Batch, JobId Job, DeviceId Device, long[] Tasks)>();
        var jobs = new Dictionary<JobId, long>(); // next task
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(8))
            {
                case 0 when jobs.Count < 4:
                    jobs.Add(h.Submit(random.Next(1, 60), random.Next(3) * random.Next(2_000), random.Next(1, 5_000_000)), 0);
                    break;
                case 1 or 2 when jobs.Count > 0:
                    var (job, next) = jobs.ElementAt(random.Next(jobs.Count));
                    var tasks = Enumerable.Range(0, random.Next(1, 9)).Select(i => next + i).Where(t => t < Submitted(job).TaskCount).ToArray();
                    if (tasks.Length == 0 || (h.Stage.EscrowLeftMicro(job) < Reward.ReservationMicro(Submitted(job).FuelLimit, Submitted(job).PriceMicro, tasks.Length)))
                        break;
                    jobs[job] = next + tasks.Length;
                    var device = LedgerHistory.Device(random.Next(1, 6));
                    open.Add((h.Dispatch(job, device, tasks), job, device, tasks));
                    break;
                case 3 or 4 when open.Count > 0:
                    var judged = open[random.Next(open.Count)];
                    open.Remove(judged);
                    h.Judge(judged.Batch, judged.Job, judged.Device, [.. judged.Tasks.Select(t => random.Next(5) == 0
                        ? LedgerHistory.Refused(t, 1) : LedgerHistory.Paid(t, random.NextInt64(Submitted(judged.Job).FuelLimit + 1)))]);
                    break;
                case 5 when open.Count > 0 && random.Next(3) == 0:
                    h.EndLease(open[^1].Batch);
                    open.RemoveAt(open.Count - 1);
                    break;
                case 6 when random.Next(4) == 0 && jobs.Keys.FirstOrDefault(j => open.All(b => b.Job != j)) is { Number: > 0 } done:
                    h.EndJob(done, JobState.Cancelled);
                    jobs.Remove(done);
                    break;
                case 7 when random.Next(6) == 0:
                    h.EndTurn();
                    h.Seal(sign: random.Next(2) == 0);
                    break;
                default:
                    h.EndTurn();
                    break;
            }
            Assert.True(h.Stage.Balanced);
            var s = h.Stage;
            Assert.Equal(s.IssuedMicro, s.BalanceMicro("req:ada") + s.EscrowMicro + s.ReservedMicro + s.PostedMicro);
        }
        h.EndTurn();
        Assert.Equal(h.Snapshot(), LedgerHistory.SnapshotOf(h.Replay()));
        var report = LedgerVerifier.Verify(h.Turns, [Convert.ToHexStringLower(h.Head)]);
        Assert.Equal([], report.Errors);
        Assert.Equal((h.Stage.IssuedMicro, h.Stage.PostedMicro, h.Stage.Epoch), (report.IssuedMicro, report.PostedMicro, report.Epochs));
        Assert.Equal(h.Stage.Accounts().Where(a => a.BalanceMicro != 0), report.Balances.Where(a => a.BalanceMicro != 0));
        Assert.True(report.TasksPaid > 50 && report.Epochs > 0, $"{report}");

        JobSubmitted Submitted(JobId job) => h.Records.OfType<JobSubmitted>().Single(r => r.Job == job);
    }

    private static byte[] HashOf(DurableRecord record)
    {
        var writer = new RecordWriter();
        RecordCodec.Write(record, writer);
        return SHA256.HashData(writer.Written);
    }
}
