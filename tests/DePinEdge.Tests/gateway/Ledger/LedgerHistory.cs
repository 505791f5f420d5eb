using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

/// <summary>
/// Plays the part of the core for the books: decides, emits records in the order the core does, applies them to a stage and closes
/// turns, so that tests have true histories to replay, verify and damage.
/// </summary>
internal sealed class LedgerHistory : IDisposable
{
    public const long StartUtcMs = 1_790_000_000_000;

    private readonly RecordWriter body = new();
    private readonly RecordWriter one = new();
    private readonly RecordChain chain = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private long firstRecord = 1;
    private long lastJob;
    private long lastBatch;
    private byte[] drawSecret = SHA256.HashData("draw 1"u8);

    public LedgerStage Stage { get; } = new();

    public List<DurableRecord> Records { get; } = [];

    public List<Turn> Turns { get; } = [];

    public long UtcMs { get; set; } = StartUtcMs;

    public byte[] Head => chain.Head;

    public byte[] PublicKey => key.ExportSubjectPublicKeyInfo();

    public void Dispose() => key.Dispose();

    /// <summary>A ledger that is open, with devices and a requester who has credits.</summary>
    public static LedgerHistory Open(int devices = 3, long issuedMicro = 1_000_000_000)
    {
        var history = new LedgerHistory();
        history.Emit(new LedgerOpened("home", "00112233445566778899aabbccddeeff"));
        for (var i = 1; i <= devices; i++)
            history.Join(Device(i));
        history.EndTurn();
        if (issuedMicro > 0)
            history.Emit(history.Stage.PlanIssue("ada", issuedMicro));
        history.EndTurn();
        return history;
    }

    public static DeviceId Device(int number) => new($"esp32-{number:00}");

    /// <summary>Stamps, stores and applies one record.</summary>
    public T Emit<T>(T record) where T : DurableRecord
    {
        var stamped = record with { UtcMs = UtcMs++ };
        Stage.Apply(stamped);
        Store(stamped);
        return stamped;
    }

    /// <summary>Stores a record without asking the stage: for histories that no stage would allow.</summary>
    public void Store(DurableRecord record)
    {
        one.Clear();
        RecordCodec.Write(record, one);
        body.Bytes(one.Written);
        chain.Append(one.Written);
        Records.Add(record);
    }

    public void EndTurn()
    {
        if (chain.Count < firstRecord)
            return;
        Turns.Add(new Turn(Turns.Count + 1, firstRecord, (int)(chain.Count - firstRecord + 1), UtcMs, chain.Head, body.Written.ToArray(), [], null, null));
        firstRecord = chain.Count + 1;
        body.Clear();
    }

    public void Join(DeviceId device) => Emit(new DeviceJoined(device, "ABCDEF", "ada", "ESP32", new byte[16], new byte[16], new byte[32], new byte[32]));

    public JobSubmitted Submission(long tasks, long priceMicro, long fuelLimit, long escrowMicro) =>
        new(new JobId(lastJob + 1), "", "ada", "primes", ProgramHash.Of(SHA256.HashData("primes"u8)), tasks, true, 0, [], fuelLimit, priceMicro, escrowMicro, 3);

    public JobId Submit(long tasks, long priceMicro, long fuelLimit)
    {
        Assert.True(Reward.TryReservationMicro(fuelLimit, priceMicro, tasks, out var escrowMicro));
        var job = Emit(Submission(tasks, priceMicro, fuelLimit, escrowMicro)).Job;
        lastJob = job.Number;
        if (Stage.PlanEscrow(job) is { } escrow)
            Emit(escrow);
        return job;
    }

    public BatchId Dispatch(JobId job, DeviceId device, params long[] tasks)
    {
        var batch = new BatchId(++lastBatch);
        Emit(new BatchDispatched(batch, job, device, new UnitId("unit-1"), tasks, 10_000));
        if (Stage.PlanReserve(batch) is { } reserve)
            Emit(reserve);
        return batch;
    }

    public static TaskVerdict Paid(long task, long fuel) => new(task, ReasonCode.Paid, 0, 0, fuel, [(byte)task]);

    public static TaskVerdict Refused(long task, long fuel) => new(task, ReasonCode.WrongOutput, 0, 0, fuel, []);

    public void Judge(BatchId batch, JobId job, DeviceId device, params TaskVerdict[] lines)
    {
        Emit(new BatchJudged(batch, job, device, Reward.OnePpm, Reward.OnePpm, 1_000_000, lines));
        Settle(batch);
    }

    public void EndLease(BatchId batch)
    {
        Emit(new LeaseEnded(batch, ReasonCode.LeaseExpired));
        Settle(batch);
    }

    public void EndJob(JobId job, JobState state)
    {
        Emit(new JobEnded(job, state));
        if (Stage.PlanRefund(job) is { } refund)
            Emit(refund);
    }

    /// <summary>Seals, releases and (in the next turn, as the core does) signs.</summary>
    public void Seal(bool sign = true)
    {
        var next = SHA256.HashData(drawSecret);
        Emit(Stage.PlanSeal(chain.Head, drawSecret, SHA256.HashData(next)));
        drawSecret = next;
        foreach (var release in Stage.PlanReleases(Stage.Epoch))
            Emit(release);
        EndTurn();
        if (!sign)
            return;
        Emit(new EpochSigned(Stage.Epoch, PublicKey, key.SignHash(Stage.EpochHead)));
        EndTurn();
    }

    public byte[] Sign(byte[] head) => key.SignHash(head);

    public byte[] Snapshot() => SnapshotOf(Stage);

    public static byte[] SnapshotOf(LedgerStage stage)
    {
        var writer = new RecordWriter();
        stage.WriteSnapshot(writer);
        return writer.Written.ToArray();
    }

    public LedgerStage Replay()
    {
        var stage = new LedgerStage();
        foreach (var turn in Turns)
            RecordCodec.ForEach(turn.Body, bytes => stage.Apply(RecordCodec.Read(bytes)));
        return stage;
    }

    /// <summary>
    /// A history with everything in it: priced and free jobs, refused results, an expired lease, a cancelled job, two signed epochs.
    /// Job 1: 6 tasks, 4 paid at 1,000 micro-credits each and 2 cancelled. Job 2: free, 2 tasks.
    /// </summary>
    public static LedgerHistory Whole()
    {
        var h = Open();
        h.Emit(new ProgramAdded(ProgramHash.Of(SHA256.HashData("primes"u8)), "primes", "1", 500, 600, 65_536, 10_000_000, 0, OutputKind.U32, Reduction.Sum));
        var job = h.Submit(6, priceMicro: 1_000, fuelLimit: 2_000_000);
        h.EndTurn();
        var first = h.Dispatch(job, Device(1), 0, 1, 2);
        var second = h.Dispatch(job, Device(2), 3, 4);
        h.EndTurn();
        h.Judge(first, job, Device(1), Paid(0, 1_000_000), Refused(1, 999_999), Paid(2, 1_000_000));
        h.EndTurn();
        h.EndLease(second);
        h.EndTurn();
        h.Seal();
        var third = h.Dispatch(job, Device(3), 1, 3);
        var free = h.Submit(2, priceMicro: 0, fuelLimit: 2_000_000);
        var fourth = h.Dispatch(free, Device(2), 0, 1);
        h.EndTurn();
        h.Judge(third, job, Device(3), Paid(1, 1_000_000), Paid(3, 1_000_000));
        h.Judge(fourth, free, Device(2), Paid(0, 5), Paid(1, 6));
        h.EndJob(free, JobState.Completed);
        h.EndJob(job, JobState.Cancelled);
        h.EndTurn();
        h.Seal();
        return h;
    }

    private void Settle(BatchId batch)
    {
        foreach (var transfer in Stage.PlanSettlement(batch))
            Emit(transfer);
    }
}
