using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Flow;

public sealed class RecordReaderTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(16_383, 2)]
    [InlineData(16_384, 3)]
    [InlineData(long.MaxValue, 9)]
    public void Unsigned_numbers_take_seven_bits_a_byte(long value, int bytes)
    {
        var writer = new RecordWriter();
        writer.Unsigned(value);
        Assert.Equal(bytes, writer.Count);
        Assert.Equal(value, new RecordReader(writer.Written).Unsigned());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(63, 1)]
    [InlineData(-64, 1)]
    [InlineData(64, 2)]
    [InlineData(-65, 2)]
    [InlineData(long.MaxValue, 10)]
    [InlineData(long.MinValue, 10)]
    public void Signed_numbers_are_zig_zag_coded(long value, int bytes)
    {
        var writer = new RecordWriter();
        writer.Signed(value);
        Assert.Equal(bytes, writer.Count);
        Assert.Equal(value, new RecordReader(writer.Written).Signed());
    }

    [Fact]
    public void Negative_number_where_none_may_be_is_our_bug() =>
        Assert.Throws<InvariantException>(() => new RecordWriter().Unsigned(-1));

    [Theory]
    [InlineData(new byte[] { 0x80, 0x00 })] // 0 in two bytes
    [InlineData(new byte[] { 0xFF, 0x80, 0x00 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })] // 2^63
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02 })] // 2^64
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[0])]
    public void Numbers_that_are_too_long_too_large_or_cut_are_corrupt(byte[] bytes) =>
        Assert.Throws<CorruptRecordException>(() => new RecordReader(bytes).Unsigned());

    [Fact]
    public void Counts_are_bounded_by_the_bytes_that_are_there()
    {
        Assert.Equal(3, new RecordReader([3, 0, 0, 0]).Count());
        Assert.Throws<CorruptRecordException>(() => new RecordReader([4, 0, 0, 0]).Count());
        Assert.Equal(1, new RecordReader([1, 0, 0, 0]).Count(3));
        Assert.Throws<CorruptRecordException>(() => new RecordReader([2, 0, 0, 0, 0, 0]).Count(3));
        Assert.Throws<CorruptRecordException>(() => new RecordReader([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]).Bytes());
    }

    [Fact]
    public void Flags_are_zero_or_one()
    {
        Assert.False(new RecordReader([0]).Bool());
        Assert.True(new RecordReader([1]).Bool());
        Assert.Throws<CorruptRecordException>(() => new RecordReader([2]).Bool());
    }

    [Fact]
    public void Text_is_good_utf_8()
    {
        var writer = new RecordWriter();
        writer.Text("Küche \U0001F321");
        Assert.Equal("Küche \U0001F321", new RecordReader(writer.Written).Text());
        Assert.Throws<CorruptRecordException>(() => new RecordReader([1, 0xFF]).Text());
        Assert.Throws<CorruptRecordException>(() => new RecordReader([2, 0xC0, 0x80]).Text()); // an overlong zero
    }

    [Fact]
    public void Fields_of_every_kind_come_back_in_order_and_errors_name_the_byte()
    {
        var writer = new RecordWriter();
        writer.Byte(9);
        writer.Bool(true);
        writer.Fixed64(ulong.MaxValue - 1);
        writer.Bytes([1, 2, 3]);
        writer.Raw(new byte[1_000]); // past the first buffer
        var reader = new RecordReader(writer.Written);
        Assert.Equal(9, reader.Byte());
        Assert.True(reader.Bool());
        Assert.Equal(ulong.MaxValue - 1, reader.Fixed64());
        Assert.Equal([1, 2, 3], reader.Bytes());
        Assert.Equal(1_000, reader.Raw(1_000).Length);
        Assert.True(reader.AtEnd);
        reader.End();
        writer.Clear();
        Assert.Equal(0, writer.Count);
        Assert.Contains("(byte 0)", Assert.Throws<CorruptRecordException>(() => new RecordReader([1]).End()).Message, StringComparison.Ordinal);
    }
}
