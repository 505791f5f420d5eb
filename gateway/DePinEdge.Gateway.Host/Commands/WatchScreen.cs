using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>
/// The screen of `watch`: devices, jobs and the last events, drawn in place with plain escape sequences. Keeps the first thousand
/// devices and jobs by name, as many events as fit, and draws what the terminal has room for.
/// </summary>
internal sealed class WatchScreen(TextWriter output)
{
    private const int RowsMax = 1_000, EventsMax = 100;

    private readonly SortedDictionary<string, Dictionary<string, string>> devices = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Dictionary<string, string>> jobs = new(Comparer<string>.Create(NewestFirst));
    private readonly Queue<string> events = new();
    private string head = "connecting";
    private bool dirty = true;
    private long drawn;

    public void Connected()
    {
        devices.Clear();
        jobs.Clear();
        head = "connected";
        dirty = true;
    }

    public void Lost(string why)
    {
        head = $"the gateway is away ({why}); trying again";
        dirty = true;
        Draw();
    }

    public void Take(string topic, byte[] payload)
    {
        var levels = topic.Split('/');
        using var json = WatchLine.Parse(payload);
        if (levels is [_, _, var site, "device", var device, ..])
            Merge(devices, $"{site}/{device}", levels[^1], payload, json);
        else if (levels is [_, _, var place, "job", var job, "progress"])
            Merge(jobs, $"{place}/{job}", "", payload, json);
        else if (levels is [_, _, _, "event", ..] && json is not null)
            Event(json.RootElement);
        dirty = true;
    }

    /// <summary>Draws when something changed since, at most every quarter of a second while messages stream in.</summary>
    public void DrawIfOld()
    {
        if (Stopwatch.GetElapsedTime(drawn).TotalMilliseconds >= 250)
            Draw();
    }

    public void Draw()
    {
        if (!dirty)
            return;
        var (width, height) = Size();
        var text = new StringBuilder("\x1b[H");
        foreach (var line in Lines(width, height))
            text.Append(line).Append("\x1b[K\n");
        text.Append("\x1b[J");
        output.Write(text);
        output.Flush();
        (dirty, drawn) = (false, Stopwatch.GetTimestamp());
    }

    /// <summary>What stands on a screen of this size; one line is left for the cursor.</summary>
    public IEnumerable<string> Lines(int width, int height)
    {
        var lines = new List<string> { $"depin watch   {head}   {devices.Count} devices, {jobs.Count} jobs", "" };
        var room = Math.Max(6, height - 1 - 6);
        var jobRows = Math.Min(jobs.Count, room / 3);
        var deviceRows = Math.Min(devices.Count, (room - jobRows) * 2 / 3);
        var eventRows = Math.Min(events.Count, room - jobRows - deviceRows);
        lines.Add($"{"DEVICE",-22} {"STATE",-10} {"UNIT",-16} {"°C",6} {"dBm",5} {"TASKS",8} {"BATT",5}");
        foreach (var (name, d) in devices.Take(deviceRows))
            lines.Add($"{Short(name, 22),-22} {Of(d, "state"),-10} {Short(Of(d, "unit"), 16),-16} {Of(d, "temperature"),6} {Of(d, "rssi"),5} {Of(d, "tasks_ok"),8} {Of(d, "battery"),5}");
        lines.Add("");
        lines.Add($"{"JOB",-22} {"STATE",-10} {"PROGRESS",-30} {"RATE/S",8} {"ETA S",8} {"CREDITS",10}");
        foreach (var (name, j) in jobs.Take(jobRows))
            lines.Add($"{Short(name, 22),-22} {Of(j, "state"),-10} {Progress(j),-30} {Of(j, "rate"),8} {Of(j, "eta_s"),8} {Of(j, "credits"),10}");
        lines.Add("");
        lines.AddRange(events.Skip(events.Count - eventRows));
        return lines.Take(Math.Max(1, height - 1)).Select(line => Short(Clean(line), width));
    }

    private static (int Width, int Height) Size()
    {
        try
        {
            return (Math.Max(20, Console.WindowWidth), Math.Max(10, Console.WindowHeight));
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }

    private static void Merge(SortedDictionary<string, Dictionary<string, string>> rows, string name, string what, byte[] payload, JsonDocument? json)
    {
        if (!rows.TryGetValue(name, out var row))
        {
            if (rows.Count >= RowsMax || payload.Length == 0)
                return;
            rows[name] = row = new Dictionary<string, string>(StringComparer.Ordinal);
        }
        if (payload.Length == 0 && what.Length == 0)
            rows.Remove(name);
        if (what.Length == 0)
            row.Clear(); // a job's message is whole: what it lacks is not known any more
        if (json is not null)
            foreach (var property in json.RootElement.EnumerateObject())
                row[property.Name] = property.Value.ToString();
    }

    private void Event(JsonElement e)
    {
        var data = e.TryGetProperty("data", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var said = data.ValueKind == JsonValueKind.Object ? string.Join(' ', data.EnumerateObject().Select(one => $"{one.Name}={one.Value}")) : "";
        events.Enqueue(Clean($"{Text(e, "time"),-24} {Text(e, "type"),-16} {Text(e, "subject")} {said}"));
        if (events.Count > EventsMax)
            events.Dequeue();
    }

    private static string Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string Progress(Dictionary<string, string> job)
    {
        if (!long.TryParse(Of(job, "done"), CultureInfo.InvariantCulture, out var done) || !long.TryParse(Of(job, "total"), CultureInfo.InvariantCulture, out var total) || total < 1)
            return "-";
        var bar = (int)Math.Clamp(12.0 * done / total, 0, 12);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', bar)}{new string('-', 12 - bar)}] {done}/{total}");
    }

    private static string Of(Dictionary<string, string> row, string name) => row.GetValueOrDefault(name, "-");

    // Names of boards are their own: nothing of them may move the cursor.
    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    private static string Short(string text, int most) => text.Length <= most ? text : text[..most];

    private static int NewestFirst(string a, string b) => a.Length != b.Length ? b.Length.CompareTo(a.Length) : string.CompareOrdinal(b, a);
}
