using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// The books: accounts, open reservations, epochs. It answers what may be booked, plans transfers as records, and changes only in
/// <see cref="Apply(DurableRecord)"/>, live and on replay alike. A record must be applied as it is stored, its time included:
/// receipts are hashes of the stored bytes.
///
/// The way of a credit: treasury -> requester (Issue) -> the job's escrow (Escrow) -> the job's reserve (Reserve, once per batch)
/// -> what the device holds (Post, once per judged batch, exactly the sum of its paid lines) -> available (Release, once per
/// device and sealed epoch). What a batch did not cost returns to escrow (Return), what a job did not cost to the requester (Refund).
/// The order of records: JobSubmitted, Escrow; BatchDispatched, Reserve; BatchJudged or LeaseEnded, Post, Return; JobEnded, Refund
/// (once no batch is open); EpochSealed, Releases.
/// </summary>
public sealed class LedgerStage
{
    private const byte SnapshotVersion = 1;

    private readonly Books books = new();
    private readonly Earners earners = new();
    private readonly OpenJobs open = new();
    private readonly EpochBook epochs = new();
    private long lastIssue;
    private EpochRows? epochRows;
    private SealPlan? sealPlan; // what PlanSeal computed, so that Apply need not hash every account again

    /// <summary>The ledger's id, or empty before <see cref="LedgerOpened"/>.</summary>
    public string LedgerId { get; private set; } = "";

    /// <summary>The site's name, or empty before <see cref="LedgerOpened"/>.</summary>
    public string Site { get; private set; } = "";

    /// <summary>Number of the last sealed epoch; 0 before the first.</summary>
    public long Epoch => epochs.Epoch;

    /// <summary>Merkle root of the last sealed epoch; 32 zero bytes before the first.</summary>
    public byte[] EpochRoot => (byte[])epochs.Root.Clone();

    /// <summary>Head of the last sealed epoch; 32 zero bytes before the first.</summary>
    public byte[] EpochHead => (byte[])epochs.Head.Clone();

    /// <summary>True when the site's signature over <see cref="EpochHead"/> is in the ledger.</summary>
    public bool EpochSigned => epochs.Signed;

    /// <summary>All that was ever issued, micro-credits.</summary>
    public long IssuedMicro => books.IssuedMicro;

    /// <summary>All that was ever posted to devices.</summary>
    public long PostedMicro => earners.PostedMicro;

    /// <summary>What open batches may cost: the sum of all reserves.</summary>
    public long ReservedMicro => open.Jobs.Sum(job => books.BalanceMicro(job.ReserveAccount));

    /// <summary>What jobs have set aside and not reserved: the sum of all escrows.</summary>
    public long EscrowMicro => open.Jobs.Sum(job => books.BalanceMicro(job.EscrowAccount));

    /// <summary>Number of accounts.</summary>
    public int AccountCount => books.Count;

    /// <summary>True when all balances add up to zero; looks at every account.</summary>
    public bool Balanced => books.Balanced;

    /// <summary>Every account with its balance, sorted by id (ordinal); a copy.</summary>
    public IReadOnlyList<AccountBalance> Accounts() => books.Sorted();

    /// <summary>An account's balance; 0 for one that does not exist.</summary>
    public long BalanceMicro(string account) => books.BalanceMicro(account);

    /// <summary>All that was ever posted to a device; 0 for an unknown one.</summary>
    public long EarnedMicro(DeviceId device) => earners.EarnedMicro(device);

    /// <summary>What is left in a job's escrow, without its open reservations.</summary>
    public long EscrowLeftMicro(JobId job) => books.BalanceMicro(AccountIds.Escrow(job));

    /// <summary>True when <paramref name="amountMicro"/> (at least 1) may leave <paramref name="debit"/> without breaking a rule.</summary>
    public bool CanMove(string debit, long amountMicro) => books.CanMove(debit, amountMicro);

    /// <summary>True when the transfer with this id happened, or can never happen any more because its job or batch is settled.</summary>
    public bool HasHappened(TransferKind kind, long reference, string credit)
    {
        switch (kind)
        {
            case TransferKind.Issue:
                return reference <= lastIssue;
            case TransferKind.Escrow:
                return reference <= open.LastJob && open.Job(reference) is not { Escrowed: false };
            case TransferKind.Refund:
                return reference <= open.LastJob && open.Job(reference) is null;
            case TransferKind.Release:
                return AccountIds.TryGetDevice(credit, out var device) && earners.ReleasedEpoch(device) >= reference;
            default:
                if (reference > open.LastBatch)
                    return false;
                var batch = open.Batch(reference);
                return batch is null || kind switch
                {
                    TransferKind.Reserve => batch.ReservedMicro > 0,
                    TransferKind.Post => batch.Posted,
                    TransferKind.Return => batch.Returned,
                    _ => false,
                };
        }
    }

    /// <summary>Credits for a requester; ask <see cref="CanMove"/> of the treasury first.</summary>
    public Transferred PlanIssue(string requester, long amountMicro) =>
        new(TransferKind.Issue, lastIssue + 1, AccountIds.Treasury, AccountIds.Requester(requester), amountMicro);

    /// <summary>The escrow of a job whose JobSubmitted was applied; null when it sets nothing aside, or has done so.</summary>
    public Transferred? PlanEscrow(JobId job) =>
        open.Job(job.Number) is { EscrowDone: false } entry
            ? new(TransferKind.Escrow, job.Number, AccountIds.Requester(entry.Requester), entry.EscrowAccount, entry.EscrowMicro)
            : null;

    /// <summary>
    /// The reservation of a batch whose BatchDispatched was applied: all it can cost. Null when that is nothing. Ask
    /// <see cref="CanMove"/> of the job's escrow before dispatching.
    /// </summary>
    public Transferred? PlanReserve(BatchId batch)
    {
        if (open.Batch(batch.Number) is not { Closed: false, ReservedMicro: 0 } entry)
            return null;
        var amountMicro = Reward.ReservationMicro(entry.Job.FuelLimit, entry.Job.PriceMicro, entry.Tasks);
        return amountMicro == 0
            ? null
            : new(TransferKind.Reserve, batch.Number, entry.Job.EscrowAccount, entry.Job.ReserveAccount, amountMicro);
    }

    /// <summary>What follows from a batch whose BatchJudged or LeaseEnded was applied: posting and return, each only above 0.</summary>
    public IReadOnlyList<Transferred> PlanSettlement(BatchId batch)
    {
        var plan = new List<Transferred>(2);
        if (open.Batch(batch.Number) is not { Closed: true } entry)
            return plan;
        if (entry.DueMicro > 0 && !entry.Posted)
            plan.Add(new(TransferKind.Post, batch.Number, entry.Job.ReserveAccount, AccountIds.Held(entry.Device), entry.DueMicro));
        if (entry.RestMicro > 0 && !entry.Returned)
            plan.Add(new(TransferKind.Return, batch.Number, entry.Job.ReserveAccount, entry.Job.EscrowAccount, entry.RestMicro));
        return plan;
    }

    /// <summary>The refund of an ended job without open batches; null when there is nothing to refund (yet).</summary>
    public Transferred? PlanRefund(JobId job)
    {
        if (open.Job(job.Number) is not { Ended: true, OpenBatches: 0 } entry)
            return null;
        return new(TransferKind.Refund, job.Number, entry.EscrowAccount, AccountIds.Requester(entry.Requester),
            books.BalanceMicro(entry.EscrowAccount));
    }

    /// <summary>The seal of the next epoch over the balances as they stand. Costs about 1 us per account.</summary>
    /// <param name="chainHead">The record chain's head before this record.</param>
    public EpochSealed PlanSeal(byte[] chainHead, byte[] drawSecret, byte[] nextDrawHash)
    {
        sealPlan = Sealing();
        var (leaves, root) = sealPlan;
        var head = Ledger.EpochHead.Compute(LedgerId, Epoch + 1, leaves.Count, root, epochs.Head, chainHead, nextDrawHash);
        return new(Epoch + 1, leaves.Count, root, EpochHead, chainHead, drawSecret, nextDrawHash, head);
    }

    /// <summary>After the seal was applied: everything that devices hold becomes available, sorted by device.</summary>
    public IReadOnlyList<Transferred> PlanReleases(long epoch)
    {
        var plan = new List<Transferred>();
        foreach (var id in earners.Devices)
        {
            var device = new DeviceId(id);
            var held = AccountIds.Held(device);
            if (books.BalanceMicro(held) is > 0 and var amountMicro && earners.ReleasedEpoch(device) < epoch)
                plan.Add(new(TransferKind.Release, epoch, held, AccountIds.Available(device), amountMicro));
        }
        return plan;
    }

    /// <summary>
    /// Applies one record; the only way the books change. Records that do not concern them are passed over. Throws
    /// <see cref="InvariantException"/> for anything that must not happen; the state is then not to be used any more.
    /// </summary>
    public void Apply(DurableRecord record)
    {
        var plan = sealPlan;
        sealPlan = null;
        Invariant.Require(record is LedgerOpened == (LedgerId.Length == 0), "a ledger is opened once, by its first record");
        switch (record)
        {
            case LedgerOpened opened:
                Invariant.Require(opened.LedgerId.Length > 0, "a ledger has an id");
                LedgerId = opened.LedgerId;
                Site = opened.Site;
                books.Open(AccountIds.Treasury);
                break;
            case DeviceJoined joined:
                Invariant.Require(Names.IsValid(joined.Device.Value), $"a device is named '{joined.Device}'");
                earners.AddDevice(joined.Device);
                books.Open(AccountIds.Held(joined.Device));
                books.Open(AccountIds.Available(joined.Device));
                break;
            case JobSubmitted submitted:
                open.Submitted(submitted);
                break;
            case BatchDispatched dispatched:
                Invariant.Require(books.Contains(AccountIds.Held(dispatched.Device)), $"batch {dispatched.Batch} goes to a stranger");
                open.Dispatched(dispatched);
                break;
            case BatchJudged judged:
                open.Judged(judged);
                Settle(open.Batch(judged.Batch.Number));
                break;
            case LeaseEnded ended:
                open.LeaseEnded(ended);
                Settle(open.Batch(ended.Batch.Number));
                break;
            case JobEnded ended:
                open.Ended(ended);
                open.SettleJob(open.Job(ended.Job.Number)!, books);
                break;
            case Transferred transfer:
                Apply(transfer);
                break;
            case EpochSealed sealedNow:
                var (leaves, root) = plan ?? Sealing();
                epochs.Seal(sealedNow, LedgerId, leaves.Count, root);
                epochRows = new(sealedNow.Epoch, 0, sealedNow.Head, sealedNow.Root,
                    [.. leaves.Select(leaf => new EpochAccountRow(leaf.Account, leaf.Cumulative, leaf.Held))]);
                break;
            case EpochSigned signed:
                epochs.Sign(signed);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// The rows of the last epoch sealed since the last call, or null. LastTurn is 0: the caller knows the turn. They are not part
    /// of the state; after a replay the caller takes and drops them.
    /// </summary>
    public EpochRows? TakeEpochRows()
    {
        var rows = epochRows;
        epochRows = null;
        return rows;
    }

    /// <summary>Writes the whole state, sorted: equal states give equal bytes.</summary>
    public void WriteSnapshot(RecordWriter writer)
    {
        writer.Byte(SnapshotVersion);
        writer.Text(LedgerId);
        writer.Text(Site);
        writer.Unsigned(lastIssue);
        books.WriteSnapshot(writer);
        earners.WriteSnapshot(writer);
        open.WriteSnapshot(writer);
        epochs.WriteSnapshot(writer);
    }

    /// <summary>Replaces the state. Throws <see cref="CorruptRecordException"/>; the state is then unusable.</summary>
    public void ReadSnapshot(ref RecordReader reader)
    {
        if (reader.Byte() is not SnapshotVersion and var version)
            throw reader.Corrupt($"a ledger snapshot has version {version}, this program reads {SnapshotVersion}");
        LedgerId = reader.Text();
        Site = reader.Text();
        lastIssue = reader.Unsigned();
        books.ReadSnapshot(ref reader);
        earners.ReadSnapshot(ref reader);
        open.ReadSnapshot(ref reader);
        epochs.ReadSnapshot(ref reader);
        epochRows = null;
        sealPlan = null;
    }

    private void Apply(Transferred t)
    {
        var job = t.Kind is TransferKind.Escrow or TransferKind.Refund ? open.Job(t.Reference) : null;
        var batch = t.Kind is TransferKind.Reserve or TransferKind.Post or TransferKind.Return ? open.Batch(t.Reference) : null;
        switch (t.Kind)
        {
            case TransferKind.Issue:
                Require(t, t.Reference == lastIssue + 1 && AccountIds.ClassOf(t.Credit) == AccountClass.Requester);
                Require(t, t.Debit == AccountIds.Treasury && books.CanMove(t.Debit, t.AmountMicro));
                books.Open(t.Credit);
                books.Move(t.Debit, t.Credit, t.AmountMicro);
                lastIssue = t.Reference;
                var name = AccountIds.RequesterName(t.Credit);
                earners.AddRequester(name);
                earners.Issued(name, t);
                break;
            case TransferKind.Escrow:
                Require(t, job is { EscrowDone: false } && t.AmountMicro == job.EscrowMicro);
                Require(t, t.Debit == AccountIds.Requester(job.Requester) && t.Credit == job.EscrowAccount);
                Require(t, books.CanMove(t.Debit, t.AmountMicro));
                books.Open(t.Credit);
                books.Move(t.Debit, t.Credit, t.AmountMicro);
                job.Escrowed = true;
                break;
            case TransferKind.Reserve:
                Require(t, batch is { Closed: false, ReservedMicro: 0 });
                Require(t, t.Debit == batch.Job.EscrowAccount && t.Credit == batch.Job.ReserveAccount);
                Require(t, books.CanMove(t.Debit, t.AmountMicro));
                books.Open(t.Credit);
                books.Move(t.Debit, t.Credit, t.AmountMicro);
                batch.Reserve(t.AmountMicro);
                break;
            case TransferKind.Post:
                Require(t, batch is not null && t.Debit == batch.Job.ReserveAccount && t.Credit == AccountIds.Held(batch.Device));
                batch.Post(t.AmountMicro);
                books.Move(t.Debit, t.Credit, t.AmountMicro);
                earners.Posted(batch.Device, t);
                Settle(batch);
                break;
            case TransferKind.Return:
                Require(t, batch is not null && t.Debit == batch.Job.ReserveAccount && t.Credit == batch.Job.EscrowAccount);
                batch.Return(t.AmountMicro);
                books.Move(t.Debit, t.Credit, t.AmountMicro);
                Settle(batch);
                break;
            case TransferKind.Release:
                Require(t, AccountIds.TryGetDevice(t.Debit, out var device));
                Require(t, t.Debit == AccountIds.Held(device) && t.Credit == AccountIds.Available(device));
                Require(t, t.Reference == Epoch && earners.ReleasedEpoch(device) < Epoch);
                books.Move(t.Debit, t.Credit, t.AmountMicro);
                earners.Released(device, Epoch);
                break;
            case TransferKind.Refund:
                Require(t, job is { Ended: true, OpenBatches: 0 } && t.AmountMicro == books.BalanceMicro(job.EscrowAccount));
                Require(t, t.Debit == job.EscrowAccount && t.Credit == AccountIds.Requester(job.Requester));
                books.Move(t.Debit, t.Credit, t.AmountMicro);
                earners.Refunded(job.Requester, t);
                open.SettleJob(job, books);
                break;
            default:
                throw new InvariantException($"a transfer has the kind {(byte)t.Kind}");
        }
    }

    private void Settle(OpenBatch? batch)
    {
        if (batch is null)
            return;
        open.SettleBatch(batch);
        open.SettleJob(batch.Job, books);
    }

    private SealPlan Sealing()
    {
        var leaves = earners.Leaves(Epoch + 1, books);
        return new(leaves, MerkleTree.Of(leaves).Root);
    }

    private static void Require(Transferred t, [System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool holds)
    {
        if (!holds)
            throw new InvariantException($"{t.Kind} {t.Reference}, {t.AmountMicro} from {t.Debit} to {t.Credit}, does not fit what is open");
    }

    private sealed record SealPlan(List<EpochLeaf> Leaves, byte[] Root);
}
