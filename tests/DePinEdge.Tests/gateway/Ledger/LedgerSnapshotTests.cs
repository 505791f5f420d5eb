using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

public sealed class LedgerSnapshotTests
{
    [Fact]
    public void Replay_from_every_snapshot_gives_the_bytes_of_the_live_state()
    {
        using var h = LedgerHistory.Whole();
        var live = h.Snapshot();
        for (var cut = 1; cut <= h.Records.Count; cut++)
        {
            var first = new LedgerStage();
            foreach (var record in h.Records.Take(cut))
                first.Apply(record);
            var bytes = LedgerHistory.SnapshotOf(first);
            var second = Restore(bytes);
            Assert.Equal(bytes, LedgerHistory.SnapshotOf(second));
            foreach (var record in h.Records.Skip(cut))
                second.Apply(record);
            Assert.Equal(live, LedgerHistory.SnapshotOf(second));
        }
    }

    [Fact]
    public void Restored_books_answer_like_the_live_ones()
    {
        using var h = LedgerHistory.Whole();
        var copy = Restore(h.Snapshot());
        Assert.Equal(h.Stage.Accounts(), copy.Accounts());
        Assert.Equal((h.Stage.IssuedMicro, h.Stage.PostedMicro, h.Stage.EscrowMicro, h.Stage.ReservedMicro),
            (copy.IssuedMicro, copy.PostedMicro, copy.EscrowMicro, copy.ReservedMicro));
        Assert.Equal((2, true), (copy.Epoch, copy.EpochSigned));
        Assert.Equal(h.Stage.EpochHead, copy.EpochHead);
        Assert.Equal(h.Stage.EpochRoot, copy.EpochRoot);
        Assert.Equal((h.Stage.Site, h.Stage.LedgerId), (copy.Site, copy.LedgerId));
        Assert.Equal(2_000, copy.EarnedMicro(LedgerHistory.Device(1)));
        Assert.True(copy.HasHappened(TransferKind.Post, 1, "dev:esp32-01:held"));
    }

    [Fact]
    public void Equal_states_reached_on_different_ways_have_equal_bytes()
    {
        using var a = LedgerHistory.Open(devices: 0);
        using var b = LedgerHistory.Open(devices: 0);
        foreach (var i in new[] { 1, 2, 3 })
            a.Join(LedgerHistory.Device(i));
        foreach (var i in new[] { 3, 1, 2 })
            b.Join(LedgerHistory.Device(i));
        Assert.Equal(a.Snapshot(), b.Snapshot());
    }

    [Fact]
    public void Settled_jobs_and_batches_leave_nothing_behind()
    {
        using var h = LedgerHistory.Open();
        var small = 0;
        for (var i = 0; i < 300; i++)
        {
            var job = h.Submit(1, 1_000, 1_000_000);
            h.Judge(h.Dispatch(job, LedgerHistory.Device(1), 0), job, LedgerHistory.Device(1), LedgerHistory.Paid(0, 1_000_000));
            h.EndJob(job, JobState.Completed);
            small = i == 200 ? h.Snapshot().Length : small;
        }
        Assert.Equal(small, h.Snapshot().Length);
    }

    [Fact]
    public void Snapshot_cut_anywhere_is_refused_as_corrupt()
    {
        var bytes = Open();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<CorruptRecordException>(() => Restore(bytes[..length]));
    }

    [Fact]
    public void Snapshot_with_any_byte_changed_is_read_or_refused_as_corrupt()
    {
        var bytes = Open();
        var refused = 0;
        for (var at = 0; at < bytes.Length; at++)
            foreach (var flip in new byte[] { 1, 0x80, 0xFF })
            {
                var changed = (byte[])bytes.Clone();
                changed[at] ^= flip;
                try
                {
                    Restore(changed);
                }
                catch (CorruptRecordException)
                {
                    refused++;
                }
            }
        Assert.True(refused > bytes.Length, $"{refused} of {bytes.Length * 3}");
    }

    [Fact]
    public void Snapshot_of_another_version_is_refused_by_name()
    {
        var bytes = Open();
        bytes[0] = 2;
        Assert.Contains("version 2", Assert.Throws<CorruptRecordException>(() => Restore(bytes)).Message, StringComparison.Ordinal);
    }

    /// <summary>A state with an open job and open batches, one of them half settled.</summary>
    private static byte[] Open()
    {
        using var h = LedgerHistory.Whole();
        var job = h.Submit(4, 1_000, 1_000_000);
        h.Dispatch(job, LedgerHistory.Device(1), 0);
        var batch = h.Dispatch(job, LedgerHistory.Device(2), 1, 2);
        h.Emit(new BatchJudged(batch, job, LedgerHistory.Device(2), 1_000_000, 1_000_000, 1_000_000, [LedgerHistory.Paid(1, 500_000)]));
        return h.Snapshot();
    }

    private static LedgerStage Restore(byte[] bytes)
    {
        var stage = new LedgerStage();
        var reader = new RecordReader(bytes);
        stage.ReadSnapshot(ref reader);
        reader.End();
        return stage;
    }
}
