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

    /// <summary>Longest time between two publications of the gateway's own info.</summary>
    public const int InfoEveryMs = 60_000;

    private readonly TopicNames topics = new(options.Site);
    private readonly List<Publication> outbox = [];
    private readonly SortedSet<string> dirtyJobs = new(StringComparer.Ordinal);
    private readonly SortedSet<string> dirtyUnits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Seen> devices = new(StringComparer.Ordinal);
    private long nextAggregateMs;
    private long nextInfoMs = long.MaxValue;

    public ReceiptLog Receipts { get; } = new();

    /// <summary>What happened, as messages that are not retained.</summary>
    public EventLog Events { get; } = new(options.Site);

    /// <summary>When something is due: aggregates that changed, the gateway's own info.</summary>
    public long NextMs => dirtyJobs.Count + dirtyUnits.Count == 0 ? nextInfoMs : Math.Min(nextAggregateMs, nextInfoMs);

    /// <summary>The gateway's own info is to be published again.</summary>
    public bool InfoDue(long nowMs) => nowMs >= nextInfoMs;

    /// <summary>The fields of a device's last report, all groups in one flat JSON object; empty before the first.</summary>
    public string LatestOf(string device) => devices.TryGetValue(device, out var seen) ? seen.Latest : "";

    /// <summary>When a device's state last changed, UTC milliseconds; 0 for an unknown device.</summary>
    public long SinceUtcMs(string device) => devices.TryGetValue(device, out var seen) ? seen.SinceUtcMs : 0;

    /// <summary>What was paid or refused last, of all devices.</summary>
    public RecentReceipts Recent { get; } = new();

    /// <summary>The mean energy of a task as a device last reported it, 0.01 mJ; -1 when it measures none.</summary>
    public int TaskCentiMjOf(string device) => devices.TryGetValue(device, out var seen) ? seen.TaskCentiMj : -1;

    /// <summary>Moves what is to be published into the list.</summary>
    public void Take(List<Publication> into)
    {
        into.AddRange(outbox);
        outbox.Clear();
        Events.Take(into);
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

    /// <summary>Where a device stands now.</summary>
    /// <param name="state">One of init, ready, sleeping, updating, throttled, held, lost.</param>
    /// <param name="online">A session is open, or a promised sleep lasts.</param>
    /// <param name="nextWakeUtcMs">When it promised to wake; 0: it promised nothing.</param>
    /// <param name="reason">Why it is held or throttled, or empty.</param>
    public void DeviceState(string device, string state, bool online, long nextWakeUtcMs, string reason, Instant now)
    {
        SeenOf(device).SinceUtcMs = now.UtcMs;
        Text(topics.DeviceStatus(device), online ? "online" : "offline");
        Json(topics.DeviceState(device), new FlatJson().Add("state", state).Add("since", now.UtcSeconds).AddKnown("next_wake", nextWakeUtcMs / 1000)
            .AddKnown("reason", reason));
    }

    /// <summary>What a device said of itself at birth, and the unit it belongs to.</summary>
    public void DeviceInfo(DeviceBorn birth, string unit) =>
        Json(topics.DeviceInfo(birth.Device.Value), new FlatJson().Add("name", birth.Device.Value).AddKnown("board", birth.Board).AddKnown("chip", birth.Chip)
            .AddKnown("firmware", birth.Firmware).Add("caps", Caps(birth)).Add("power", Reading.SourceName(birth.PowerSource)).AddKnown("wake_plan_s", birth.WakePlanMs / 1000)
            .Add("fuel_per_second", birth.FuelPerSecond).Add("memory", birth.MemoryBytesMax).AddKnown("unit", unit));

    /// <summary>Tells Home Assistant of a device; for every birth that says something new.</summary>
    public void DeviceDiscovery(DeviceBorn birth, string version)
    {
        SeenOf(birth.Device.Value).Discovered = true;
        outbox.Add(new Publication(topics.HomeAssistant(birth.Device.Value), HomeAssistant.Config(birth, options.Site, version, topics), true, true));
    }

    /// <summary>The name belongs to another board from now on: what the one before reported is taken back.</summary>
    public void DeviceReplaced(string device)
    {
        if (!devices.TryGetValue(device, out var seen))
            return;
        foreach (var group in Reading.Groups.Where(seen.Groups.Contains))
            Clear(topics.DeviceTelemetry(device, group));
        if (seen.Discovered)
        {
            Clear(topics.DeviceInfo(device));
            Clear(topics.HomeAssistant(device));
        }
        devices[device] = new Seen { Seq = seen.Seq };
    }

    /// <summary>A report's readings, a message for each group that has any. All of one report carry one number.</summary>
    public void Reported(TelemetryReported message, Instant now)
    {
        var device = message.Device.Value;
        var values = message.Values;
        var seen = SeenOf(device);
        // Counts the device's reports without a gap, over its sessions. It begins at the clock, so that it goes on growing after a restart.
        seen.Seq = seen.Seq == 0 ? now.UtcMs : seen.Seq + 1;
        if ((values.Present & TelemetryField.TaskEnergy) != 0)
            seen.TaskCentiMj = values.TaskCentiMj;
        foreach (var group in Reading.Groups)
        {
            if (Group(group, values, seen.Seq, now) is not { } bytes)
                continue;
            seen.Groups.Add(group);
            outbox.Add(new Publication(topics.DeviceTelemetry(device, group), bytes, true, false));
        }
        if (Group("", values, seen.Seq, now) is { } all)
            seen.Latest = Encoding.UTF8.GetString(all);
    }

    /// <summary>A unit: what its members that are online can do, and what of it can be counted on.</summary>
    /// <param name="taskMj">Mean energy of a task over the members that measure it, mJ; negative when none does.</param>
    public void Unit(UnitView view, double taskMj)
    {
        var json = new FlatJson().Add("board", view.Board).Add("members", view.Members).Add("online", view.Online).Add("rate", view.FuelPerSecond)
            .Add("promise", (long)(view.FuelPerSecond * view.OnTime)).Add("on_time", view.OnTime).Add("open_batches", view.OpenBatches).Add("tasks_ok", view.TasksOk);
        if (taskMj >= 0)
            json.Add("task_mj", taskMj);
        Json(topics.UnitState(view.Id), json);
    }

    /// <summary>The unit has no members any more.</summary>
    public void UnitGone(string unit) => Clear(topics.UnitState(unit));

    public void Job(JobView view)
    {
        var json = new FlatJson().Add("state", view.State).AddKnown("title", view.Title).Add("program", view.ProgramName).Add("done", view.Done).Add("total", view.Total)
            .Add("failed", view.Failed).Add("refused", view.RefusedResults).Add("rate", view.TasksPerSecond).Add("credits", view.PaidMicro / 1e6);
        if (view.EtaSeconds > 0)
            json.Add("eta_s", view.EtaSeconds);
        Json(topics.JobProgress(view.Id), json.AddKnown("waits", view.Waits), atLeastOnce: false);
    }

    /// <summary>The gateway forgot an ended job.</summary>
    public void JobForgotten(JobId job) => Clear(topics.JobProgress(job.ToString()));

    /// <summary>The gateway itself; <paramref name="online"/> is false once, at an orderly stop.</summary>
    public void Gateway(bool online, string version, long uptimeS, GatewayCounters counters, int jobs, Instant now)
    {
        nextInfoMs = online ? now.Ms + InfoEveryMs : long.MaxValue;
        Text(topics.GatewayStatus, online ? "online" : "offline");
        Json(topics.GatewayInfo, new FlatJson().Add("version", version).Add("uptime_s", uptimeS).Add("devices", counters.Devices)
            .Add("online", counters.DevicesOnline).Add("units", counters.Units).Add("jobs", jobs));
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

    // The empty group is all of them.
    private static byte[]? Group(string group, Agent.Wire.Telemetry values, long seq, Instant now)
    {
        FlatJson? json = null;
        foreach (var reading in Reading.All)
            if ((reading.Group == group || group.Length == 0) && reading.IsIn(values.Present))
                (json ??= new FlatJson().Add("t", now.UtcSeconds).Add("seq", seq)).AddScaled(reading.Name, reading.Value(values), reading.Scale);
        if (json is not null && group is "power" or "" && (values.Present & TelemetryField.Source) != 0)
            json.Add("source", Reading.SourceName(values.Source));
        return json?.ToBytes();
    }

    private static string Caps(DeviceBorn birth) =>
        string.Join(',', Reading.All.Where(reading => reading.Group != "system" && reading.IsIn(birth.SensorBits)).Select(reading => reading.Name));

    private Seen SeenOf(string device)
    {
        if (!devices.TryGetValue(device, out var seen))
            devices[device] = seen = new Seen();
        return seen;
    }

    private void Text(string topic, string text) => outbox.Add(new Publication(topic, Encoding.UTF8.GetBytes(text), true, true));

    private void Json(string topic, FlatJson json, bool atLeastOnce = true) => outbox.Add(new Publication(topic, json.ToBytes(), true, atLeastOnce));

    private void Clear(string topic) => outbox.Add(new Publication(topic, [], true, true));

    /// <summary>What was published of a device.</summary>
    private sealed class Seen
    {
        public long Seq { get; set; }

        public string Latest { get; set; } = "";

        public long SinceUtcMs { get; set; }

        public int TaskCentiMj { get; set; } = -1;

        public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

        public bool Discovered { get; set; }
    }
}
