using System.Buffers.Binary;
using DePinEdge.Agent.Tasks;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Tasks;

public class HeadersProgramTests
{
    private readonly TaskRunner _runner = new(SampleProgram.Load("headers"));

    [Fact]
    public void The_file_is_the_chain_from_the_genesis_block_and_runs_of_later_headers()
    {
        var headers = BitcoinHeader.All;
        Assert.Equal((324, BitcoinHeader.Bytes), (headers.Length, headers[^1].Length));
        Assert.Equal("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", BitcoinHeader.HashHex(headers[0]));
        for (var n = 1; n < 256; n++)
            Assert.Equal(BitcoinHeader.Hash(headers[n - 1]), BitcoinHeader.Previous(headers[n]));
        // The first block that pays somebody, as everybody's explorer names it.
        Assert.Equal("00000000d1145790a8694403d4063f323d499e655c83426834d4ce2f8dd4a2ee", BitcoinHeader.HashHex(headers[170]));
        // Runs of 8, three times 16, and 9 headers around changes of the target; the first three later headers stand alone.
        int[] starts = [259, 267, 283, 299, 315, 324];
        foreach (var (from, to) in starts.Zip(starts[1..]))
            for (var n = from + 1; n < to; n++)
                Assert.Equal(BitcoinHeader.Hash(headers[n - 1]), BitcoinHeader.Previous(headers[n]));
        Assert.Equal(9, headers.Select(BitcoinHeader.Compact).Distinct().Count());
    }

    [Fact]
    public void Every_header_has_its_work_and_none_has_it_with_one_bit_changed()
    {
        var random = new Random(20090103);
        foreach (var header in BitcoinHeader.All)
        {
            Assert.Equal(1U, Count(Run(header)));
            var altered = header.ToArray();
            altered[random.Next(BitcoinHeader.Bytes)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(0U, Count(Run(altered)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(12)]
    public void A_task_counts_the_valid_ones_of_several(int headers)
    {
        var input = BitcoinHeader.All[^headers..].SelectMany(h => h).ToArray();
        Assert.Equal((uint)headers, Count(Run(input)));
        input[^1] ^= 1;
        Assert.Equal((uint)headers - 1, Count(Run(input)));
        Assert.Equal((uint)headers - 1, Count(Run([.. input, 32])));
        // 77 leading zero bits is what the targets of 2024 have.
        Assert.Equal((uint)headers - 1, Count(Run([.. input, 77])));
        Assert.Equal(0U, Count(Run([.. input, 80])));
    }

    [Fact]
    public void Ten_thousand_random_headers_agree_with_plain_csharp()
    {
        var random = new Random(20260719);
        var (valid, invalid) = (0, 0);
        for (var n = 0; n < 10_000; n++)
        {
            var header = new byte[BitcoinHeader.Bytes + 1];
            random.NextBytes(header);
            // Easy targets, so that work is often there; one in eight has any compact form at all.
            var exponent = random.Next(0x20, 0x23);
            if (n % 8 != 0)
                BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(72), (uint)exponent << 24 | (uint)(random.Next(0x900000) >> 8 * (exponent - 0x20)));
            var zeroBits = header[^1] = (byte)(n % 3 == 0 ? random.Next(256) : random.Next(3));
            var outcome = Run(header);
            var expected = BitcoinHeader.IsValid(header[..BitcoinHeader.Bytes], zeroBits);
            Assert.True(expected == (Count(outcome) == 1), Convert.ToHexStringLower(header));
            _ = expected ? valid++ : invalid++;
        }
        Assert.True(valid > 500 && invalid > 500, $"{valid} valid, {invalid} invalid: the test would not see a difference");
    }

    // The compact form at its edges. The hash of the rest is some number of 256 bits, so that only the greatest target is sure to be met.
    [Theory]
    [InlineData(0x00000000, false)]
    [InlineData(0x2000ffff, true)]
    [InlineData(0x207fffff, true)]
    [InlineData(0x20ffffff, false)]
    [InlineData(0x2100ffff, true)]
    [InlineData(0x2101ffff, false)]
    [InlineData(0x217fffff, false)]
    [InlineData(0x220000ff, true)]
    [InlineData(0x220001ff, false)]
    [InlineData(0x23000001, false)]
    [InlineData(0x23000000, false)]
    [InlineData(0xff000001, false)]
    [InlineData(0xff7fffff, false)]
    [InlineData(0x02008000, false)]
    [InlineData(0x01003456, false)]
    [InlineData(0x01123456, false)]
    [InlineData(0x04923456, false)]
    public void Every_form_of_a_compact_target_means_what_it_means_to_bitcoin(uint compact, bool reachable)
    {
        var header = new byte[BitcoinHeader.Bytes + 1];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(72), compact);
        var found = false;
        for (var nonce = 0U; nonce < 64; nonce++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce);
            var expected = BitcoinHeader.IsValid(header[..BitcoinHeader.Bytes], 0);
            Assert.Equal(expected ? 1U : 0U, Count(Run(header)));
            found |= expected;
        }
        Assert.Equal(reachable, found);
    }

    [Fact]
    public void A_target_at_the_chains_limit_is_refused_and_the_one_below_taken()
    {
        // With zero_bits 1 targets end below 2^255: 0x207fffff is the last, 0x20800000 would be negative, 0x21008000 is 2^255.
        Assert.NotNull(BitcoinHeader.Target(0x21008000));
        var header = new byte[BitcoinHeader.Bytes + 1];
        header[^1] = 1;
        foreach (var (compact, possible) in new[] { (0x207fffffU, true), (0x21008000U, false) })
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(72), compact);
            var count = 0U;
            for (var nonce = 0U; nonce < 64; nonce++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce);
                count += Count(Run(header));
            }
            Assert.Equal(possible, count > 0);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(79)]
    [InlineData(82)]
    [InlineData(159)]
    [InlineData(1024)]
    public void An_input_of_another_length_gives_a_status(int bytes)
    {
        var outcome = _runner.RunTask(1_000_000, new byte[bytes]);
        Assert.Equal((1, TrapCode.None), (outcome.Status, outcome.Trap));
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public void A_header_takes_twenty_five_thousand_fuel_and_twelve_stay_far_below_the_bound()
    {
        Assert.InRange(Run(BitcoinHeader.All[0]).Fuel, 20_000, 25_000);
        Assert.InRange(Run([.. BitcoinHeader.All[..12].SelectMany(h => h)]).Fuel, 240_000, SampleProgram.Load("headers").Manifest.FuelMax / 3);
    }

    private TaskOutcome Run(byte[] input)
    {
        var outcome = _runner.RunTask(1_000_000, input);
        Assert.Equal((0, TrapCode.None), (outcome.Status, outcome.Trap));
        return outcome;
    }

    private static uint Count(TaskOutcome outcome) => BinaryPrimitives.ReadUInt32LittleEndian(outcome.Output);
}
