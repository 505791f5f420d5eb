using System.Text.Json;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Flow;

public sealed class RecordCodecTests
{
    public static TheoryData<RecordCode> Codes => [.. Enum.GetValues<RecordCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Record_comes_back_with_every_field(RecordCode code)
    {
        var random = new Random(1_000 + (int)code);
        for (var i = 0; i < 200; i++)
        {
            var record = RandomRecords.Next(code, random);
            var bytes = Written(record);
            var read = RecordCodec.Read(bytes);
            Assert.Equal(record.GetType(), read.GetType());
            Assert.Equal(Json(record), Json(read)); // field by field, arrays by content
            Assert.Equal(bytes, Written(read));
            Assert.Equal(code, read.Code);
        }

        static string Json(DurableRecord record) => JsonSerializer.Serialize(record, record.GetType());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Record_cut_anywhere_or_with_a_byte_more_is_corrupt(RecordCode code)
    {
        var random = new Random(2_000 + (int)code);
        for (var i = 0; i < 10; i++)
        {
            var bytes = Written(RandomRecords.Next(code, random));
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<CorruptRecordException>(() => RecordCodec.Read(bytes.AsSpan(0, length)));
            Assert.Throws<CorruptRecordException>(() => RecordCodec.Read([.. bytes, 0]));
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Changed_record_is_corrupt_or_another_record_with_exactly_these_bytes(RecordCode code)
    {
        var random = new Random(3_000 + (int)code);
        var refused = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var bytes = Written(RandomRecords.Next(code, random));
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                // One value has one encoding: whatever is read is written back byte for byte.
                Assert.Equal(bytes, Written(RecordCodec.Read(bytes)));
            }
            catch (CorruptRecordException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1, 999);
    }

    [Fact]
    public void Random_bytes_are_corrupt_and_nothing_worse()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
                (bytes[0], bytes[1]) = ((byte)random.Next(20), RecordCodec.Version);
            try
            {
                Assert.Equal(bytes, Written(RecordCodec.Read(bytes)));
            }
            catch (CorruptRecordException)
            {
                continue;
            }
        }
    }

    [Fact]
    public void Unknown_code_and_unknown_version_are_refused_by_name()
    {
        Assert.Contains("unknown record code 0 ", Refused(0, 1, 0), StringComparison.Ordinal);
        Assert.Contains("unknown record code 20 ", Refused(20, 1, 0), StringComparison.Ordinal);
        Assert.Contains("record JobEnded has version 2, this program reads 1", Refused(15, 2, 0), StringComparison.Ordinal);
        Assert.Contains("record JobEnded has version 0, this program reads 1", Refused(15, 0, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Stored_bytes_do_not_change()
    {
        Assert.Equal([15, 1, 0xAC, 0x02, 7, 2], Written(new JobEnded(new JobId(7), JobState.Failed) { UtcMs = 300 }));
        Assert.Equal([16, 1, 0, 4, 3, 3, 9, 5, 1, (byte)'b', 0x80, 0x01], Written(new Transferred(TransferKind.Post, 3, "sys:reserve:j9", "dev:b:held", 128)));
        Assert.Equal([12, 1, 0, 1, 2, 1, (byte)'d', 1, (byte)'u', 3, 0, 0, 7, 0x90, 0x4E],
            Written(new BatchDispatched(new BatchId(1), new JobId(2), new DeviceId("d"), new UnitId("u"), [0, 1, 9], 10_000)));
        // A paid line costs its flag, its gap, its fuel and its output; another one says more.
        Assert.Equal([13, 1, 0, 1, 2, 1, (byte)'d', 1, 2, 3, 2, 0, 4, 5, 1, 0xAA, 7, 0, 10, 1, 9, 6, 0],
            Written(new BatchJudged(new BatchId(1), new JobId(2), new DeviceId("d"), 1, 2, 3,
                [new TaskVerdict(4, ReasonCode.Paid, 0, 0, 5, [0xAA]), new TaskVerdict(5, ReasonCode.WrongOutput, -1, 9, 6, [])])));
    }

    [Fact]
    public void Unknown_flags_and_flags_that_say_nothing_are_corrupt()
    {
        Assert.Contains("flags hold 8", Line(8, 0, 0, 0), StringComparison.Ordinal);
        Assert.Contains("flags", Line(1, 0, (byte)ReasonCode.Paid, 0, 0), StringComparison.Ordinal); // a reason that goes without saying
        Assert.Contains("flags", Line(2, 0, 0, 0, 0), StringComparison.Ordinal);
        Assert.Contains("flags", Line(4, 0, 0, 0, 0), StringComparison.Ordinal);

        static string Line(params byte[] line) => Refused([13, 1, 0, 1, 2, 1, (byte)'d', 1, 2, 3, 1, .. line]);
    }

    [Fact]
    public void Task_numbers_that_overflow_are_corrupt()
    {
        byte[] most = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
        Refused([12, 1, 0, 1, 2, 1, (byte)'d', 1, (byte)'u', 2, 0, .. most, 0]);
        Refused([13, 1, 0, 1, 2, 1, (byte)'d', 1, 2, 3, 2, 0, 0, 0, 0, 0, .. most, 0, 0]);
    }

    [Fact]
    public void Body_is_walked_record_by_record_and_a_length_past_its_end_is_corrupt()
    {
        var sizes = new List<int>();
        RecordCodec.ForEach([2, 7, 7, 0, 1, 9], bytes => sizes.Add(bytes.Length));
        Assert.Equal([2, 0, 1], sizes);
        Assert.Throws<CorruptRecordException>(() => RecordCodec.ForEach([2, 7], _ => { }));
        Assert.Throws<CorruptRecordException>(() => RecordCodec.ForEach([0x80], _ => { }));
        RecordCodec.ForEach([], _ => Assert.Fail("an empty body has no records"));
    }

    private static string Refused(params byte[] bytes) => Assert.Throws<CorruptRecordException>(() => RecordCodec.Read(bytes)).Message;

    private static byte[] Written(DurableRecord record)
    {
        var writer = new RecordWriter();
        RecordCodec.Write(record, writer);
        return writer.Written.ToArray();
    }
}
