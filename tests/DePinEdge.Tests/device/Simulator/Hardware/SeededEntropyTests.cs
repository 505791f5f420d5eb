using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Device.Simulator.Hardware;

public class SeededEntropyTests
{
    [Fact]
    public void A_seed_gives_the_same_bytes_again_and_another_seed_gives_others()
    {
        Assert.Equal(Bytes(1, 64), Bytes(1, 64));
        Assert.NotEqual(Bytes(1, 64), Bytes(2, 64));
    }

    [Fact]
    public void Bytes_do_not_repeat_and_look_even()
    {
        var counts = new int[256];
        foreach (var b in Bytes(3, 256 * 256))
            counts[b]++;
        Assert.InRange(counts.Min(), 190, 256);
        Assert.InRange(counts.Max(), 256, 330);
    }

    [Fact]
    public void Nothing_outside_the_range_is_touched()
    {
        var buffer = new byte[16];
        new SeededEntropy(1).Fill(buffer, 3, 10);
        Assert.Equal([0, 0, 0], buffer[..3]);
        Assert.Equal([0, 0, 0], buffer[13..]);
        Assert.Contains(buffer[3..13], b => b != 0);
    }

    private static byte[] Bytes(ulong seed, int count)
    {
        var bytes = new byte[count];
        new SeededEntropy(seed).Fill(bytes, 0, count);
        return bytes;
    }
}
