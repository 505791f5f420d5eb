// Telemetry packed into few bytes: what fits, what comes back, what is refused.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Wire;

public class TelemetryTests
{
    /// <summary>The example of the telemetry topics, as integers.</summary>
    private static Telemetry Example() => new()
    {
        Present = TelemetryField.All,
        TemperatureCentiC = 2143,
        HumidityDeciPercent = 482,
        PressurePa = 100812,
        IlluminanceLx = 310,
        VoltageMv = 5030,
        CurrentMa = 84,
        BatteryPercent = 87,
        Source = PowerSource.Solar,
        EnergyCentiWh = 192,
        UptimeS = 86412,
        HeapFreeBytes = 58304,
        RssiDbm = -61,
        Queue = 2,
        TasksOk = 9120,
        TasksErr = 3,
        TaskCentiMj = 610,
    };

    /// <summary>A board after a year in the sun at 1,500 m, charging.</summary>
    private static Telemetry AfterAYear() => new()
    {
        Present = TelemetryField.All,
        TemperatureCentiC = -2000,
        HumidityDeciPercent = 1000,
        PressurePa = 84500,
        IlluminanceLx = 100000,
        VoltageMv = 12600,
        CurrentMa = -1500,
        BatteryPercent = 100,
        Source = PowerSource.Solar,
        EnergyCentiWh = 350000,
        UptimeS = 31536000,
        HeapFreeBytes = 512 * 1024,
        RssiDbm = -98,
        Queue = 8,
        TasksOk = 2000000,
        TasksErr = 16000,
        TaskCentiMj = 15000,
    };

    [Theory]
    [InlineData(false, 54)]
    [InlineData(true, 60)]
    public void A_report_with_all_readings_has_at_most_sixty_bytes_with_its_mac(bool afterAYear, int bytes)
    {
        var report = new Report { Telemetry = afterAYear ? AfterAYear() : Example(), Window = 2 };
        var frame = new byte[FrameLimits.FrameBytesMax];
        var count = new FrameChain(new HmacSha256(), new byte[32])
            .Seal(FrameKind.Report, frame, FrameLimits.HeaderBytes, report.Encode(frame, FrameLimits.HeaderBytes), frame, 0);

        Assert.Equal(bytes, count);
        Assert.InRange(count, 1, 60);
        // PUBLISH of MQTT 3.1.1, QoS 1: type and length 2, topic with its length, packet id 2.
        var publish = 2 + 2 + Topics.DeviceUp("home", "esp32-0017").Length + 2 + count;
        Assert.InRange(publish, 1, 100);
    }

    [Fact]
    public void Random_readings_come_back_as_they_were()
    {
        var random = new Random(20261127);
        for (var i = 0; i < 2000; i++)
        {
            var before = MessagePairs.DrawTelemetry(random);
            var buffer = new byte[FrameLimits.TelemetryBytesMax + 3];
            var end = before.Pack(buffer, 3);
            Assert.True(end > 3);
            var after = new Telemetry();
            Assert.True(after.Unpack(buffer, 3, end - 3));
            Assert.Equal(Present(before), Present(after));
        }
    }

    [Fact]
    public void A_reader_sees_free_heap_in_steps_of_64_bytes()
    {
        var telemetry = new Telemetry { Present = TelemetryField.HeapFree, HeapFreeBytes = 58367 };
        var buffer = new byte[FrameLimits.TelemetryBytesMax];
        var after = new Telemetry();

        Assert.True(after.Unpack(buffer, 0, telemetry.Pack(buffer, 0)));
        Assert.Equal(58304, after.HeapFreeBytes);
        Assert.Equal(TelemetryField.HeapFree, after.Present);
    }

    [Theory]
    [InlineData(TelemetryField.Humidity)]
    [InlineData(TelemetryField.Rssi)]
    [InlineData(TelemetryField.Source)]
    public void A_reading_out_of_range_is_not_packed(int field)
    {
        var telemetry = new Telemetry { Present = field, HumidityDeciPercent = -1, RssiDbm = 1, Source = -1 };

        Assert.Equal(-1, telemetry.Pack(new byte[FrameLimits.TelemetryBytesMax], 0));
    }

    [Fact]
    public void Cut_off_readings_are_refused()
    {
        var buffer = new byte[FrameLimits.TelemetryBytesMax];
        var count = Example().Pack(buffer, 0);
        for (var cut = 0; cut < count; cut++)
        {
            var telemetry = new Telemetry();
            Assert.False(telemetry.Unpack(buffer, 0, cut));
            Assert.Equal(0, telemetry.Present);
        }
        Assert.True(new Telemetry().Unpack(buffer, 0, count));
        Assert.True(new Telemetry().Unpack(buffer, 0, count + 5), "bytes of later versions follow");
    }

    // The values whose bits are set, in a fixed order.
    private static (int Present, string Values) Present(Telemetry t)
    {
        int[] values =
        [
            t.TemperatureCentiC, t.HumidityDeciPercent, t.PressurePa, t.IlluminanceLx, t.VoltageMv, t.CurrentMa, t.BatteryPercent, t.EnergyCentiWh,
            t.UptimeS, t.HeapFreeBytes, t.RssiDbm, t.Queue, t.TasksOk, t.TasksErr, t.TaskCentiMj, t.Source,
        ];
        return (t.Present, string.Join(' ', values.Where((_, i) => (t.Present >> i & 1) != 0)));
    }
}
