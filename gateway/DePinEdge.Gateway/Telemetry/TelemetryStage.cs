using System.Text;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Telemetry;

/// <summary>
/// What people look at: turns messages and views into topics in flat JSON. In: whatever the core shows it. Out: publications. It
/// owns nothing that a restart must remember and nobody depends on it.
/// </summary>
public sealed class TelemetryStage(GatewayOptions options)
{
    /// <summary>Least time between two publications of one job's or unit's aggregate.</summary>
    public const int AggregateEveryMs = 500;

    private readonly TopicNames topics = new(options.Site);
    private readonly List<Publication> outbox = [];
    private readonly SortedSet<string> dirtyJobs = new(StringComparer.Ordinal);
    private readonly SortedSet<string> dirtyUnits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> since = new(StringComparer.Ordinal);
    private long nextAggregateMs;
    private long events;

    public ReceiptLog Receipts { get; } = new();

    /// <summary>When aggregates are due; <see cref="long.MaxValue"/> while nothing changed.</summary>
    public long NextMs => dirtyJobs.Count + dirtyUnits.Count == 0 ? long.MaxValue : nextAggregateMs;

    /// <summary>The fields of a device's last report, all groups in one flat JSON object; empty before the first.</summary>
    public string LatestOf(string device) => latest.GetValueOrDefault(device, "");

    /// <summary>When a device's state last changed, UTC milliseconds; 0 for an unknown device.</summary>
    public long SinceUtcMs(string device) => since.GetValueOrDefault(device);

    /// <summary>What was paid or refused last, of all devices.</summary>
    public RecentReceipts Recent { get; } = new();

    /// <summary>Moves what is to be published into the list.</summary>
    public void Take(List<Publication> into)
    {
        into.AddRange(outbox);
        outbox.Clear();
    }

    public void JobChanged(JobId job) => dirtyJobs.Add(job.ToString());

    public void UnitChanged(UnitId unit) => dirtyUnits.Add(unit.Value);

    /// <summary>The aggregates that are due, or two empty lists; the core answers with views.</summary>
    public (string[] Jobs, string[] Units) TakeDue(long nowMs)
    {
        if (nowMs < nextAggregateMs)
            return ([], []);
        nextAggregateMs = nowMs + AggregateEveryMs;
        var due = (dirtyJobs.ToArray(), dirtyUnits.ToArray());
        dirtyJobs.Clear();
        dirtyUnits.Clear();
        return due;
    }

    public void DeviceState(string device, string state, bool online, Instant now)
    {
        since[device] = now.UtcMs;
        Text(topics.DeviceStatus(device), online ? "online" : "offline");
        Json(topics.DeviceState(device), new FlatJson().Add("state", state).Add("since", now.UtcSeconds));
    }

    public void DeviceInfo(DeviceView view) =>
        Json(topics.DeviceInfo(view.Id), new FlatJson().Add("name", view.Id).Add("board", view.Board).Add("chip", view.Chip).Add("firmware", view.Firmware)
            .Add("fuel_per_second", view.FuelPerSecond).Add("memory", view.MemoryBytesMax).Add("unit", view.Unit));

    public void Reported(TelemetryReported message, Instant now)
    {
        var values = message.Values;
        var device = message.Device.Value;
        using var all = new FlatJson().Add("t", now.UtcSeconds).Add("seq", message.Seq);
        Group(device, "env", values, message.Seq, now, all,
            [(TelemetryField.Temperature, "temperature", values.TemperatureCentiC, 100), (TelemetryField.Humidity, "humidity", values.HumidityDeciPercent, 10),
             (TelemetryField.Pressure, "pressure", values.PressurePa, 1), (TelemetryField.Illuminance, "illuminance", values.IlluminanceLx, 1)]);
        Group(device, "power", values, message.Seq, now, all,
            [(TelemetryField.Voltage, "voltage", values.VoltageMv, 1000), (TelemetryField.Current, "current", values.CurrentMa, 1000),
             (TelemetryField.Energy, "energy", values.EnergyCentiWh, 100), (TelemetryField.Battery, "battery", values.BatteryPercent, 1)]);
        Group(device, "system", values, message.Seq, now, all,
            [(TelemetryField.Uptime, "uptime_s", values.UptimeS, 1), (TelemetryField.HeapFree, "heap_free", values.HeapFreeBytes, 1),
             (TelemetryField.Rssi, "rssi", values.RssiDbm, 1), (TelemetryField.Queue, "queue", values.Queue, 1), (TelemetryField.TasksOk, "tasks_ok", values.TasksOk, 1),
             (TelemetryField.TasksErr, "tasks_err", values.TasksErr, 1), (TelemetryField.TaskEnergy, "task_mj", values.TaskCentiMj, 100)]);
        if (values.Present != 0)
            latest[device] = Encoding.UTF8.GetString(all.ToBytes());
    }

    public void Unit(UnitView view) =>
        Json(topics.UnitState(view.Id), new FlatJson().Add("board", view.Board).Add("members", view.Members).Add("online", view.Online)
            .Add("fuel_per_second", view.FuelPerSecond).Add("open_batches", view.OpenBatches).Add("tasks_ok", view.TasksOk).Add("on_time", view.OnTime));

    public void Job(JobView view) =>
        Json(topics.JobProgress(view.Id), new FlatJson().Add("state", view.State).Add("done", view.Done).Add("total", view.Total).Add("failed", view.Failed)
            .Add("rate", view.TasksPerSecond).Add("eta_s", view.EtaSeconds).Add("credits", view.PaidMicro / 1e6), atLeastOnce: false);

    public void Gateway(bool online, string version, long uptimeS, int devices, int units)
    {
        Text(topics.GatewayStatus, online ? "online" : "offline");
        Json(topics.GatewayInfo, new FlatJson().Add("version", version).Add("uptime_s", uptimeS).Add("devices", devices).Add("units", units));
    }

    public void Root(EpochSealed sealing, EpochSigned? signature)
    {
        var json = new FlatJson().Add("epoch", sealing.Epoch).Add("count", sealing.Accounts).Add("root", Convert.ToHexStringLower(sealing.Root))
            .Add("prev", Convert.ToHexStringLower(sealing.PreviousHead)).Add("chain", Convert.ToHexStringLower(sealing.ChainHead))
            .Add("head", Convert.ToHexStringLower(sealing.Head));
        if (signature is not null)
            json.Add("key", Convert.ToHexStringLower(signature.PublicKey)).Add("sig", Convert.ToHexStringLower(signature.Signature));
        Json(topics.LedgerRoot, json);
    }

    /// <summary>One CloudEvents 1.0 message, structured JSON with its data flat beside the attributes' names.</summary>
    public void Event(string type, string subject, string detail, Instant now) =>
        outbox.Add(new Publication(topics.Event(type), new FlatJson().Add("specversion", "1.0").Add("id", $"{now.UtcMs}-{++events}")
            .Add("source", $"depin/{options.Site}").Add("type", type).Add("subject", subject)
            .Add("time", DateTimeOffset.FromUnixTimeMilliseconds(now.UtcMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ")).Add("data", detail).ToBytes(), false, true));

    private void Group(string device, string group, Agent.Wire.Telemetry values, uint seq, Instant now, FlatJson all,
        (int Field, string Name, int Value, int Scale)[] fields)
    {
        var json = new FlatJson().Add("t", now.UtcSeconds).Add("seq", seq);
        var any = false;
        foreach (var (field, name, value, scale) in fields)
            if ((values.Present & field) != 0)
            {
                any = true;
                json.AddScaled(name, value, scale);
                all.AddScaled(name, value, scale);
            }
        if (!any)
            return;
        if (group == "power")
        {
            if ((values.Present & (TelemetryField.Voltage | TelemetryField.Current)) == (TelemetryField.Voltage | TelemetryField.Current))
                json.AddScaled("power", (int)Math.Clamp((long)values.VoltageMv * values.CurrentMa / 1000, int.MinValue, int.MaxValue), 1000);
            if ((values.Present & TelemetryField.Source) != 0)
                json.Add("source", values.Source switch { PowerSource.Battery => "battery", PowerSource.Solar => "solar", _ => "mains" });
        }
        outbox.Add(new Publication(topics.DeviceTelemetry(device, group), json.ToBytes(), true, false));
    }

    private void Text(string topic, string text) => outbox.Add(new Publication(topic, Encoding.UTF8.GetBytes(text), true, true));

    private void Json(string topic, FlatJson json, bool atLeastOnce = true) => outbox.Add(new Publication(topic, json.ToBytes(), true, atLeastOnce));
}
