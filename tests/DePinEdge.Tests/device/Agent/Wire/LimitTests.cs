// Limits of the bodies, at and past their edges, on both the writing and the reading side.
using DePinEdge.Agent.Wire;
using Google.Protobuf;
using Proto = DePinEdge.Wire.Proto;

namespace DePinEdge.Tests.Device.Agent.Wire;

public class LimitTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void A_batch_has_1_to_32_tasks(int tasks, bool good)
    {
        Assert.Equal(good, ReadBatch(Google(tasks, 8, 0)));
        if (tasks <= 32)
            Assert.Equal(good, Hand(tasks, 8, 0).Encode(new byte[5000], 0) > 0);
        else
            Assert.Equal(-1, new Batch { Count = tasks, Data = [] }.Encode(new byte[5000], 0));
    }

    [Theory]
    [InlineData(1024, 0, true)]
    [InlineData(1025, 0, false)]
    [InlineData(0, 1024, true)]
    [InlineData(0, 1025, false)]
    [InlineData(1000, 24, true)]
    [InlineData(1000, 25, false)]
    public void An_input_has_at_most_1024_bytes_with_the_tail(int input, int tail, bool good)
    {
        Assert.Equal(good, ReadBatch(Google(1, input, tail)));
        Assert.Equal(good, Hand(1, input, tail).Encode(new byte[5000], 0) > 0);
    }

    [Fact]
    public void A_batch_needs_a_number_and_a_program()
    {
        var batch = Google(1, 8, 0);
        batch.BatchId = 0;
        Assert.False(ReadBatch(batch));
        batch = Google(1, 8, 0);
        batch.ProgramHash = ByteString.CopyFrom(new byte[31]);
        Assert.False(ReadBatch(batch));
        batch.ProgramHash = ByteString.Empty;
        Assert.False(ReadBatch(batch));
    }

    [Fact]
    public void A_batch_fills_a_frame_exactly_and_not_one_byte_more()
    {
        // Three full inputs and a fourth that takes up what is left of the body.
        var buffer = new byte[5000];
        var batch = Hand(4, 1000, 0);
        var rest = FrameLimits.BodyBytesMax - batch.Encode(buffer, 0);
        batch.InputCount[3] += rest;
        Assert.InRange(batch.InputCount[3], 1001, 1024);
        Assert.Equal(FrameLimits.BodyBytesMax, batch.Encode(buffer, 0));
        batch.InputCount[3]++;
        Assert.Equal(-1, batch.Encode(buffer, 0));
    }

    [Theory]
    [InlineData(32, 256, true)]
    [InlineData(33, 8, false)]
    [InlineData(1, 257, false)]
    public void A_report_has_at_most_32_results_of_256_bytes(int results, int output, bool good)
    {
        var report = new Proto.Report { BatchId = 1 };
        for (var i = 0; i < results; i++)
            report.Results.Add(new Proto.TaskResult { TaskId = (ulong)i, Output = ByteString.CopyFrom(new byte[output]) });
        var bytes = report.ToByteArray();

        Assert.Equal(good, new Report().Decode(bytes, 0, bytes.Length));
    }

    [Fact]
    public void A_report_longer_than_a_frame_is_not_written()
    {
        var report = new Report { BatchId = 1, Count = 16, Output = new byte[256] };
        for (var i = 0; i < 16; i++)
            report.OutputCount[i] = 256;

        Assert.Equal(-1, report.Encode(new byte[10000], 0));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(256)]
    public void As_many_results_as_promised_fit_one_report(int output)
    {
        var count = FrameLimits.TasksThatFit(output);
        var report = new Report
        {
            BatchId = long.MaxValue,
            Count = count,
            Output = new byte[256],
            Window = 8,
            FramesIgnored = int.MaxValue,
            LastIgnoredStatus = 10,
            Telemetry = new Telemetry
            {
                Present = TelemetryField.All,
                TemperatureCentiC = int.MinValue,
                HumidityDeciPercent = int.MaxValue,
                PressurePa = int.MinValue,
                IlluminanceLx = int.MaxValue,
                VoltageMv = int.MaxValue,
                CurrentMa = int.MinValue,
                BatteryPercent = int.MaxValue,
                EnergyCentiWh = int.MaxValue,
                UptimeS = int.MaxValue,
                HeapFreeBytes = int.MaxValue,
                RssiDbm = -int.MaxValue,
                Queue = int.MaxValue,
                TasksOk = int.MaxValue,
                TasksErr = int.MaxValue,
                TaskCentiMj = int.MaxValue,
            },
        };
        for (var i = 0; i < count; i++)
        {
            report.TaskId[i] = long.MaxValue;
            report.Status[i] = int.MinValue;
            report.Trap[i] = 255;
            report.Fuel[i] = long.MaxValue;
            report.OutputCount[i] = output;
        }

        Assert.InRange(count, 1, 32);
        Assert.InRange(report.Encode(new byte[5000], 0), 1, FrameLimits.BodyBytesMax);
        Assert.Equal(32, FrameLimits.TasksThatFit(0));
        Assert.Equal(13, FrameLimits.TasksThatFit(256));
    }

    [Fact]
    public void A_Birth_has_at_most_128_bytes()
    {
        var birth = new Birth { Board = new('b', 24), Chip = new('c', 24), Firmware = new('f', 24), FuelPerSecond = long.MaxValue };
        var count = birth.Encode(new byte[200], 0);
        birth.WakePlanMs = 1L << 40;
        birth.HeapFreeBytes = birth.LeastHeapBytes = birth.MemoryBytesMax = birth.ImageBytesMax = int.MaxValue;

        Assert.Equal(88, count);
        Assert.Equal(121, birth.Encode(new byte[200], 0));
        birth.SensorBits = 1 << 30;
        birth.ResetReason = 1;
        Assert.Equal(-1, birth.Encode(new byte[200], 0));
    }

    [Fact]
    public void A_value_outside_its_range_makes_a_message_malformed()
    {
        // uint32 past int, uint64 past long, sint32 past int, a trap past a byte.
        byte[][] bodies =
        [
            new Proto.ProgramRequest { ProgramHash = Hash, Offset = 0x80000000 }.ToByteArray(),
        ];
        Assert.All(bodies, body => Assert.False(new ProgramRequest().Decode(body, 0, body.Length)));
        var batch = Google(1, 1, 0);
        batch.FuelLimit = 1UL << 63;
        Assert.False(ReadBatch(batch));
        var trap = new Proto.Report { BatchId = 1, Results = { new Proto.TaskResult { Trap = 256 } } }.ToByteArray();
        Assert.False(new Report().Decode(trap, 0, trap.Length));
        var results = new Proto.Report { Results = { new Proto.TaskResult { TaskId = 1 } } }.ToByteArray();
        Assert.False(new Report().Decode(results, 0, results.Length), "results without a batch");
    }

    [Fact]
    public void Text_that_is_not_printable_ASCII_is_refused_on_both_sides()
    {
        var bytes = new Proto.JoinRefused { ReasonCode = "späť" }.ToByteArray();
        Assert.False(new JoinRefused().Decode(bytes, 0, bytes.Length));
        Assert.Equal(-1, new JoinRefused { Hint = "a\nb" }.Encode(new byte[100], 0));
        Assert.Equal(-1, new JoinRefused { Hint = new('x', 97) }.Encode(new byte[200], 0));
        Assert.Equal(98, new JoinRefused { Hint = new('x', 96) }.Encode(new byte[200], 0));
    }

    [Fact]
    public void Ids_match_the_pattern_of_the_topics()
    {
        Assert.True(Topics.IsId("a"));
        Assert.True(Topics.IsId(new string('z', 32)));
        Assert.True(Topics.IsId("esp32-0017"));
        Assert.All(new[] { null, "", new string('z', 33), "A", "a/b", "a_b", "a+", "ä" }, id => Assert.False(Topics.IsId(id)));
    }

    private static ByteString Hash => ByteString.CopyFrom(new byte[32]);

    private static bool ReadBatch(Proto.Batch batch)
    {
        var bytes = batch.ToByteArray();
        return new Batch().Decode(bytes, 0, bytes.Length);
    }

    private static Proto.Batch Google(int tasks, int input, int tail)
    {
        var batch = new Proto.Batch { BatchId = 1, ProgramHash = Hash, Tail = ByteString.CopyFrom(new byte[tail]) };
        for (var i = 0; i < tasks; i++)
            batch.Tasks.Add(new Proto.BatchTask { TaskId = 1, Input = ByteString.CopyFrom(new byte[input]) });
        return batch;
    }

    private static Batch Hand(int tasks, int input, int tail)
    {
        var batch = new Batch { BatchId = 1, Count = tasks, Data = new byte[2000], TailCount = tail };
        for (var i = 0; i < tasks; i++)
        {
            batch.TaskId[i] = 1;
            batch.InputCount[i] = input;
        }
        return batch;
    }
}
