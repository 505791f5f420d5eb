using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Verification;

namespace DePinEdge.Tests.Gateway.Verification;

/// <summary>Strikes at and past each of their limits.</summary>
public class StandingTableTests
{
    private const long T0 = 1_795_330_000_000;
    private static readonly DeviceId Board = new("esp32-01");
    private readonly StandingTable table = new();

    [Theory]
    [InlineData(0, Standing.Fresh)]
    [InlineData(1, Standing.Marked)]
    [InlineData(2, Standing.Marked)]
    [InlineData(3, Standing.Throttled)]
    [InlineData(32, Standing.Throttled)]
    public void Three_wrong_results_throttle(int wrong, Standing expected)
    {
        Judge(T0, wrong, 0);
        Assert.Equal(expected, table.StandingOf(Board));
        Assert.Equal(Math.Min(wrong, StandingTable.StrikesMax), table.StrikesOf(Board));
    }

    [Theory]
    [InlineData(49, Standing.Fresh)]
    [InlineData(50, Standing.Proven)]
    [InlineData(51, Standing.Proven)]
    public void Fifty_right_results_prove_a_device(int right, Standing expected)
    {
        Judge(T0, 0, right);
        Assert.Equal(expected, table.StandingOf(Board));
    }

    [Theory]
    [InlineData(1, 49, 1)]
    [InlineData(1, 50, 0)]
    [InlineData(3, 49, 3)]
    [InlineData(3, 50, 2)]
    [InlineData(32, 149, 3)]
    [InlineData(32, 150, 2)]
    public void Fifty_right_results_in_a_row_take_one_strike_away(int wrong, int right, int strikes)
    {
        Judge(T0, wrong, 0);
        for (var i = 0; i < right; i++)
            Judge(T0, 0, 1);
        Assert.Equal(strikes, table.StrikesOf(Board));
    }

    [Fact]
    public void A_wrong_result_starts_the_row_anew()
    {
        Judge(T0, 1, 0);
        Judge(T0, 0, 49);
        Judge(T0, 1, 0);
        Judge(T0, 0, 49);
        Assert.Equal(2, table.StrikesOf(Board));
        Judge(T0, 0, 1);
        Assert.Equal(1, table.StrikesOf(Board));
    }

    [Fact]
    public void Right_results_beside_a_wrong_one_do_not_count()
    {
        for (var batch = 0; batch < 3; batch++)
            Judge(T0, 1, 31);
        Assert.Equal(Standing.Throttled, table.StandingOf(Board));
    }

    [Fact]
    public void One_large_batch_takes_away_as_much_as_many_small_ones()
    {
        Judge(T0, 2, 0);
        Judge(T0, 0, 99);
        Assert.Equal((1, 49), (table.StrikesOf(Board), table.RightInRowOf(Board)));
        Judge(T0, 0, 32);
        Assert.Equal((0, 31), (table.StrikesOf(Board), table.RightInRowOf(Board)));
    }

    [Fact]
    public void A_task_given_up_says_nothing_about_the_device()
    {
        Judge(T0, ReasonCode.Abandoned, ReasonCode.Abandoned, ReasonCode.Abandoned);
        Assert.Equal(Standing.Fresh, table.StandingOf(Board));
        Judge(T0, 0, 50);
        Judge(T0, ReasonCode.Abandoned);
        Assert.Equal(Standing.Proven, table.StandingOf(Board));
    }

    [Fact]
    public void Each_wrong_canary_doubles_the_wait_up_to_64_seconds_and_a_right_one_ends_it()
    {
        Judge(T0, 3, 0);
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 64, 64])
        {
            Assert.Equal(seconds * 1_000, table.CanaryWaitMs(Board, T0));
            Assert.Equal(1, table.CanaryWaitMs(Board, T0 + (seconds * 1_000) - 1));
            Assert.Equal(0, table.CanaryWaitMs(Board, T0 + (seconds * 1_000)));
            Judge(T0, 1, 0);
        }
        Judge(T0, 0, 1);
        Assert.Equal(0, table.CanaryWaitMs(Board, T0));
        Judge(T0, 1, 0);
        Assert.Equal(1_000, table.CanaryWaitMs(Board, T0));
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_close_the_way_back()
    {
        Judge(T0, 3, 0);
        Assert.Equal(0, table.CanaryWaitMs(Board, T0 - 86_400_000));
    }

    [Fact]
    public void A_device_that_is_not_throttled_never_waits()
    {
        Judge(T0, 2, 0);
        Assert.Equal(0, table.CanaryWaitMs(Board, T0));
        Assert.Equal(0, table.CanaryWaitMs(new DeviceId("nobody"), T0));
    }

    [Fact]
    public void A_snapshot_holds_all_of_it()
    {
        Judge(T0, 4, 0);
        Judge(T0 + 5, 1, 0);
        Judge(T0 + 6, new DeviceId("pi-01"), ReasonCode.Paid);
        var bytes = Snapshot(table);
        var reader = new RecordReader(bytes);
        var read = new StandingTable();
        read.ReadSnapshot(ref reader);
        reader.End();
        Assert.Equal(bytes, Snapshot(read));
        Assert.Equal(table.CanaryWaitMs(Board, T0 + 5), read.CanaryWaitMs(Board, T0 + 5));
        Assert.Equal(5, read.StrikesOf(Board));
        Assert.Equal(1, read.RightInRowOf(new DeviceId("pi-01")));
    }

    private static byte[] Snapshot(StandingTable table)
    {
        var w = new RecordWriter();
        table.WriteSnapshot(w);
        return w.Written.ToArray();
    }

    private void Judge(long utcMs, int wrong, int right) =>
        Judge(utcMs, [.. Enumerable.Repeat(ReasonCode.WrongOutput, wrong), .. Enumerable.Repeat(ReasonCode.Paid, right)]);

    private void Judge(long utcMs, params ReasonCode[] reasons) => Judge(utcMs, Board, reasons);

    private void Judge(long utcMs, DeviceId device, params ReasonCode[] reasons) =>
        table.Apply(new BatchJudged(new BatchId(1), new JobId(1), device, 1_000_000, 1_000_000, 1_000_000,
            [.. reasons.Select((reason, i) => new TaskVerdict(i, reason, 0, 0, 1, []))])
        { UtcMs = utcMs });
}
