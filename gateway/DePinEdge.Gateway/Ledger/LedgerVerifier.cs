using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// Re-derives everything from the turns alone (a store's or an export's) and reports what does not fit: numbers without gaps, the
/// chain over the stored bytes, every record's form, double entry and each transfer once (<see cref="NaiveLedger"/>), rewards from
/// the verdict lines, epoch roots, heads, promised audit secrets and signatures.
///
/// What it cannot see: a tail that is missing altogether (give it the heads that left the house), the time a turn was closed
/// (outside the chain), and whether outputs are right (that is a witness's work: it needs the programs and inputs).
/// </summary>
public sealed class LedgerVerifier
{
    /// <summary>Errors that are kept; more are only counted.</summary>
    public const int ErrorsKept = 20;

    private readonly List<string> errors = [];
    private readonly RecordChain chain = new();
    private readonly RecordWriter scratch = new();
    private readonly NaiveLedger books;
    private readonly List<byte[]> headsToFind = [];
    private readonly List<byte[]> epochHeads = [];
    private List<EpochLeaf> leaves = [];
    private byte[] epochRoot = [];
    private byte[] nextDrawHash = [];
    private byte[] siteKey = [];
    private long epochsSigned;
    private long lastEpochSigned;
    private long errorCount;
    private long turns;
    private long turn;
    private long record;
    private string ledgerId = "";
    private string site = "";

    private LedgerVerifier() => books = new NaiveLedger(Note);

    /// <summary>
    /// Verifies a whole history from turn 1. Damage is reported, never thrown; only what reading the turns itself throws
    /// (a stream's IOException) passes through. About 5 us a record.
    /// </summary>
    /// <param name="expectedHeads">
    /// Heads that left the house, of the record chain or of epochs, as 64 hexadecimal digits: each must stand somewhere in the history.
    /// </param>
    public static VerifyReport Verify(IEnumerable<Turn> turns, IReadOnlyList<string>? expectedHeads = null)
    {
        var verifier = new LedgerVerifier();
        foreach (var hex in expectedHeads ?? [])
            verifier.Expect(hex);
        try
        {
            foreach (var turn in turns)
                verifier.Add(turn);
        }
        catch (CorruptRecordException bad)
        {
            verifier.Note(bad.Message);
        }
        return verifier.Finish();
    }

    private void Expect(string hex)
    {
        var head = new byte[32];
        if (hex.Length == 64 && Convert.FromHexString(hex, head, out _, out _) == System.Buffers.OperationStatus.Done)
            headsToFind.Add(head);
        else
            Note($"'{hex}' is not a head: 64 hexadecimal digits are");
    }

    private void Add(Turn t)
    {
        record = 0;
        var turnBefore = turn;
        turn = t.Seq;
        if (turn != turnBefore + 1)
            Note($"turn {turn} follows turn {turnBefore}");
        turns++;
        if (t.FirstRecord != chain.Count + 1)
            Note($"the turn's first record is {t.FirstRecord}, {chain.Count} records came before");
        var before = chain.Count;
        try
        {
            RecordCodec.ForEach(t.Body, Add);
        }
        catch (CorruptRecordException bad)
        {
            Note($"the turn's body cannot be taken apart: {bad.Message}");
        }
        record = 0;
        if (chain.Count - before != t.RecordCount || t.RecordCount < 1)
            Note($"the turn announces {t.RecordCount} records and holds {chain.Count - before}");
        books.EndTurn();
        if (t.Head.AsSpan().SequenceEqual(chain.Head))
            return;
        Note($"the turn's head is {Convert.ToHexStringLower(t.Head)}, its records give {Convert.ToHexStringLower(chain.Head)}");
        if (t.Head.Length == 32)
            chain.Resume(chain.Count, t.Head); // so that one broken turn is one error, not one for each turn after it
    }

    private void Add(ReadOnlySpan<byte> stored)
    {
        record = chain.Count + 1;
        var headBefore = chain.Head;
        chain.Append(stored);
        if (headsToFind.Count > 0)
            Found(chain.Head);
        try
        {
            var decoded = RecordCodec.Read(stored);
            scratch.Clear();
            RecordCodec.Write(decoded, scratch);
            if (!scratch.Written.SequenceEqual(stored))
                Note($"the bytes of this {decoded.Code} are not those that its fields give");
            if (ledgerId.Length == 0 != decoded is LedgerOpened)
                Note($"a ledger is opened once, by its first record; this is {decoded.Code}");
            Judge(decoded, stored, headBefore);
        }
        catch (CorruptRecordException bad)
        {
            Note(bad.Message);
        }
        catch (InvariantException bad)
        {
            Note(bad.Message);
        }
    }

    private void Judge(DurableRecord decoded, ReadOnlySpan<byte> stored, byte[] headBefore)
    {
        switch (decoded)
        {
            case LedgerOpened r:
                ledgerId = r.LedgerId;
                site = r.Site;
                break;
            case DeviceJoined r:
                books.Joined(r);
                break;
            case JobSubmitted r:
                books.Submitted(r);
                break;
            case BatchDispatched r:
                books.Dispatched(r);
                break;
            case BatchJudged r:
                books.Judged(r);
                break;
            case LeaseEnded r:
                books.LeaseEnded(r);
                break;
            case JobEnded r:
                books.Ended(r);
                break;
            case Transferred r:
                books.Transfer(r, stored);
                break;
            case EpochSealed r:
                Sealed(r, headBefore);
                break;
            case EpochSigned r:
                Signed(r);
                break;
            default:
                break; // nothing of it concerns the books
        }
    }

    private void Sealed(EpochSealed r, byte[] headBefore)
    {
        if (r.Epoch != epochHeads.Count + 1)
            Note($"epoch {r.Epoch} is sealed after {epochHeads.Count} epochs");
        leaves = books.Seal(r.Epoch);
        epochRoot = MerkleTree.Of(leaves).Root;
        if (r.Accounts != leaves.Count || !r.Root.AsSpan().SequenceEqual(epochRoot))
            Note($"epoch {r.Epoch} is sealed over {r.Accounts} accounts with another root than the {leaves.Count} accounts of the history");
        var previous = epochHeads.Count > 0 ? epochHeads[^1] : new byte[32];
        if (!r.PreviousHead.AsSpan().SequenceEqual(previous))
            Note($"epoch {r.Epoch} names another head before it");
        if (!r.ChainHead.AsSpan().SequenceEqual(headBefore))
            Note($"epoch {r.Epoch} names another chain head than the records before it give");
        if (epochHeads.Count > 0 && !SHA256.HashData(r.DrawSecret).AsSpan().SequenceEqual(nextDrawHash))
            Note($"the audit secret of epoch {r.Epoch} is not the one that the epoch before promised");
        var head = EpochHead.Compute(ledgerId, r.Epoch, r.Accounts, r.Root, r.PreviousHead, r.ChainHead, r.NextDrawHash);
        if (!r.Head.AsSpan().SequenceEqual(head))
            Note($"the head of epoch {r.Epoch} is not the hash of its parts");
        nextDrawHash = r.NextDrawHash;
        epochHeads.Add(r.Head);
        Found(r.Head);
    }

    private void Signed(EpochSigned r)
    {
        if (r.Epoch <= lastEpochSigned || r.Epoch > epochHeads.Count)
        {
            Note($"epoch {r.Epoch} is signed after epoch {lastEpochSigned}, {epochHeads.Count} are sealed");
            return;
        }
        if (siteKey.Length > 0 && !r.PublicKey.AsSpan().SequenceEqual(siteKey))
            Note($"epoch {r.Epoch} is signed with another key than the epochs before");
        if (!EpochSignature.IsGood(r.PublicKey, epochHeads[(int)r.Epoch - 1], r.Signature))
            Note($"the signature of epoch {r.Epoch} does not fit its head");
        siteKey = siteKey.Length > 0 ? siteKey : r.PublicKey;
        lastEpochSigned = r.Epoch;
        epochsSigned++;
    }

    private VerifyReport Finish()
    {
        record = 0;
        books.EndHistory();
        foreach (var head in headsToFind)
            Note($"the head {Convert.ToHexStringLower(head)} left the house and is not in this history");
        return new VerifyReport
        {
            Errors = errors,
            ErrorCount = errorCount,
            LedgerId = ledgerId,
            Site = site,
            Turns = turns,
            Records = chain.Count,
            Transfers = books.Transfers,
            TasksPaid = books.TasksPaid,
            IssuedMicro = long.CreateSaturating(books.Issued),
            PostedMicro = long.CreateSaturating(books.Posted),
            ChargedMicro = long.CreateSaturating(books.Charged),
            HeadHex = Convert.ToHexStringLower(chain.Head),
            Epochs = epochHeads.Count,
            EpochsSigned = epochsSigned,
            LastEpochSigned = lastEpochSigned > 0 && lastEpochSigned == epochHeads.Count,
            SiteKeyHex = Convert.ToHexStringLower(siteKey),
            EpochRootHex = Convert.ToHexStringLower(epochRoot),
            EpochHeadHex = epochHeads.Count > 0 ? Convert.ToHexStringLower(epochHeads[^1]) : "",
            Balances = books.Balances(),
            Leaves = leaves,
        };
    }

    private void Found(byte[] head) => headsToFind.RemoveAll(wanted => wanted.AsSpan().SequenceEqual(head));

    private void Note(string what)
    {
        errorCount++;
        if (errors.Count == ErrorsKept)
            return;
        var where = (turn, record) switch
        {
            (0, 0) => "",
            (_, 0) => $"turn {turn}: ",
            _ => $"turn {turn}, record {record}: ",
        };
        errors.Add(where + what);
    }
}
