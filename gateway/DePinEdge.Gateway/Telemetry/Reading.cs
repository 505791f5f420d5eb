using DePinEdge.Agent.Wire;

namespace DePinEdge.Gateway.Telemetry;

/// <summary>
/// One value that boards report: its bit, its place in the topics, its unit, and how Home Assistant understands it. The one table
/// behind the telemetry topics and the discovery, so that the two cannot differ.
/// </summary>
/// <param name="Field">The bit of <see cref="TelemetryField"/>, as in a report and in a birth.</param>
/// <param name="Group">env, power or system.</param>
/// <param name="Name">The JSON name; its unit is fixed.</param>
/// <param name="Label">For people.</param>
/// <param name="Scale">The wire's integer is the value times this.</param>
/// <param name="Value">Takes it from a report.</param>
/// <param name="Unit">For people and Home Assistant; empty for a count.</param>
/// <param name="DeviceClass">Home Assistant's device_class, empty when none fits the unit.</param>
/// <param name="Total">A counter that only grows until the board starts again.</param>
internal sealed record Reading(
    int Field, string Group, string Name, string Label, int Scale, Func<Agent.Wire.Telemetry, int> Value, string Unit, string DeviceClass, bool Total = false)
{
    /// <summary>Reported by every agent, whatever its sensors.</summary>
    public const int Always = TelemetryField.Queue | TelemetryField.TasksOk | TelemetryField.TasksErr;

    public static readonly string[] Groups = ["env", "power", "system"];

    public static readonly Reading[] All =
    [
        new(TelemetryField.Temperature, "env", "temperature", "Temperature", 100, v => v.TemperatureCentiC, "°C", "temperature"),
        new(TelemetryField.Humidity, "env", "humidity", "Humidity", 10, v => v.HumidityDeciPercent, "%", "humidity"),
        new(TelemetryField.Pressure, "env", "pressure", "Air pressure", 1, v => v.PressurePa, "Pa", "atmospheric_pressure"),
        new(TelemetryField.Illuminance, "env", "illuminance", "Illuminance", 1, v => v.IlluminanceLx, "lx", "illuminance"),
        new(TelemetryField.Voltage, "power", "voltage", "Voltage", 1000, v => v.VoltageMv, "V", "voltage"),
        new(TelemetryField.Current, "power", "current", "Current", 1000, v => v.CurrentMa, "A", "current"),
        new(TelemetryField.Voltage | TelemetryField.Current, "power", "power", "Power", 1000, PowerMw, "W", "power"),
        new(TelemetryField.Energy, "power", "energy", "Energy", 100, v => v.EnergyCentiWh, "Wh", "energy", Total: true),
        new(TelemetryField.Battery, "power", "battery", "Battery", 1, v => v.BatteryPercent, "%", "battery"),
        new(TelemetryField.Uptime, "system", "uptime_s", "Uptime", 1, v => v.UptimeS, "s", "duration", Total: true),
        new(TelemetryField.HeapFree, "system", "heap_free", "Free heap", 1, v => v.HeapFreeBytes, "B", "data_size"),
        new(TelemetryField.Rssi, "system", "rssi", "Signal", 1, v => v.RssiDbm, "dBm", "signal_strength"),
        new(TelemetryField.Queue, "system", "queue", "Batches waiting", 1, v => v.Queue, "", ""),
        new(TelemetryField.TasksOk, "system", "tasks_ok", "Tasks done", 1, v => v.TasksOk, "", "", Total: true),
        new(TelemetryField.TasksErr, "system", "tasks_err", "Tasks failed", 1, v => v.TasksErr, "", "", Total: true),
        new(TelemetryField.TaskEnergy, "system", "task_mj", "Energy of a task", 100, v => v.TaskCentiMj, "mJ", ""),
    ];

    /// <summary>True when all it is made of is among these bits.</summary>
    public bool IsIn(long fields) => (fields & Field) == Field;

    /// <summary>A <see cref="PowerSource"/> as people read it.</summary>
    public static string SourceName(int source) => source switch { PowerSource.Battery => "battery", PowerSource.Solar => "solar", _ => "mains" };

    private static int PowerMw(Agent.Wire.Telemetry v) => (int)Math.Clamp((long)v.VoltageMv * v.CurrentMa / 1000, int.MinValue, int.MaxValue);
}
