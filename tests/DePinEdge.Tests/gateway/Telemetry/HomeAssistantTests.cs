using System.Text.Json;
using DePinEdge.Agent.Wire;
using DePinEdge.Simulator.Hardware;
using DePinEdge.Tests.Gateway.Core;

namespace DePinEdge.Tests.Gateway.Telemetry;

/// <summary>Home Assistant's discovery: one message makes a device with exactly the sensors that it has, and each reads what is published.</summary>
public sealed class HomeAssistantTests
{
    private const string Topic = "homeassistant/device/depin_porch/config";

    [Fact]
    public void A_board_is_discovered_with_the_sensors_that_it_has()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        bench.Join(BoardProfile.PicoW, "porch");
        bench.AdvanceUntil(() => dashboard.Text("device/porch/telemetry/env").Length > 0);
        var config = JsonDocument.Parse(dashboard.Last[Topic]).RootElement;
        Assert.Equal(["device", "origin", "availability_topic", "payload_available", "payload_not_available", "qos", "components"], Names(config));
        Assert.Equal("depin/v1/home/device/porch/status", config.GetProperty("availability_topic").GetString());
        Assert.Equal("depin_home_porch", config.GetProperty("device").GetProperty("identifiers")[0].GetString());
        Assert.Equal(
            ["state", "temperature", "humidity", "voltage", "current", "power", "energy", "battery", "uptime_s", "heap_free", "rssi", "queue", "tasks_ok", "tasks_err", "task_mj"],
            Names(config.GetProperty("components")));
        var temperature = config.GetProperty("components").GetProperty("temperature");
        Assert.Equal(
            ("sensor", "depin_home_porch_temperature", "temperature", "°C", "measurement"),
            (temperature.GetProperty("platform").GetString(), temperature.GetProperty("unique_id").GetString(), temperature.GetProperty("device_class").GetString(),
                temperature.GetProperty("unit_of_measurement").GetString(), temperature.GetProperty("state_class").GetString()));
        Assert.Equal("total_increasing", config.GetProperty("components").GetProperty("energy").GetProperty("state_class").GetString());
    }

    [Fact]
    public void Every_sensor_reads_a_value_that_is_published()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = new HostileBoard(bench, "porch");
        board.LogIn();
        board.Say(FrameKind.Birth, DeviceTopicsTests.Birth(TelemetryField.All));
        var report = new Report();
        report.Telemetry.Present = TelemetryField.All;
        board.Report(report);
        bench.Settle();
        var unique = new HashSet<string>();
        Assert.Equal(17, JsonDocument.Parse(dashboard.Last[Topic]).RootElement.GetProperty("components").EnumerateObject().Count());
        foreach (var component in JsonDocument.Parse(dashboard.Last[Topic]).RootElement.GetProperty("components").EnumerateObject())
        {
            var payload = JsonDocument.Parse(dashboard.Last[component.Value.GetProperty("state_topic").GetString()!]).RootElement;
            var template = component.Value.GetProperty("value_template").GetString()!;
            Assert.StartsWith("{{ value_json." + component.Name, template, StringComparison.Ordinal);
            Assert.True(payload.TryGetProperty(component.Name, out var value), $"{component.Name} is not in {payload}");
            Assert.True(unique.Add(component.Value.GetProperty("unique_id").GetString()!));
            Assert.Equal(component.Name == "state" ? JsonValueKind.String : JsonValueKind.Number, value.ValueKind);
        }
    }

    [Fact]
    public void A_board_without_sensors_has_the_counters_of_its_agent_only()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = new HostileBoard(bench, "porch");
        board.LogIn();
        board.Say(FrameKind.Birth, DeviceTopicsTests.Birth());
        bench.Settle();
        Assert.Equal(["state", "queue", "tasks_ok", "tasks_err"], Names(JsonDocument.Parse(dashboard.Last[Topic]).RootElement.GetProperty("components")));
    }

    [Fact]
    public void A_board_that_comes_back_the_same_is_not_announced_again()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => dashboard.StateOf("porch") == "ready online");
        board.Reboot();
        bench.AdvanceUntil(() => dashboard.Events("device.lost").Count > 0 && dashboard.StateOf("porch") == "ready online");
        Assert.Single(dashboard.All, message => message.Topic == Topic);
        bench.Crash();
        Assert.Contains(Topic, new Dashboard(bench, "late").Last.Keys);
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
