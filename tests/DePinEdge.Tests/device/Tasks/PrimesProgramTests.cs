using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Tasks;

public class PrimesProgramTests
{
    private const string WasmSha256 = "53240f130ea7bf5da464c54a118cb30534a297e2e03ad5ea342956714a76595a";

    [Theory]
    [InlineData(100_000, 500, 9_592)]
    [InlineData(1_000_000, 500, 78_498)]
    [InlineData(10_000_000, 250_000, 664_579)]
    public void A_whole_job_gives_the_known_count(ulong limit, uint width, long primes)
    {
        var runner = new TaskRunner(PrimesProgram.Program);
        long count = 0;
        for (ulong i = 0; i * width < limit; i++)
        {
            var outcome = PrimesProgram.Run(i, width, limit, runner);
            Assert.Equal((0, TrapCode.None), (outcome.Status, outcome.Trap));
            count += PrimesProgram.Count(outcome);
        }

        Assert.Equal(primes, count);
    }

    [Fact]
    public void A_thousand_random_ranges_agree_with_plain_csharp()
    {
        const int Below = 3_000_000;
        var prefix = new int[Below + 1];
        var sieve = PrimesProgram.Sieve(Below);
        for (var n = 0; n < Below; n++) prefix[n + 1] = prefix[n] + (sieve[n] ? 1 : 0);
        var random = new Random(20260719);
        var first = new TaskRunner(PrimesProgram.Program);
        var second = new TaskRunner(PrimesProgram.Program);
        for (var n = 0; n < 1000; n++)
        {
            var width = (uint)random.Next(1, n % 10 == 0 ? 40_000 : 1_500);
            var limit = random.Next(0, Below);
            var index = (ulong)random.Next(0, (int)(limit / width) + 2);
            var low = (long)Math.Min(index * width, (ulong)limit);
            var high = Math.Min(low + width, limit);
            var a = PrimesProgram.Run(index, width, (ulong)limit, first);
            var b = PrimesProgram.Run(index, width, (ulong)limit, second);
            Assert.True(prefix[high] - prefix[low] == PrimesProgram.Count(a), $"index {index} width {width} limit {limit}");
            Assert.Equal((a.Status, a.Trap, a.Fuel, PrimesProgram.Count(a)), (b.Status, b.Trap, b.Fuel, PrimesProgram.Count(b)));
        }
    }

    // Primes in [999,999,000, 10^9) are 49, and the last ones below 2^30 come right too.
    [Theory]
    [InlineData(999_999UL, 1000, 1_000_000_000UL)]
    [InlineData((1UL << 30) / 1000, 1000, 1UL << 30)]
    [InlineData(0UL, 1000, 1_000_000_000UL)]
    [InlineData(0UL, 1, 1_000UL)]
    [InlineData(2UL, 1, 1_000UL)]
    public void Large_limits_and_single_numbers_come_right(ulong index, uint width, ulong limit)
    {
        var expected = 0U;
        for (var n = index * width; n < Math.Min((index + 1) * width, limit); n++) expected += IsPrime(n) ? 1U : 0U;
        var outcome = PrimesProgram.Run(index, width, limit);
        Assert.Equal((0, expected), (outcome.Status, PrimesProgram.Count(outcome)));
    }

    [Theory]
    [InlineData(0, 100, 2)]
    [InlineData(1_000_001, 100, 2)]
    [InlineData(500, (1UL << 30) + 1, 3)]
    [InlineData(500, ulong.MaxValue, 3)]
    public void Bad_parameters_give_a_status(uint width, ulong limit, int status)
    {
        var outcome = PrimesProgram.Run(0, width, limit);
        Assert.Equal((status, TrapCode.None), (outcome.Status, outcome.Trap));
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData(19)]
    [InlineData(21)]
    [InlineData(0)]
    public void An_input_of_another_length_gives_a_status(int bytes) =>
        Assert.Equal(1, new TaskRunner(PrimesProgram.Program).RunTask(1_000_000, new byte[bytes]).Status);

    [Fact]
    public void An_index_past_the_range_counts_nothing()
    {
        foreach (var index in (ulong[])[2000, 2001, 1UL << 40, ulong.MaxValue])
            Assert.Equal(0U, PrimesProgram.Count(PrimesProgram.Run(index, 500, 1_000_000)));
    }

    [Fact]
    public void A_task_near_a_million_stays_under_forty_thousand_fuel() =>
        Assert.InRange(PrimesProgram.Run(1999, 500, 1_000_000).Fuel, 10_000, 40_000);

    [Fact]
    public void The_manifest_says_what_the_program_needs()
    {
        var manifest = PrimesProgram.Program.Manifest;
        Assert.Equal(("primes", ProgramInput.U64, ProgramOutput.U32, ProgramReduce.Sum), (manifest.Name, manifest.Input, manifest.Output, manifest.Reduce));
        Assert.Equal(["width", "limit"], manifest.Params.Select(p => p.Name));
        Assert.True(manifest.TryEncodeParameters(new Dictionary<string, ulong>(), out var tail, out _));
        Assert.Equal([0xf4, 1, 0, 0, 0x40, 0x42, 0x0f, 0, 0, 0, 0, 0], tail);
        Assert.InRange(PrimesProgram.Program.Info.MemoryBytesNeeded, 1, manifest.MemoryBytes);
        Assert.InRange(manifest.MemoryBytes, 1, 16_384);
        Assert.InRange(PrimesProgram.Program.Info.StackSlotsWorst ?? long.MaxValue, 1, manifest.StackSlots);
    }

    [Fact]
    public void The_committed_module_is_the_recorded_one()
    {
        Assert.Equal(WasmSha256, PrimesProgram.Program.HashHex);
        Assert.Equal(25U, PrimesProgram.Count(PrimesProgram.Run(0, 100, 100)));
    }

    private static bool IsPrime(ulong n)
    {
        if (n < 2) return false;
        for (ulong d = 2; d * d <= n; d++)
            if (n % d == 0) return false;
        return true;
    }
}
