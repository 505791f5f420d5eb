using DePinEdge.Gateway.Host.Commands.Demo;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public class PrimeCountTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(10, 4)]
    [InlineData(100_000, 9_592)]
    [InlineData(1_000_000, 78_498)]
    [InlineData(10_000_000, 664_579)]
    public void The_sieve_and_the_published_table_agree(long limit, long primes)
    {
        Assert.Equal(primes, PrimeCount.Published(limit));
        Assert.Equal(primes, PrimeCount.Sieve(limit));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    [InlineData(6, 3)]
    [InlineData(49, 15)]
    [InlineData(50, 15)]
    [InlineData(20_000, 2_262)]
    public void The_sieve_counts_primes_strictly_below_its_limit(long limit, long primes) => Assert.Equal(primes, PrimeCount.Sieve(limit));

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(999_999)]
    [InlineData(100_000_000_000)]
    public void Only_powers_of_ten_are_in_the_table(long limit) => Assert.Null(PrimeCount.Published(limit));

    [Fact]
    public void A_limit_past_the_sieves_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PrimeCount.Sieve(PrimeCount.SieveMax + 1));
}
