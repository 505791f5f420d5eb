using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Device.Simulator;

public class BackOffTests
{
    [Fact]
    public void Waits_double_up_to_the_limit_and_stay_within_half_and_whole()
    {
        var backOff = new BackOff(100, 1_000, new SeededEntropy(1));
        foreach (var whole in (int[])[100, 200, 400, 800, 1_000, 1_000])
            Assert.InRange(backOff.NextMs(), whole / 2, whole);
        for (var i = 0; i < 100; i++)
            Assert.InRange(backOff.NextMs(), 500, 1_000);
    }

    [Fact]
    public void A_good_connection_starts_it_again()
    {
        var backOff = new BackOff(100, 1_000, new SeededEntropy(1));
        for (var i = 0; i < 10; i++)
            backOff.NextMs();
        backOff.Reset();
        Assert.InRange(backOff.NextMs(), 50, 100);
    }

    [Fact]
    public void Boards_with_different_seeds_spread_out()
    {
        var waits = Enumerable.Range(0, 100).Select(i => new BackOff(1_000, 1_000, new SeededEntropy((ulong)i)).NextMs()).ToList();
        Assert.True(waits.Distinct().Count() > 80);
        Assert.InRange(waits.Average(), 700, 800);
    }
}
