using System.Text.Json;

namespace DePinEdge.Interop;

/// <summary>What a dashboard sees: live telemetry of every board, by nothing but mosquitto_sub.</summary>
public sealed class TelemetryTests
{
    private const string Filter = "depin/v1/+/device/+/telemetry/#";

    /// <summary>Every field of protocol.md's three groups with the range (in its unit) a healthy simulated board stays in.</summary>
    private static readonly Dictionary<string, Dictionary<string, (double Least, double Most)>> Fields = new()
    {
        ["env"] = new() { ["temperature"] = (-20, 50), ["humidity"] = (0, 100), ["pressure"] = (87_000, 108_500), ["illuminance"] = (0, 120_000) },
        ["power"] = new() { ["voltage"] = (2.5, 6), ["current"] = (0.001, 2), ["power"] = (0.01, 5), ["energy"] = (0, 1), ["battery"] = (0, 100) },
        ["system"] = new()
        {
            ["uptime_s"] = (0, 120),
            ["heap_free"] = (1_000, 256 * 1024 * 1024),
            ["rssi"] = (-100, -20),
            ["queue"] = (0, 32),
            ["tasks_ok"] = (0, 0),
            ["tasks_err"] = (0, 0),
            ["task_mj"] = (0, 0),
        },
    };

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task The_documented_command_prints_live_telemetry_of_every_board(int version)
    {
        await using var site = await Site.StartAsync();
        await using var printing = Tool.Start("mosquitto_sub", Subscriber.Arguments(site.MqttPort, version, [Filter], "-v"));
        var boards = await site.JoinBoardsAsync();
        // Three reports of every group of every board: what moves has moved.
        var reports = new Dictionary<(string Board, string Group), List<long>>();
        while (reports.Count < 3 * boards.Length || reports.Values.Any(seen => seen.Count < 3))
        {
            var line = (await printing.LineAsync()).Split(' ', 2);
            var levels = line[0].Split('/');
            Assert.Equal(["depin", "v1", "home", "device"], levels[..4]);
            Assert.Contains(levels[4], boards);
            Assert.Equal(("telemetry", 7), (levels[5], levels.Length));
            var seq = Check(levels[6], line[1]);
            if (!reports.TryGetValue((levels[4], levels[6]), out var seen))
                reports[(levels[4], levels[6])] = seen = [];
            seen.Add(seq);
        }
        Assert.All(reports.Values, seen => Assert.Equal(seen.Order().Distinct(), seen));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(311)]
    [InlineData(5)]
    public async Task A_late_subscriber_gets_the_last_values_at_once_and_live_ones_after_them(int version)
    {
        await using var site = await Site.StartAsync();
        var boards = await site.JoinBoardsAsync();
        await using (var early = await Subscriber.StartAsync(site.MqttPort, version, [Filter]))
        {
            var topics = new HashSet<string>();
            await early.MessagesAsync(message => topics.Add(message.Topic) && topics.Count == 3 * boards.Length);
        }

        await using var late = await Subscriber.StartAsync(site.MqttPort, version, [Filter]);

        // Everything that was kept comes before anything that is new.
        var kept = await late.MessagesAsync(3 * boards.Length);
        Assert.All(kept, message => Assert.True(message.Retained));
        Assert.Equal(
            boards.SelectMany(board => Fields.Keys.Select(group => $"depin/v1/home/device/{board}/telemetry/{group}")).Order(),
            kept.Select(message => message.Topic).Order());
        var last = kept.ToDictionary(message => message.Topic, message => Check(message.Topic.Split('/')[^1], message.Payload));
        foreach (var live in await late.MessagesAsync(3 * boards.Length))
        {
            Assert.Equal((0, false), (live.QoS, live.Retained));
            var seq = Check(live.Topic.Split('/')[^1], live.Payload);
            Assert.True(seq > last[live.Topic], $"{live.Topic} went from {last[live.Topic]} to {seq}");
            last[live.Topic] = seq;
        }
    }

    /// <summary>Checks one payload field by field; its sequence number.</summary>
    private static long Check(string group, string payload)
    {
        Assert.True(Fields.TryGetValue(group, out var fields), $"there is no telemetry group {group}");
        using var json = JsonDocument.Parse(payload);
        var values = json.RootElement;
        foreach (var property in values.EnumerateObject())
            switch (property.Name)
            {
                case "t":
                    Assert.InRange(property.Value.GetInt64(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
                    break;
                case "seq":
                    Assert.True(property.Value.GetInt64() > 0);
                    break;
                case "source":
                    Assert.Equal("power", group);
                    Assert.True(property.Value.GetString() is "mains" or "battery" or "solar", payload);
                    break;
                default:
                    Assert.True(fields.TryGetValue(property.Name, out var range), $"{group} has no field {property.Name}");
                    var value = property.Value.GetDouble();
                    Assert.True(value >= range.Least && value <= range.Most, $"{property.Name} is {value}: {payload}");
                    break;
            }
        if (group == "power")
        {
            double Value(string name) => values.GetProperty(name).GetDouble();
            Assert.Equal(Value("voltage") * Value("current"), Value("power"), 0.002);
            Assert.Equal(JsonValueKind.String, values.GetProperty("source").ValueKind);
        }
        Assert.True(values.EnumerateObject().Count() >= 3, $"{group} says nothing: {payload}");
        Assert.True(values.TryGetProperty("t", out _));
        return values.GetProperty("seq").GetInt64();
    }
}
