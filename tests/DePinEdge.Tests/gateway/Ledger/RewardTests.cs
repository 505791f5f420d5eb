using System.Numerics;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

public sealed class RewardTests
{
    [Theory]
    [InlineData(1_000_000, 1_000, 1_000_000, 1_000_000, 1_000)] // a million fuel earns the price
    [InlineData(999_999, 1_000, 1_000_000, 1_000_000, 999)]
    [InlineData(999_000, 1_000, 1_000_000, 1_000_000, 999)]
    [InlineData(998_999, 1_000, 1_000_000, 1_000_000, 998)]
    [InlineData(1, 1_000_000, 1_000_000, 1_000_000, 1)]
    [InlineData(1, 999_999, 1_000_000, 1_000_000, 0)]
    [InlineData(1_000_000, 1_000, 500_000, 1_000_000, 500)]
    [InlineData(1_000_000, 1_000, 1_000_000, 1_500_000, 1_500)]
    [InlineData(0, 1_000, 1_000_000, 1_000_000, 0)]
    [InlineData(1_000_000, 0, 1_000_000, 1_000_000, 0)]
    [InlineData(long.MaxValue, long.MaxValue, 0, 1_500_000, 0)]
    [InlineData(long.MaxValue, 1_000_000, 1_000_000, 1_000_000, long.MaxValue)] // the largest reward there is
    [InlineData(1_000_000, long.MaxValue, 1_000_000, 1_000_000, long.MaxValue)]
    public void Reward_is_the_formula(long fuel, long price, int quality, int timeliness, long expected) =>
        Assert.Equal(expected, Reward.Micro(fuel, price, quality, timeliness));

    [Fact]
    public void Rounding_happens_once_at_the_end()
    {
        // 3 fuel at 333,333: 0.999999; times 1.5 is 1.4999985. Rounding after each factor would give 0.
        Assert.Equal(1, Reward.Micro(3, 333_333, 1_000_000, 1_500_000));
        // 1.5 * 0.666667 is above 1 by a third of a millionth.
        Assert.Equal(1, Reward.Micro(1_000_000, 1, 666_667, 1_500_000));
        Assert.Equal(0, Reward.Micro(1_000_000, 1, 666_666, 1_500_000));
    }

    [Theory]
    [InlineData(long.MaxValue, 1_000_001, 1_000_000, 1_000_000)] // one above the largest reward
    [InlineData(long.MaxValue, 1_000_000, 1_000_000, 1_000_001)]
    [InlineData(long.MaxValue, long.MaxValue, 1_000_000, 1_500_000)] // overflows 128 bits
    [InlineData(-1, 1, 1_000_000, 1_000_000)]
    [InlineData(1, -1, 1_000_000, 1_000_000)]
    [InlineData(1, 1, -1, 1_000_000)]
    [InlineData(1, 1, 1_000_001, 1_000_000)]
    [InlineData(1, 1, 1_000_000, -1)]
    [InlineData(1, 1, 1_000_000, 1_500_001)]
    public void Reward_out_of_range_is_refused_and_never_wraps(long fuel, long price, int quality, int timeliness)
    {
        Assert.False(Reward.TryMicro(fuel, price, quality, timeliness, out var micro));
        Assert.Equal(0, micro);
        Assert.Throws<InvariantException>(() => Reward.Micro(fuel, price, quality, timeliness));
    }

    [Fact]
    public void Reward_agrees_with_big_integers_over_the_whole_range()
    {
        var random = new Random(20_261);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var fuel = random.NextInt64() >> random.Next(63);
            var price = random.NextInt64() >> random.Next(63);
            var quality = random.Next(1_000_001);
            var timeliness = random.Next(1_500_001);
            var exact = (BigInteger)fuel * price * quality * timeliness / BigInteger.Pow(10, 18);
            if (Reward.TryMicro(fuel, price, quality, timeliness, out var micro))
                Assert.Equal(exact, micro);
            else
            {
                refused++;
                Assert.True(exact > long.MaxValue);
            }
        }
        Assert.InRange(refused, 1, 19_999);
    }

    [Fact]
    public void Reservation_covers_every_batch_and_is_reached_by_the_dearest_one()
    {
        Assert.Equal(4_500, Reward.ReservationMicro(1_000_000, 1_000, 3));
        Assert.Equal(3 * Reward.Micro(1_000_000, 1_000, Reward.OnePpm, Reward.TimelinessMaxPpm), Reward.ReservationMicro(1_000_000, 1_000, 3));
        Assert.Equal(0, Reward.ReservationMicro(1, 1, 32)); // each task's part of a micro-credit is rounded away
        Assert.Equal(0, Reward.ReservationMicro(1_000_000, 0, 32));
        Assert.Equal(0, Reward.ReservationMicro(1_000_000, 1_000, 0));
    }

    [Fact]
    public void Reservation_is_refused_one_above_what_64_bits_hold()
    {
        // A task of 2/3 million fuel costs its price at most: 1.5 * 2/3.
        Assert.True(Reward.TryReservationMicro(2_000_000, 1, 3_074_457_345_618_258_602, out var most));
        Assert.Equal(9_223_372_036_854_775_806, most);
        Assert.False(Reward.TryReservationMicro(2_000_000, 1, 3_074_457_345_618_258_603, out _));
        Assert.False(Reward.TryReservationMicro(1, 1, -1, out _));
        Assert.Throws<InvariantException>(() => Reward.ReservationMicro(long.MaxValue, long.MaxValue, 1));
    }

    [Theory]
    [InlineData(500, 1_000, 1_000_000)] // at half the deadline: sqrt(1)
    [InlineData(499, 1_000, 1_001_001)] // sqrt(500/499) = 1.0010015...
    [InlineData(501, 1_000, 1_000_000)]
    [InlineData(1_000, 1_000, 1_000_000)]
    [InlineData(5_000, 1_000, 1_000_000)]
    [InlineData(2_000, 9_000, 1_500_000)] // two ninths: sqrt(0.5 * 4.5) = 1.5
    [InlineData(2_001, 9_000, 1_499_625)] // sqrt(4500/2001) = 1.49962514...
    [InlineData(1_999, 9_000, 1_500_000)]
    [InlineData(1, 1_000, 1_500_000)]
    [InlineData(0, 1_000, 1_500_000)]
    [InlineData(-5, 1_000, 1_500_000)]
    [InlineData(1, 0, 1_000_000)]
    [InlineData(1, long.MaxValue, 1_500_000)]
    [InlineData(long.MaxValue, long.MaxValue, 1_000_000)]
    public void Timeliness_is_the_root_within_its_bounds(long elapsedMs, long deadlineMs, int expectedPpm) =>
        Assert.Equal(expectedPpm, Reward.TimelinessPpm(elapsedMs, deadlineMs, 1_000_000));

    [Fact]
    public void Timeliness_is_for_devices_that_return_four_of_five_batches()
    {
        Assert.Equal(1_500_000, Reward.TimelinessPpm(1, 1_000, 800_000));
        Assert.Equal(1_000_000, Reward.TimelinessPpm(1, 1_000, 799_999));
    }

    [Fact]
    public void Timeliness_is_rounded_down_to_whole_ppm_everywhere()
    {
        for (var elapsed = 2_223; elapsed <= 5_000; elapsed++)
        {
            var ppm = (BigInteger)Reward.TimelinessPpm(elapsed, 10_000, 1_000_000);
            var square = BigInteger.Pow(10, 12) * 10_000 / (2 * elapsed);
            Assert.True(ppm * ppm <= square && (ppm + 1) * (ppm + 1) > square, $"{elapsed}");
        }
    }
}
