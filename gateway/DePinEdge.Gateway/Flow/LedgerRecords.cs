namespace DePinEdge.Gateway.Flow;

/// <summary>The first record of every ledger.</summary>
/// <param name="Site">The site's name.</param>
/// <param name="LedgerId">16 random bytes as 32 hexadecimal digits: no two ledgers share one.</param>
public sealed record LedgerOpened(string Site, string LedgerId) : DurableRecord
{
    public override RecordCode Code => RecordCode.LedgerOpened;

    public override void WriteFields(RecordWriter w)
    {
        w.Text(Site);
        w.Text(LedgerId);
    }

    public static LedgerOpened Read(ref RecordReader r) => new(r.Text(), r.Text());
}

/// <summary>Why credits moved. The kind and the reference together are the transfer's id: each happens at most once.</summary>
public enum TransferKind : byte
{
    /// <summary>An operator issued credits: treasury to a requester. Reference: the issue's running number.</summary>
    Issue = 1,

    /// <summary>A job was submitted: requester to the job's escrow. Reference: the job.</summary>
    Escrow = 2,

    /// <summary>A batch was dispatched: escrow to the job's reserve. Reference: the batch.</summary>
    Reserve = 3,

    /// <summary>Results were accepted: reserve to what the device holds. Reference: the batch.</summary>
    Post = 4,

    /// <summary>The rest of a reservation: reserve back to escrow. Reference: the batch.</summary>
    Return = 5,

    /// <summary>An epoch was sealed: what a device holds becomes available. Reference: the epoch, once for each device.</summary>
    Release = 6,

    /// <summary>A job ended: what is left in escrow goes back to the requester. Reference: the job.</summary>
    Refund = 7,
}

/// <summary>One immutable double entry: <paramref name="AmountMicro"/> leaves Debit and enters Credit.</summary>
/// <param name="Reference">Number of the batch, job or epoch that caused it (see <see cref="TransferKind"/>).</param>
/// <param name="AmountMicro">Micro-credits, at least 1.</param>
public sealed record Transferred(TransferKind Kind, long Reference, string Debit, string Credit, long AmountMicro) : DurableRecord
{
    public override RecordCode Code => RecordCode.Transferred;

    public override void WriteFields(RecordWriter w)
    {
        w.Byte((byte)Kind);
        w.Unsigned(Reference);
        AccountCode.Write(w, Debit);
        AccountCode.Write(w, Credit);
        w.Unsigned(AmountMicro);
    }

    public static Transferred Read(ref RecordReader r) => new((TransferKind)r.Byte(), r.Unsigned(), AccountCode.Read(ref r), AccountCode.Read(ref r), r.Unsigned());
}

/// <summary>Balances were sealed under a Merkle root. The head's bytes are those of Ledger/EpochHead.</summary>
/// <param name="Accounts">Number of leaves.</param>
/// <param name="Root">32-byte Merkle root over the accounts' leaves.</param>
/// <param name="PreviousHead">32-byte head of the epoch before; zeros for the first.</param>
/// <param name="ChainHead">The record chain's head before this record.</param>
/// <param name="DrawSecret">The 32-byte audit secret of this epoch, published now; its hash stood in the previous head.</param>
/// <param name="NextDrawHash">SHA-256 of the next epoch's audit secret (blob <c>secret/draw</c>).</param>
/// <param name="Head">32-byte head.</param>
public sealed record EpochSealed(
    long Epoch, int Accounts, byte[] Root, byte[] PreviousHead, byte[] ChainHead, byte[] DrawSecret, byte[] NextDrawHash, byte[] Head) : DurableRecord
{
    public override RecordCode Code => RecordCode.EpochSealed;

    public override void WriteFields(RecordWriter w)
    {
        w.Unsigned(Epoch);
        w.Unsigned(Accounts);
        w.Raw(Root);
        w.Raw(PreviousHead);
        w.Raw(ChainHead);
        w.Raw(DrawSecret);
        w.Raw(NextDrawHash);
        w.Raw(Head);
    }

    public static EpochSealed Read(ref RecordReader r) =>
        new(r.Unsigned(), r.Int(), r.Raw(32).ToArray(), r.Raw(32).ToArray(), r.Raw(32).ToArray(), r.Raw(32).ToArray(), r.Raw(32).ToArray(),
            r.Raw(32).ToArray());
}

/// <summary>The site's key signed an epoch's head.</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo of the P-256 key.</param>
/// <param name="Signature">ECDSA over the 32-byte head (its bytes as the hash), r and s as 64 bytes.</param>
public sealed record EpochSigned(long Epoch, byte[] PublicKey, byte[] Signature) : DurableRecord
{
    public override RecordCode Code => RecordCode.EpochSigned;

    public override void WriteFields(RecordWriter w)
    {
        w.Unsigned(Epoch);
        w.Bytes(PublicKey);
        w.Bytes(Signature);
    }

    public static EpochSigned Read(ref RecordReader r) => new(r.Unsigned(), r.Bytes(), r.Bytes());
}
