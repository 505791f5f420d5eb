// What a simulated board measures: weather of one place, a battery, its own health and energy.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Simulator.Hardware;

/// <summary>
/// Plausible readings as smooth functions of time. Boards given the same <paramref name="placeSeed"/> stand in one place: they see
/// the same weather, each through a sensor with its own offset and its own noise. The day is the sun's, by UTC.
/// Energy is a model: idle power always, active power for the time that the reported work takes at the profile's speed.
/// </summary>
/// <param name="profile">What is measured and what the board draws.</param>
/// <param name="placeSeed">The place's weather.</param>
/// <param name="boardSeed">This board's offsets and noise.</param>
/// <param name="bootUtcMs">UTC milliseconds at the board clock's 0.</param>
public sealed class SimulatedSensors(BoardProfile profile, ulong placeSeed, ulong boardSeed, long bootUtcMs) : ISensors
{
    private const long SecondMs = 1_000, MinuteMs = 60 * SecondMs, HourMs = 60 * MinuteMs, DayMs = 24 * HourMs;

    private readonly SmoothNoise front = new(placeSeed ^ 1, 18 * HourMs);
    private readonly SmoothNoise draught = new(placeSeed ^ 2, 20 * MinuteMs);
    private readonly SmoothNoise clouds = new(placeSeed ^ 3, 9 * MinuteMs);
    private readonly SmoothNoise jitter = new(boardSeed ^ 4, 20 * SecondMs);
    private readonly SmoothNoise drift = new(boardSeed ^ 5, 2 * MinuteMs);
    private readonly double offset = new SmoothNoise(boardSeed ^ 6, 1).At(0);

    private long workedTasks;
    private double busyMs;
    private long readMs;
    private double readBusyMs;

    /// <summary>Time that the reported work takes at the profile's speed, milliseconds.</summary>
    public double BusyMs => busyMs;

    /// <summary>Reports work done since the last call, for the energy model.</summary>
    public void Worked(long fuel, long tasks)
    {
        busyMs += fuel * 1000.0 / profile.FuelPerSecond;
        workedTasks += tasks;
    }

    /// <inheritdoc/>
    public void Read(Telemetry into, long nowMs)
    {
        var utcMs = bootUtcMs + nowMs;
        // -1 at midnight, 1 at noon; warmth follows the sun by three hours. A solar cell charges the battery while there is sun to
        // speak of, so it is lowest a little before six in the morning and fullest a little before six in the evening.
        var sun = -Math.Cos(2 * Math.PI * (utcMs % DayMs) / DayMs);
        var warmth = -Math.Cos(2 * Math.PI * ((utcMs - (3 * HourMs)) % DayMs) / DayMs);
        var charge = -Math.Cos(2 * Math.PI * ((utcMs - (5.75 * HourMs)) % DayMs) / DayMs);
        var fast = jitter.At(nowMs);
        var slow = drift.At(nowMs);

        into.TemperatureCentiC = Round(2_120 + (280 * warmth) + (70 * draught.At(utcMs)) + (45 * offset) + (6 * fast));
        into.HumidityDeciPercent = Round(Math.Clamp(475 - (70 * warmth) + (60 * front.At(utcMs)) + (20 * offset) + (4 * fast), 150, 950));
        into.PressurePa = Round(101_325 + (1_400 * front.At(utcMs)) + (60 * offset) + (3 * fast));
        into.IlluminanceLx = Round(4 + (Math.Max(0, sun) * (420 + (240 * clouds.At(utcMs)))) + fast);
        into.BatteryPercent = Round(Math.Clamp(64 + (20 * charge) + (6 * front.At(utcMs)) + (8 * offset) + slow, 3, 100));
        into.RssiDbm = Round(-63 + (9 * offset) + (4 * slow) + fast);
        into.HeapFreeBytes = Round(profile.HeapBytes * (0.46 + (0.02 * slow)));
        into.UptimeS = (int)Math.Min(nowMs / SecondMs, int.MaxValue);
        into.Source = profile.PowerSource;
        Energy(into, nowMs);

        into.Present |= profile.Sensors;
        if (workedTasks == 0)
            into.Present &= ~TelemetryField.TaskEnergy;
    }

    private void Energy(Telemetry into, long nowMs)
    {
        // Work run flat out outruns the board's clock; a processor cannot be more than fully busy.
        var span = nowMs - readMs;
        var duty = span > 0 ? Math.Min(1, (busyMs - readBusyMs) / span) : 0;
        readMs = nowMs;
        readBusyMs = busyMs;

        var powerMw = profile.IdleMw + ((profile.ActiveMw - profile.IdleMw) * duty);
        var energyMwMs = (profile.IdleMw * (double)nowMs) + ((profile.ActiveMw - profile.IdleMw) * busyMs);
        into.VoltageMv = Round(profile.SupplyMv * (profile.PowerSource == PowerSource.Mains ? 1 : 0.9 + (0.001 * into.BatteryPercent)));
        into.CurrentMa = Round(powerMw * 1_000 / into.VoltageMv);
        into.EnergyCentiWh = Round(energyMwMs / (HourMs * 10));
        into.TaskCentiMj = workedTasks == 0 ? 0 : Round(profile.ActiveMw * busyMs / SecondMs * 100 / workedTasks);
    }

    private static int Round(double value) => (int)Math.Round(Math.Clamp(value, int.MinValue, int.MaxValue));
}
