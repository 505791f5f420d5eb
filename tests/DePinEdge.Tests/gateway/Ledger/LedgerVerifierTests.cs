using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

public sealed class LedgerVerifierTests : IDisposable
{
    private readonly LedgerHistory h = LedgerHistory.Whole();

    public void Dispose() => h.Dispose();

    [Fact]
    public void Whole_history_verifies_and_its_figures_are_re_derived()
    {
        var report = LedgerVerifier.Verify(h.Turns);
        Assert.Equal([], report.Errors);
        Assert.True(report.Ok);
        Assert.Equal(("home", "00112233445566778899aabbccddeeff"), (report.Site, report.LedgerId));
        Assert.Equal((h.Turns.Count, h.Records.Count), (report.Turns, report.Records));
        Assert.Equal(h.Records.OfType<Transferred>().Count(), report.Transfers);
        Assert.Equal(6, report.TasksPaid); // four of the priced job, two of the free one
        Assert.Equal((1_000_000_000, 4_000, 4_000), (report.IssuedMicro, report.PostedMicro, report.ChargedMicro));
        Assert.Equal((2, 2, true), (report.Epochs, report.EpochsSigned, report.LastEpochSigned));
        Assert.Equal(Convert.ToHexStringLower(h.Head), report.HeadHex);
        Assert.Equal(Convert.ToHexStringLower(h.Stage.EpochHead), report.EpochHeadHex);
        Assert.Equal(Convert.ToHexStringLower(h.Stage.EpochRoot), report.EpochRootHex);
        Assert.Equal(Convert.ToHexStringLower(h.PublicKey), report.SiteKeyHex);
        Assert.Contains(new AccountBalance("dev:esp32-01", 2_000), report.Balances);
        Assert.True(Statement.For("dev:esp32-03", report.Leaves)!.IsUnder(h.Stage.EpochRoot));
    }

    [Fact]
    public void No_history_at_all_is_no_error()
    {
        var report = LedgerVerifier.Verify([]);
        Assert.True(report.Ok);
        Assert.Equal((0, 0, 0), (report.Turns, report.Records, report.Epochs));
    }

    [Fact]
    public void Heads_that_left_the_house_are_found_wherever_they_stand_and_missed_when_the_tail_is_gone()
    {
        var heads = h.Turns.Select(t => Convert.ToHexStringLower(t.Head)).Append(Convert.ToHexStringLower(h.Stage.EpochHead)).ToArray();
        Assert.True(LedgerVerifier.Verify(h.Turns, heads).Ok);
        Assert.True(LedgerVerifier.Verify(h.Turns, [heads[3].ToUpperInvariant()]).Ok);

        var shorter = h.Turns.Take(h.Turns.Count - 1).ToList();
        Assert.True(LedgerVerifier.Verify(shorter).Ok); // nothing in it contradicts itself
        var report = LedgerVerifier.Verify(shorter, [heads[^2]]);
        Assert.Contains($"the head {heads[^2]} left the house", Assert.Single(report.Errors), StringComparison.Ordinal);
        Assert.Contains("is not a head", Assert.Single(LedgerVerifier.Verify(h.Turns, ["abc"]).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Byte_changed_in_any_body_is_found_in_its_turn()
    {
        foreach (var (turn, index) in h.Turns.Select((t, i) => (t, i)))
            for (var at = index % 5; at < turn.Body.Length; at += 5) // a fifth of the bytes: each costs a whole verification
            {
                var body = (byte[])turn.Body.Clone();
                body[at] ^= (byte)(1 << (at % 8));
                var changed = h.Turns.ToList();
                changed[index] = turn with { Body = body };
                var report = LedgerVerifier.Verify(changed);
                Assert.Contains(report.Errors, e => e.StartsWith($"turn {turn.Seq}", StringComparison.Ordinal));
            }
    }

    [Fact]
    public void Broken_turn_is_reported_once_and_not_for_every_turn_after_it()
    {
        var changed = h.Turns.ToList();
        changed[0] = changed[0] with { Head = new byte[32] };
        var report = LedgerVerifier.Verify(changed);
        Assert.All(report.Errors, e => Assert.True(e.StartsWith("turn 1:", StringComparison.Ordinal) || e.StartsWith("turn 2:", StringComparison.Ordinal)
            || e.Contains("chain head", StringComparison.Ordinal), e));
    }

    [Fact]
    public void Turns_dropped_doubled_or_swapped_are_found()
    {
        for (var i = 0; i < h.Turns.Count; i++)
        {
            if (i < h.Turns.Count - 1)
                Assert.Contains($"turn {i + 2}: turn {i + 2} follows turn {i}", Without(i), StringComparison.Ordinal);
            Assert.Contains($"turn {i + 1} follows turn {i + 1}", FirstError([.. h.Turns.Take(i + 1), h.Turns[i], .. h.Turns.Skip(i + 1)]), StringComparison.Ordinal);
            if (i > 0)
                Assert.Contains($"turn {i + 1} follows turn {i - 1}",
                    FirstError([.. h.Turns.Take(i - 1), h.Turns[i], h.Turns[i - 1], .. h.Turns.Skip(i + 1)]), StringComparison.Ordinal);
        }

        string Without(int i) => FirstError([.. h.Turns.Where((_, n) => n != i)]);
    }

    [Fact]
    public void Numbers_around_the_records_are_checked()
    {
        Finds(With(2, t => t with { FirstRecord = t.FirstRecord + 1 }), "turn 3: the turn's first record is");
        Finds(With(2, t => t with { RecordCount = t.RecordCount + 1 }), "turn 3: the turn announces");
        Finds(With(2, t => t with { Head = [] }), "turn 3: the turn's head is");

        List<Turn> With(int which, Func<Turn, Turn> change) => [.. h.Turns.Select((t, i) => i == which ? change(t) : t)];
    }

    [Fact]
    public void Every_single_record_left_out_with_the_chain_recomputed_is_found()
    {
        // The last record is the one exception: a shorter history contradicts nothing but the heads that left the house.
        for (var i = 0; i < h.Records.Count - 1; i++)
        {
            var n = 0;
            var report = LedgerVerifier.Verify(Tampering.Drop(h.Turns, _ => n++ == i));
            Assert.False(report.Ok, $"record {i + 1}, {h.Records[i].Code}, was left out unseen");
        }
    }

    [Fact]
    public void Every_two_neighbours_swapped_and_every_record_doubled_with_the_chain_recomputed_are_found()
    {
        var flat = Tampering.Split(h.Turns).SelectMany((turn, t) => turn.Select(bytes => (t, bytes))).ToList();
        for (var i = 0; i < flat.Count; i++)
        {
            var doubled = flat.ToList();
            doubled.Insert(i, flat[i]);
            Assert.False(Verify(doubled).Ok, $"record {i + 1}, {h.Records[i].Code}, was doubled unseen");
            if (i + 1 == flat.Count)
                continue;
            var swapped = flat.ToList();
            (swapped[i], swapped[i + 1]) = ((flat[i].t, flat[i + 1].bytes), (flat[i + 1].t, flat[i].bytes));
            Assert.False(Verify(swapped).Ok, $"records {i + 1} and {i + 2}, {h.Records[i].Code}, were swapped unseen");
        }

        static VerifyReport Verify(List<(int t, byte[] bytes)> records) =>
            LedgerVerifier.Verify(Tampering.Rebuild(records.GroupBy(r => r.t).Select(g => g.Select(r => r.bytes).ToList())));
    }

    [Fact]
    public void Forged_books_are_found_by_what_they_say_even_when_every_hash_is_recomputed()
    {
        // Without the last two turns (seal and signature), so that no sealed head gives the forger away.
        var turns = h.Turns.Take(h.Turns.Count - 2).ToList();
        Assert.True(LedgerVerifier.Verify(turns).Ok);

        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Post), t => t with { AmountMicro = t.AmountMicro + 1 }), "posts 2001, the verdict's lines earn 2000");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Post), t => t with { Credit = "dev:esp32-01:held" }), "it belongs from sys:reserve:j1 to dev:esp32-03:held");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Post), t => t with { Debit = "sys:escrow:j1" }), "goes from sys:escrow:j1");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Post), t => t with { Kind = TransferKind.Release }), "Release 3");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Post), t => t with { Kind = (TransferKind)9 }), "has the kind 9");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Post), t => t with { Reference = 2 }), "Post 2: the batch is not open");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Post), t => t with { AmountMicro = 0 }), "moves 0");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Return), t => t with { AmountMicro = t.AmountMicro - 1 }), "is left of the reservation once");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Reserve), t => t with { AmountMicro = 1_000_000 }), "leaves -");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Refund), t => t with { AmountMicro = t.AmountMicro - 1 }), "job j1 ended:");
        Finds(Tampering.Replace<Transferred>(turns, Last(TransferKind.Refund), t => t with { Credit = "req:bob" }), "Refund 1 goes from");
        Finds(Tampering.Replace<Transferred>(turns, First(TransferKind.Issue), t => t with { Credit = "dev:esp32-01" }), "it belongs from sys:treasury to req:NAME");
        Finds(Tampering.Replace<Transferred>(turns, First(TransferKind.Issue), t => t with { Reference = 2 }), "comes after issue 0");
        Finds(Tampering.Replace<Transferred>(turns, First(TransferKind.Escrow), t => t with { AmountMicro = t.AmountMicro + 1 }), "the job says");

        Finds(Tampering.Replace<JobSubmitted>(turns, 0, r => r with { PriceMicro = 999 }), "the verdict's lines earn 1998");
        Finds(Tampering.Replace<JobSubmitted>(turns, 0, r => r with { FuelLimit = 999_999 }), "is paid for 1000000 fuel, the limit is 999999");
        Finds(Tampering.Replace<JobSubmitted>(turns, 0, r => r with { EscrowMicro = r.EscrowMicro + 1 }), "went into escrow");
        Finds(Tampering.Replace<JobSubmitted>(turns, 0, r => r with { Requester = "bob" }), "Escrow 1 goes from req:ada");
        Finds(Tampering.Replace<JobSubmitted>(turns, 0, r => r with { TaskCount = 4 }), "has task 4, job j1 has 4");
        Finds(Tampering.Replace<JobSubmitted>(turns, 1, r => r with { Job = new JobId(1) }), "job j1 comes after j1");

        Finds(Tampering.Replace<BatchDispatched>(turns, 2, r => r with { Device = LedgerHistory.Device(2) }), "went to esp32-02, the verdict names j1 and esp32-03");
        Finds(Tampering.Replace<BatchDispatched>(turns, 2, r => r with { Device = new DeviceId("ghost") }), "goes to ghost, which never joined");
        Finds(Tampering.Replace<BatchDispatched>(turns, 2, r => r with { Tasks = [1, 4] }), "did not contain task 3");
        Finds(Tampering.Replace<BatchDispatched>(turns, 2, r => r with { Batch = new BatchId(2) }), "batch b2 comes after b2");
        Finds(Tampering.Replace<BatchDispatched>(turns, 2, r => r with { Job = new JobId(9) }), "job j9, which was never submitted");

        Finds(Tampering.Replace<BatchJudged>(turns, 1, r => r with { Lines = [LedgerHistory.Paid(1, 1_000_000), LedgerHistory.Paid(3, 999_000)] }), "the verdict's lines earn 1999");
        Finds(Tampering.Replace<BatchJudged>(turns, 1, r => r with { QualityPpm = 999_000 }), "the verdict's lines earn 1998");
        Finds(Tampering.Replace<BatchJudged>(turns, 1, r => r with { QualityPpm = 1_000_001 }), "has the factors");
        Finds(Tampering.Replace<BatchJudged>(turns, 1, r => r with { TimelinessPpm = 1_500_001 }), "has the factors");
        Finds(Tampering.Replace<BatchJudged>(turns, 1, r => r with { AuditPpm = 1_000_001 }), "has the factors");
        Finds(Tampering.Replace<BatchJudged>(turns, 1, r => r with { Batch = new BatchId(1) }), "batch b1 is judged but not open");
        Finds(Tampering.Replace<LeaseEnded>(turns, 0, r => r with { Batch = new BatchId(1) }), "the lease of b1 ends but is not open");
        Finds(Tampering.Replace<JobEnded>(turns, 1, r => r with { State = JobState.Completed }), "job j1 is complete with 4 of 6 tasks paid");
        Finds(Tampering.Replace<JobEnded>(turns, 1, r => r with { State = JobState.Running }), "job j1 ends as Running");
        Finds(Tampering.Replace<JobEnded>(turns, 1, r => r with { Job = new JobId(2) }), "job j2 ends but does not run");
        Finds(Tampering.Replace<LedgerOpened>(turns, 0, r => r with { LedgerId = "ff" }), "the head of epoch 1 is not the hash of its parts");
        Finds(Tampering.Replace<DeviceJoined>(turns, 2, r => r with { Device = new DeviceId("esp32-04") }), "esp32-03, which never joined");
        Finds(Tampering.Replace<DeviceJoined>(turns, 2, r => r with { Device = new DeviceId("ESP32") }), "a device is named 'ESP32'");

        Finds(Tampering.Drop(turns, r => r is Transferred { Kind: TransferKind.Release }), "which was not released");
        Finds(Tampering.Drop(turns, r => r is Transferred { Kind: TransferKind.Refund }), "ended: 18000 escrowed, 0 refunded");
        Finds(Tampering.Drop(turns, r => r is Transferred { Kind: TransferKind.Post }), "2000 is due, 0 posted");
        Finds(Tampering.Drop(turns, r => r is Transferred { Kind: TransferKind.Return }), "is closed, but of");

        int First(TransferKind kind) => turns.SelectMany(Transfers).ToList().FindIndex(t => t.Kind == kind);
        int Last(TransferKind kind) => turns.SelectMany(Transfers).ToList().FindLastIndex(t => t.Kind == kind);
    }

    [Fact]
    public void Task_that_is_paid_twice_is_found_whatever_batches_it_came_in()
    {
        var job = h.Submit(2, priceMicro: 1_000, fuelLimit: 1_000_000);
        var one = h.Dispatch(job, LedgerHistory.Device(1), 0);
        h.EndTurn();
        h.Judge(one, job, LedgerHistory.Device(1), LedgerHistory.Paid(0, 1_000_000));
        h.EndTurn();
        Assert.True(LedgerVerifier.Verify(h.Turns).Ok);
        var two = h.Dispatch(job, LedgerHistory.Device(2), 0);
        h.Judge(two, job, LedgerHistory.Device(2), LedgerHistory.Paid(0, 1_000_000));
        h.EndTurn();
        Finds(h.Turns, "task 0 of j3 is paid a second time, in batch b6");
    }

    [Fact]
    public void Sealed_epoch_is_checked_part_by_part()
    {
        Finds(Reseal(r => r with { Epoch = 3 }), "epoch 3 is sealed after 1 epochs");
        Finds(Reseal(r => r with { Root = new byte[32] }), "with another root");
        Finds(Reseal(r => r with { Accounts = r.Accounts + 1 }), "is sealed over 5 accounts");
        Finds(Reseal(r => r with { PreviousHead = new byte[32] }), "names another head before it");
        Finds(Reseal(r => r with { ChainHead = new byte[32] }), "names another chain head");
        Finds(Reseal(r => r with { DrawSecret = new byte[32] }), "is not the one that the epoch before promised");
        Finds(Reseal(r => r with { NextDrawHash = new byte[32] }), "the signature of epoch 2 does not fit its head");
        Finds(Tampering.Replace<EpochSealed>(h.Turns, 1, r => r with { Head = new byte[32] }), "is not the hash of its parts");

        // Everything is made to fit again but the signature, for which one needs the key.
        List<Turn> Reseal(Func<EpochSealed, EpochSealed> change) => Tampering.Replace<EpochSealed>(h.Turns, 1, r =>
        {
            r = change(r);
            return r with { Head = EpochHead.Compute(h.Stage.LedgerId, r.Epoch, r.Accounts, r.Root, r.PreviousHead, r.ChainHead, r.NextDrawHash) };
        });
    }

    [Fact]
    public void Signatures_are_checked_and_one_key_signs_a_ledger()
    {
        Finds(Tampering.Replace<EpochSigned>(h.Turns, 1, r => Flip(r, 5)), "the signature of epoch 2 does not fit its head");
        Finds(Tampering.Replace<EpochSigned>(h.Turns, 1, r => r with { Signature = [] }), "the signature of epoch 2 does not fit its head");
        Finds(Tampering.Replace<EpochSigned>(h.Turns, 1, r => r with { PublicKey = [1, 2, 3] }), "is signed with another key");
        Finds(Tampering.Replace<EpochSigned>(h.Turns, 1, r => r with { Epoch = 1 }), "epoch 1 is signed after epoch 1");
        Finds(Tampering.Replace<EpochSigned>(h.Turns, 1, r => r with { Epoch = 3 }), "epoch 3 is signed after epoch 1");

        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Finds(Tampering.Replace<EpochSigned>(h.Turns, 1, r => r with { PublicKey = thief.ExportSubjectPublicKeyInfo(), Signature = thief.SignHash(h.Stage.EpochHead) }),
            "epoch 2 is signed with another key than the epochs before");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.False(EpochSignature.IsGood(other.ExportSubjectPublicKeyInfo(), new byte[32], other.SignHash(new byte[32])));
        Assert.False(EpochSignature.IsGood([], new byte[32], new byte[64]));
        Assert.True(EpochSignature.IsGood(h.PublicKey, h.Stage.EpochHead, h.Sign(h.Stage.EpochHead)));
        Assert.False(EpochSignature.IsGood(h.PublicKey, new byte[32], h.Sign(h.Stage.EpochHead)));

        static EpochSigned Flip(EpochSigned r, int at)
        {
            var signature = (byte[])r.Signature.Clone();
            signature[at] ^= 1;
            return r with { Signature = signature };
        }
    }

    [Fact]
    public void Missing_signature_is_no_error_and_is_reported()
    {
        h.Seal(sign: false);
        var report = LedgerVerifier.Verify(h.Turns);
        Assert.True(report.Ok);
        Assert.Equal((3, 2, false), (report.Epochs, report.EpochsSigned, report.LastEpochSigned));
    }

    [Fact]
    public void Only_the_first_twenty_errors_are_kept_and_all_are_counted()
    {
        var split = Tampering.Split(h.Turns);
        foreach (var turn in split)
            turn.AddRange(Enumerable.Repeat(Tampering.Bytes(new JobEnded(new JobId(77), JobState.Failed)), 10));
        var report = LedgerVerifier.Verify(Tampering.Rebuild(split));
        Assert.Equal(LedgerVerifier.ErrorsKept, report.Errors.Count);
        Assert.True(report.ErrorCount >= 10 * split.Count);
        Assert.StartsWith("turn 1, record 5: job j77", report.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_with_the_chain_recomputed_never_throws()
    {
        var random = new Random(7);
        var unseen = 0;
        for (var i = 0; i < 500; i++)
        {
            var split = Tampering.Split(h.Turns);
            var turn = split[random.Next(split.Count - 2)];
            var record = turn[random.Next(turn.Count)];
            record[random.Next(record.Length)] = (byte)random.Next(256);
            unseen += LedgerVerifier.Verify(Tampering.Rebuild(split)).Ok ? 1 : 0;
        }
        Assert.InRange(unseen, 0, 15); // where the byte drawn was the byte there
    }

    [Fact]
    public void Damage_of_an_export_is_reported_like_any_other()
    {
        using var stream = new MemoryStream();
        LedgerExport.Write(stream, h.Turns);
        var bytes = stream.ToArray();
        Assert.True(LedgerVerifier.Verify(LedgerExport.Read(new MemoryStream(bytes))).Ok);
        var report = LedgerVerifier.Verify(LedgerExport.Read(new MemoryStream(bytes[..^40])));
        Assert.Contains("export, turn", Assert.Single(report.Errors), StringComparison.Ordinal);
    }

    private static IEnumerable<Transferred> Transfers(Turn turn)
    {
        var found = new List<Transferred>();
        RecordCodec.ForEach(turn.Body, bytes =>
        {
            if (RecordCodec.Read(bytes) is Transferred t)
                found.Add(t);
        });
        return found;
    }

    private static string FirstError(IEnumerable<Turn> turns) => LedgerVerifier.Verify(turns).Errors[0];

    private static void Finds(IEnumerable<Turn> turns, string what) =>
        Assert.Contains(LedgerVerifier.Verify(turns).Errors, e => e.Contains(what, StringComparison.Ordinal) && e.StartsWith("turn ", StringComparison.Ordinal));
}
