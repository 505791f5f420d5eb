// The ring against a plain list: what it holds, what it forgets, what it refuses.
using DePinEdge.Agent.Session;

namespace DePinEdge.Tests.Device.Agent.Session;

public class RecordRingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_ring_agrees_with_a_list(int seed)
    {
        const int capacity = 100, most = 7;
        var random = new Random(seed);
        var ring = new RecordRing(capacity, most);
        var held = new List<(long Key, byte Mark, byte[] Bytes)>();
        for (long key = 1; key <= 20_000; key++)
        {
            var bytes = new byte[random.Next(50)];
            random.NextBytes(bytes);
            var mark = random.Next(6) == 0 ? RecordRing.Waiting : RecordRing.Settled;
            var forgotten = ring.Forgotten;
            var added = ring.Add(key, key * 2, key * 3, mark, bytes, 0, bytes.Length);
            held.RemoveRange(0, ring.Forgotten - forgotten);
            if (added)
                held.Add((key, mark, bytes));
            else
            {
                // Only a record that is needed stands in the way: it is the oldest, and it waits.
                Assert.Equal(RecordRing.Waiting, held[0].Mark);
                ring.SetMark(ring.Find(held[0].Key), RecordRing.Settled);
                held[0] = held[0] with { Mark = RecordRing.Settled };
            }
            Assert.Equal(held.Count, ring.Count);
            Assert.True(held.Count <= most && held.Sum(h => h.Bytes.Length) <= capacity);
            foreach (var record in held)
            {
                var slot = ring.Find(record.Key);
                var copy = new byte[60];
                Assert.Equal(record.Bytes.Length, ring.CopyTo(slot, copy, 10));
                Assert.Equal(record.Bytes, copy[10..(10 + record.Bytes.Length)]);
                Assert.Equal((record.Key, record.Key * 2, record.Key * 3, record.Mark), (ring.KeyAt(slot), ring.TagAt(slot), ring.ExtraAt(slot), ring.MarkAt(slot)));
            }
            Assert.Equal(-1, ring.Find(key + 1));
            Assert.Equal(held.FirstOrDefault(h => h.Mark == RecordRing.Waiting).Key, ring.FindMark(RecordRing.Waiting) is var w && w < 0 ? 0 : ring.KeyAt(w));
        }
    }

    [Fact]
    public void A_record_as_large_as_the_ring_fits_and_a_larger_one_does_not()
    {
        var ring = new RecordRing(10, 4);
        Assert.True(ring.Add(1, 0, 0, RecordRing.Settled, new byte[3], 0, 3));
        Assert.False(ring.Add(2, 0, 0, RecordRing.Settled, new byte[11], 0, 11));
        Assert.Equal(1, ring.Count);
        Assert.True(ring.Add(2, 0, 0, RecordRing.Settled, new byte[10], 0, 10));
        Assert.Equal(1, ring.Count);
        Assert.Equal(-1, ring.CopyTo(ring.Find(2), new byte[9], 0));
    }
}
