using DePinEdge.Agent.Wire;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Device.Simulator.Hardware;

public class SimulatedSensorsTests
{
    private const long MinuteMs = 60_000, DayMs = 1_440 * MinuteMs;
    private const long BootUtcMs = 1_795_330_000_000;

    [Fact]
    public void Equal_seeds_give_equal_bytes_and_other_seeds_others()
    {
        Assert.Equal(Day(BoardProfile.Esp32, 1, 7), Day(BoardProfile.Esp32, 1, 7));
        Assert.NotEqual(Day(BoardProfile.Esp32, 1, 7), Day(BoardProfile.Esp32, 1, 8));
        Assert.NotEqual(Day(BoardProfile.Esp32, 1, 7), Day(BoardProfile.Esp32, 2, 7));
    }

    [Fact]
    public void Readings_of_thirty_days_stay_where_a_living_room_keeps_them()
    {
        foreach (var profile in BoardProfile.All)
        {
            var sensors = new SimulatedSensors(profile, 5, 6, BootUtcMs);
            for (long ms = 0; ms < 30 * DayMs; ms += 7 * MinuteMs)
            {
                var t = Read(sensors, ms);
                Assert.InRange(t.TemperatureCentiC, 1_500, 2_800);
                Assert.InRange(t.HumidityDeciPercent, 250, 750);
                Assert.InRange(t.PressurePa, 99_500, 103_500);
                Assert.InRange(t.IlluminanceLx, 0, 800);
                Assert.InRange(t.BatteryPercent, 3, 100);
                Assert.InRange(t.RssiDbm, -90, -40);
                Assert.InRange(t.HeapFreeBytes, 1, profile.HeapBytes);
                Assert.InRange(t.VoltageMv, 3_000, 5_200);
                Assert.Equal(ms / 1_000, t.UptimeS);
            }
        }
    }

    [Fact]
    public void Nothing_jumps_from_one_second_to_the_next()
    {
        var sensors = new SimulatedSensors(BoardProfile.Esp32, 5, 6, BootUtcMs);
        var before = Read(sensors, 0);
        for (long ms = 1_000; ms < DayMs; ms += 1_000)
        {
            var now = Read(sensors, ms);
            Assert.InRange(now.TemperatureCentiC - before.TemperatureCentiC, -3, 3);
            Assert.InRange(now.HumidityDeciPercent - before.HumidityDeciPercent, -3, 3);
            Assert.InRange(now.PressurePa - before.PressurePa, -3, 3);
            Assert.InRange(now.IlluminanceLx - before.IlluminanceLx, -4, 4);
            before = now;
        }
    }

    [Fact]
    public void Boards_of_one_place_agree_about_its_weather_without_being_equal()
    {
        var one = new SimulatedSensors(BoardProfile.Esp32, 5, 6, BootUtcMs);
        var other = new SimulatedSensors(BoardProfile.Esp32, 5, 7, BootUtcMs);
        var differences = 0;
        for (long ms = 0; ms < DayMs; ms += 10 * MinuteMs)
        {
            var (a, b) = (Read(one, ms), Read(other, ms));
            Assert.InRange(a.TemperatureCentiC - b.TemperatureCentiC, -110, 110);
            Assert.InRange(a.PressurePa - b.PressurePa, -140, 140);
            differences += a.TemperatureCentiC != b.TemperatureCentiC ? 1 : 0;
        }

        Assert.InRange(differences, 100, 144);
    }

    [Fact]
    public void It_is_dark_at_midnight_and_light_at_noon()
    {
        var midnight = BootUtcMs - (BootUtcMs % DayMs);
        var sensors = new SimulatedSensors(BoardProfile.Esp32, 5, 6, midnight);
        Assert.InRange(Read(sensors, 0).IlluminanceLx, 0, 6);
        Assert.InRange(Read(sensors, DayMs / 2).IlluminanceLx, 150, 700);
    }

    [Fact]
    public void A_day_has_the_curves_of_a_day()
    {
        var midnight = BootUtcMs - (BootUtcMs % DayMs);
        for (ulong place = 1; place <= 20; place++)
        {
            var sensors = new SimulatedSensors(BoardProfile.PicoW, place, place + 100, midnight);
            // Averages of ten days by hour of the day, so that the weather does not hide the sun.
            var (temperature, humidity, battery, light) = (new double[24], new double[24], new double[24], new double[24]);
            for (var hour = 0; hour < 240; hour++)
            {
                var t = Read(sensors, hour * 60 * MinuteMs);
                temperature[hour % 24] += t.TemperatureCentiC / 10.0;
                humidity[hour % 24] += t.HumidityDeciPercent / 10.0;
                battery[hour % 24] += t.BatteryPercent / 10.0;
                light[hour % 24] += t.IlluminanceLx / 10.0;
            }

            Assert.InRange(Array.IndexOf(temperature, temperature.Max()), 13, 17);
            Assert.InRange(Array.IndexOf(temperature, temperature.Min()), 1, 5);
            Assert.True(humidity[15] < humidity[3], $"place {place}: {humidity[15]} % in the afternoon, {humidity[3]} % at night");
            Assert.InRange(Array.IndexOf(battery, battery.Max()), 15, 20);
            Assert.InRange(Array.IndexOf(battery, battery.Min()), 3, 8);
            Assert.True(light[12] > 20 * light[0]);
            // Pressure is slow: it has its own time, not the day's.
            for (var hour = 1; hour < 240; hour++)
                Assert.InRange(Read(sensors, hour * 60 * MinuteMs).PressurePa - Read(sensors, (hour - 1) * 60 * MinuteMs).PressurePa, -260, 260);
        }
    }

    [Fact]
    public void Only_what_the_board_has_is_reported()
    {
        foreach (var profile in BoardProfile.All)
        {
            var sensors = new SimulatedSensors(profile, 5, 6, BootUtcMs);
            Assert.Equal(profile.Sensors & ~TelemetryField.TaskEnergy, Read(sensors, 1_000).Present);
            sensors.Worked(1_000, 1);
            Assert.Equal(profile.Sensors, Read(sensors, 2_000).Present);
        }
    }

    [Fact]
    public void Energy_is_idle_power_for_the_time_and_the_difference_for_the_work()
    {
        var profile = BoardProfile.Esp32;
        var sensors = new SimulatedSensors(profile, 5, 6, BootUtcMs);
        Assert.Equal(profile.IdleMw / 10, Read(sensors, 3_600_000).EnergyCentiWh);
        Assert.Equal(profile.IdleMw * 1_000 / profile.SupplyMv, Read(sensors, 3_601_000).CurrentMa);

        // Half of the next hour at work, on 100 tasks.
        sensors.Worked(1_800L * profile.FuelPerSecond, 100);
        var t = Read(sensors, 7_201_000);
        Assert.Equal(1_800_000, sensors.BusyMs);
        Assert.Equal((int)Math.Round(((2 * profile.IdleMw) + ((profile.ActiveMw - profile.IdleMw) * 0.5)) / 10), t.EnergyCentiWh);
        Assert.Equal((profile.IdleMw + profile.ActiveMw) / 2 * 1_000 / profile.SupplyMv, t.CurrentMa);
        Assert.Equal(profile.ActiveMw * 1_800 / 100 * 100, t.TaskCentiMj);
    }

    [Fact]
    public void A_processor_is_never_more_than_fully_busy()
    {
        var profile = BoardProfile.PicoW;
        var sensors = new SimulatedSensors(profile, 5, 6, BootUtcMs);
        sensors.Worked(1_000L * profile.FuelPerSecond, 10);
        var t = Read(sensors, 1_000);
        Assert.Equal((int)Math.Round(profile.ActiveMw * 1_000.0 / t.VoltageMv), t.CurrentMa);
    }

    private static Telemetry Read(SimulatedSensors sensors, long nowMs)
    {
        var t = new Telemetry();
        sensors.Read(t, nowMs);
        return t;
    }

    private static string Day(BoardProfile profile, ulong place, ulong board)
    {
        var sensors = new SimulatedSensors(profile, place, board, BootUtcMs);
        var bytes = new byte[FrameLimits.TelemetryBytesMax];
        using var all = new MemoryStream();
        for (long ms = 0; ms < DayMs; ms += 30 * MinuteMs)
            all.Write(bytes, 0, Read(sensors, ms).Pack(bytes, 0));
        return Convert.ToHexString(all.ToArray());
    }
}
