using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// The books: accounts, open reservations, epochs. It answers what may be booked, plans transfers as records, and changes only in
/// <see cref="Apply"/>, live and on replay alike.
/// </summary>
public sealed class LedgerStage
{
    /// <summary>The ledger's id, or empty before <see cref="LedgerOpened"/>.</summary>
    public string LedgerId => throw new NotImplementedException();

    /// <summary>The site's name, or empty before <see cref="LedgerOpened"/>.</summary>
    public string Site => throw new NotImplementedException();

    /// <summary>Number of the last sealed epoch; 0 before the first.</summary>
    public long Epoch => throw new NotImplementedException();

    /// <summary>Merkle root of the last sealed epoch; 32 zero bytes before the first.</summary>
    public byte[] EpochRoot => throw new NotImplementedException();

    /// <summary>Head of the last sealed epoch; 32 zero bytes before the first.</summary>
    public byte[] EpochHead => throw new NotImplementedException();

    /// <summary>True when the site's signature over <see cref="EpochHead"/> is in the ledger.</summary>
    public bool EpochSigned => throw new NotImplementedException();

    /// <summary>All that was ever issued, micro-credits.</summary>
    public long IssuedMicro => throw new NotImplementedException();

    /// <summary>All that was ever posted to devices.</summary>
    public long PostedMicro => throw new NotImplementedException();

    /// <summary>What open batches may cost: the sum of all reserves.</summary>
    public long ReservedMicro => throw new NotImplementedException();

    /// <summary>What running jobs have set aside and not reserved: the sum of all escrows.</summary>
    public long EscrowMicro => throw new NotImplementedException();

    /// <summary>Number of accounts.</summary>
    public int AccountCount => throw new NotImplementedException();

    /// <summary>True when all balances add up to zero.</summary>
    public bool Balanced => throw new NotImplementedException();

    /// <summary>Every account with its balance, sorted by id (ordinal); a copy.</summary>
    public IReadOnlyList<AccountBalance> Accounts() => throw new NotImplementedException();

    /// <summary>An account's balance; 0 for one that does not exist.</summary>
    public long BalanceMicro(string account) => throw new NotImplementedException();

    /// <summary>All that was ever posted to a device; 0 for an unknown one.</summary>
    public long EarnedMicro(DeviceId device) => throw new NotImplementedException();

    /// <summary>What is left in a job's escrow, without its open reservations.</summary>
    public long EscrowLeftMicro(JobId job) => throw new NotImplementedException();

    /// <summary>True when <paramref name="amountMicro"/> (at least 1) may leave <paramref name="debit"/> without breaking a rule.</summary>
    public bool CanMove(string debit, long amountMicro) => throw new NotImplementedException();

    /// <summary>True when the transfer with this id is in the ledger, or can never be any more.</summary>
    public bool HasHappened(TransferKind kind, long reference, string credit) => throw new NotImplementedException();

    /// <summary>Credits for a requester; ask <see cref="CanMove"/> of the treasury first.</summary>
    public Transferred PlanIssue(string requester, long amountMicro) => throw new NotImplementedException();

    /// <summary>The escrow of a job that was applied; null when it sets nothing aside.</summary>
    public Transferred? PlanEscrow(JobId job) => throw new NotImplementedException();

    /// <summary>The reservation of a batch that was applied; null for a job without a price.</summary>
    public Transferred? PlanReserve(BatchId batch) => throw new NotImplementedException();

    /// <summary>What follows from a batch whose BatchJudged or LeaseEnded was applied: posting and return, each only when above 0.</summary>
    public IReadOnlyList<Transferred> PlanSettlement(BatchId batch) => throw new NotImplementedException();

    /// <summary>The refund of an ended job without open batches; null when there is nothing to refund (yet).</summary>
    public Transferred? PlanRefund(JobId job) => throw new NotImplementedException();

    /// <summary>The seal of the next epoch, from the balances as they stand.</summary>
    public EpochSealed PlanSeal(byte[] chainHead, byte[] drawSecret, byte[] nextDrawHash) => throw new NotImplementedException();

    /// <summary>After the seal was applied: what every device held becomes available, sorted by device.</summary>
    public IReadOnlyList<Transferred> PlanReleases(long epoch) => throw new NotImplementedException();

    /// <summary>Applies one record; the only way the books change. Throws <see cref="InvariantException"/> for what must not happen.</summary>
    public void Apply(DurableRecord record) => throw new NotImplementedException();

    /// <summary>The rows of an epoch sealed since the last call, or null. LastTurn is 0: the caller knows the turn.</summary>
    public EpochRows? TakeEpochRows() => throw new NotImplementedException();

    /// <summary>Writes the whole state, sorted: equal states give equal bytes.</summary>
    public void WriteSnapshot(RecordWriter writer) => throw new NotImplementedException();

    /// <summary>Replaces the state. Throws <see cref="CorruptRecordException"/>.</summary>
    public void ReadSnapshot(ref RecordReader reader) => throw new NotImplementedException();
}
