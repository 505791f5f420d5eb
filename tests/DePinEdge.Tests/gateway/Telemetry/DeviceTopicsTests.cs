using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Devices;
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulator.Hardware;
using DePinEdge.Tests.Gateway.Core;

namespace DePinEdge.Tests.Gateway.Telemetry;

/// <summary>What dashboards read of devices: status, state, info and telemetry, from the join to a broken promise.</summary>
public sealed class DeviceTopicsTests
{
    [Fact]
    public void A_device_is_init_then_ready_then_lost()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = new HostileBoard(bench, "porch");
        Assert.Equal("init offline", dashboard.StateOf("porch"));
        Assert.Equal("", dashboard.Text("device/porch/info"));
        board.LogIn();
        Assert.Equal("init offline", dashboard.StateOf("porch"));
        board.Say(FrameKind.Birth, Birth());
        bench.Settle();
        Assert.Equal("ready online", dashboard.StateOf("porch"));
        Assert.Equal(CoreBench.StartUtcMs / 1000, dashboard.Json("device/porch/state").GetProperty("since").GetInt64());
        board.Client!.Drop();
        bench.Advance(5_000);
        Assert.Equal("lost offline", dashboard.StateOf("porch"));
        Assert.Equal(["device.joined", "device.ready", "device.lost"], dashboard.All.Where(message => message.Topic.Contains("/event/device", StringComparison.Ordinal)).Select(message => message.Topic.Split('/')[^1]));
        Assert.Equal("evil", dashboard.Events("device.joined")[0].GetProperty("data").GetProperty("board").GetString());
    }

    [Fact]
    public void A_board_that_said_when_it_wakes_is_online_until_thirty_seconds_after()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = AsleepFor(bench, 600_000);
        Assert.Equal("sleeping online", dashboard.StateOf("porch"));
        Assert.Equal((bench.Now.UtcMs + 600_000) / 1000, dashboard.Json("device/porch/state").GetProperty("next_wake").GetInt64());
        Assert.False(bench.Core.Views.Device("porch").Value!.Online);
        var lost = dashboard.Events("device.lost").Count;

        bench.Advance(600_000 + DeviceStage.WakeGraceMs - 1);
        Assert.Equal("sleeping online", dashboard.StateOf("porch"));
        Assert.Equal(bench.Now.Ms + 1, bench.Core.NextTickMs);
        bench.Advance(1);
        Assert.Equal("lost offline", dashboard.StateOf("porch"));
        Assert.False(dashboard.Json("device/porch/state").TryGetProperty("next_wake", out _));
        Assert.Equal("it did not wake as promised", Assert.Single(dashboard.Events("device.lost")[lost..]).GetProperty("data").GetProperty("detail").GetString());
        bench.Advance(3_600_000);
        Assert.Single(dashboard.Events("device.lost")[lost..]);

        board.Stalled = false;
        bench.AdvanceUntil(() => dashboard.StateOf("porch") == "ready online");
    }

    [Fact]
    public void Waking_in_time_is_no_event()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = AsleepFor(bench, 60_000);
        var (ready, lost) = (dashboard.Events("device.ready").Count, dashboard.Events("device.lost").Count);
        bench.Advance(60_000);
        board.Stalled = false;
        bench.AdvanceUntil(() => dashboard.StateOf("porch") == "ready online");
        bench.Advance(600_000);
        Assert.Equal("ready online", dashboard.StateOf("porch"));
        Assert.Equal((ready, lost), (dashboard.Events("device.ready").Count, dashboard.Events("device.lost").Count));
    }

    [Fact]
    public void A_promise_is_believed_for_a_week_at_most_and_a_farewell_for_good_not_at_all()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        AsleepFor(bench, long.MaxValue);
        bench.Advance(DeviceStage.SleepMsMax + DeviceStage.WakeGraceMs - 1);
        Assert.Equal("sleeping online", dashboard.StateOf("porch"));
        bench.Advance(1);
        Assert.Equal("lost offline", dashboard.StateOf("porch"));

        var other = bench.Join(name: "hall");
        bench.AdvanceUntil(() => dashboard.StateOf("hall") == "ready online");
        other.Agent.Leave(GoodbyeReason.Stopped, 60_000);
        bench.Settle();
        Sleep(bench, other);
        Assert.Equal("lost offline", dashboard.StateOf("hall"));
    }

    [Fact]
    public void A_sleeper_that_joins_again_under_its_name_is_not_lost_by_the_old_promise()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        AsleepFor(bench, 60_000);
        bench.Join(name: "porch");
        bench.AdvanceUntil(() => dashboard.StateOf("porch") == "ready online");
        bench.Advance(600_000);
        Assert.Equal("ready online", dashboard.StateOf("porch"));
    }

    [Fact]
    public void Telemetry_numbers_grow_by_one_over_sessions_and_go_on_after_a_restart()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => Numbers(dashboard).Count >= 3);
        board.Reboot();
        var before = Numbers(dashboard).Count;
        bench.AdvanceUntil(() => Numbers(dashboard).Count >= before + 3);
        var numbers = Numbers(dashboard);
        Assert.Equal(Enumerable.Range(0, numbers.Count).Select(n => numbers[0] + n), numbers);
        Assert.Equal(numbers[^1], dashboard.Json("device/porch/telemetry/power").GetProperty("seq").GetInt64());

        bench.Crash();
        var late = new Dashboard(bench, "late");
        bench.AdvanceUntil(() => Numbers(late).Count > 0);
        Assert.True(Numbers(late)[0] > numbers[^1], $"{Numbers(late)[0]} after {numbers[^1]}");
    }

    [Fact]
    public void Another_board_under_the_name_takes_back_what_the_one_before_said()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => dashboard.Text("device/porch/telemetry/env").Length > 0);
        Assert.Contains("homeassistant/device/depin_porch/config", dashboard.Last.Keys);
        board.Stalled = true;
        var code = bench.Core.Invite(new InviteAsked("porch", "", 0), bench.Now).Value!.JoinCode;
        _ = bench.Add(new BenchBoard(bench, BoardProfile.PicoW, code, 7) { Lazy = true });
        bench.AdvanceUntil(() => bench.Core.Views.Device("porch").Value!.Board == BoardProfile.PicoW.Board);
        var cleared = dashboard.All.Where(message => message.Payload.Length == 0).Select(message => message.Topic).ToArray();
        Assert.Equal(
            ["depin/v1/home/device/porch/telemetry/env", "depin/v1/home/device/porch/telemetry/power", "depin/v1/home/device/porch/telemetry/system",
                "depin/v1/home/device/porch/info", "homeassistant/device/depin_porch/config"],
            cleared.Where(topic => topic.Contains("porch", StringComparison.Ordinal)));
        // The unit that it left has nobody any more.
        bench.Advance(1_000);
        Assert.Equal("", dashboard.Text($"unit/{BoardProfile.Esp32.Board}-1/state"));
        Assert.Equal(1, dashboard.Json("unit/raspberry-pi-pico-w-1/state").GetProperty("online").GetInt32());
    }

    [Fact]
    public void Info_says_what_the_board_is()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        bench.Join(BoardProfile.PicoW, "porch");
        bench.AdvanceUntil(() => dashboard.StateOf("porch") == "ready online");
        var info = dashboard.Json("device/porch/info");
        Assert.Equal(("porch", "raspberry-pi-pico-w", "raspberry-pi-pico-w-1"), (info.GetProperty("name").GetString(), info.GetProperty("board").GetString(), info.GetProperty("unit").GetString()));
        Assert.Equal("temperature,humidity,voltage,current,power,energy,battery", info.GetProperty("caps").GetString());
        Assert.False(info.TryGetProperty("wake_plan_s", out _));
    }

    internal static byte[] Birth(int sensors = 0)
    {
        var bytes = new byte[FrameLimits.BodyBytesMax];
        var birth = new Birth { Board = "evil", Chip = "c", Firmware = "1", FuelPerSecond = 1_000_000, MemoryBytesMax = 65_536, ImageBytesMax = 65_536, SensorBits = sensors };
        return bytes[..birth.Encode(bytes, 0)];
    }

    private static List<long> Numbers(Dashboard dashboard) => [.. dashboard.All.Where(message => message.Topic == "depin/v1/home/device/porch/telemetry/system")
        .Select(message => System.Text.Json.JsonDocument.Parse(message.Payload).RootElement.GetProperty("seq").GetInt64())];

    private static BenchBoard AsleepFor(CoreBench bench, long ms)
    {
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => bench.Core.Views.Device("porch") is { Value.Online: true } && LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        bench.Settle();
        board.Agent.Leave(GoodbyeReason.Sleep, ms);
        bench.Settle();
        Assert.True(board.Agent.GoodbyeArrived);
        Sleep(bench, board);
        return board;
    }

    private static void Sleep(CoreBench bench, BenchBoard board)
    {
        board.Stalled = true;
        board.Drop();
        bench.Settle();
    }
}
