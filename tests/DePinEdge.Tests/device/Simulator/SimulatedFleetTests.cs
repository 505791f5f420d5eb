using DePinEdge.Agent.Wire;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Device.Simulator;

/// <summary>Fleets against a real gateway: real sockets, real ledger, real agent and interpreter.</summary>
public sealed class SimulatedFleetTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task A_mixed_fleet_joins_and_counts_the_primes_below_twenty_thousand()
    {
        await using var gateway = await FleetGateway.StartAsync();
        var specs = new List<BoardSpec>();
        foreach (var profile in BoardProfile.All)
            for (var i = 1; i <= 2; i++)
                specs.Add(await gateway.BoardAsync(i, profile));
        await using var fleet = new SimulatedFleet(Options(gateway), specs);
        fleet.Start();
        await fleet.WhenAsync(f => f.Counters() is { Online: 6, Joined: 6 }, Cancel);

        var job = await gateway.WhenJobAsync((await gateway.SubmitPrimesAsync(20_000)).Id, j => j.State != "running");

        Assert.Equal(("completed", "2262", 40, 40), (job.State, job.Answer, job.Done, job.RecomputedEqual));
        var counters = fleet.Counters();
        Assert.Equal((6, 0L, 0L, 0L), (counters.Boards, counters.ConnectionsLost, counters.Refused, counters.FramesIgnored));
        Assert.True(counters.TasksDone >= 40);
        Assert.True(counters.Fuel >= job.FuelUsed);
        var devices = await gateway.DevicesAsync();
        Assert.Equal(specs.Select(s => s.Name).Order(), devices.Select(d => d.Id).Order());
        Assert.All(devices, d => Assert.Equal(BoardProfile.Find(d.Id.Split('-')[0])!.Chip, d.Chip));
        await fleet.StopAsync();
        Assert.Equal(0, fleet.Counters().Online);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_fleet_outlives_its_gateway_and_finishes_the_job()
    {
        await using var gateway = await FleetGateway.StartAsync();
        // Slow enough that the gateway goes down in the middle of the job.
        var profile = BoardProfile.Esp32 with { FuelPerSecond = 400_000 };
        var specs = new List<BoardSpec>();
        for (var i = 1; i <= 3; i++)
            specs.Add(await gateway.BoardAsync(i, profile));
        await using var fleet = new SimulatedFleet(Options(gateway) with { Pace = Pace.Board }, specs);
        fleet.Start();
        await fleet.WhenAsync(f => f.Counters().Online == 3, Cancel);
        var id = (await gateway.SubmitPrimesAsync(60_000)).Id;
        var before = await gateway.WhenJobAsync(id, j => j.Done > 0);
        Assert.Equal("running", before.State);

        await gateway.RestartAsync(() => fleet.WhenAsync(f => f.Counters() is { Online: 0, Unreached: >= 3 }, Cancel));

        var job = await gateway.WhenJobAsync(id, j => j.State != "running");
        Assert.Equal(("completed", "6057", 120), (job.State, job.Answer, job.Done));
        Assert.Equal(3, fleet.Counters().Online);
        Assert.Equal(3, (await gateway.DevicesAsync()).Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_board_without_a_usable_code_is_refused_with_the_gateways_reason()
    {
        await using var gateway = await FleetGateway.StartAsync();
        var code = await gateway.InviteAsync();
        var used = await gateway.BoardAsync(1, BoardProfile.Esp32);
        var wrong = code[..^1] + (code[^1] == '0' ? '1' : '0');
        await using var fleet = new SimulatedFleet(
            Options(gateway) with { JoinWaitMs = 300 },
            [
                used,
                new BoardSpec("stranger", BoardProfile.Esp32, new MemoryKeyStore(), "ZZZZZZ-" + new string('0', 26), 2),
                new BoardSpec("guesser", BoardProfile.Esp32, new MemoryKeyStore(), wrong, 3),
                new BoardSpec("blank", BoardProfile.Esp32, new MemoryKeyStore(), null, 4),
            ]);
        fleet.Start();
        await fleet.WhenAsync(f => f.Boards[0].Counters.Online && f.Boards[1].Stopped && f.Boards[2].Counters.Refused > 0 && f.Boards[3].Stopped, Cancel);
        Assert.Equal("UNKNOWN_CODE", fleet.Boards[1].Counters.LastRefusal);
        // The gateway's proof does not fit the guesser's secret; the board keeps trying, as a person may correct either side.
        Assert.Equal("bad_mac", fleet.Boards[2].Counters.LastRefusal);
        Assert.False(fleet.Boards[2].Counters.Joined);
        Assert.Equal((0L, ""), (fleet.Boards[3].Counters.Connects, fleet.Boards[3].Counters.LastRefusal));
        Assert.Single(await gateway.DevicesAsync());

        // The same code again, from a board that is not the one that used it.
        await using var late = new SimulatedFleet(
            Options(gateway), [new BoardSpec("late", BoardProfile.Esp32, new MemoryKeyStore(), used.JoinCode, 5)]);
        late.Start();
        await late.WhenAsync(f => f.Boards[0].Stopped, Cancel);
        Assert.Equal("USED_CODE", late.Boards[0].Counters.LastRefusal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_forged_down_frame_is_ignored_and_reported_and_the_session_goes_on()
    {
        await using var gateway = await FleetGateway.StartAsync();
        await using var wire = new InjectingProxy(gateway.MqttPort);
        await using var fleet = new SimulatedFleet(Options(gateway) with { Port = wire.Port }, [await gateway.BoardAsync(1, BoardProfile.Pi)]);
        fleet.Start();
        // The first session only brings the new key; from the second on the board works.
        await fleet.WhenAsync(f => f.Counters() is { Online: 1, Connects: 3 }, Cancel);

        var forged = new byte[FrameLimits.HeaderBytes + 4];
        forged[0] = FrameLimits.Version;
        forged[1] = FrameKind.Command;
        forged[2] = 99;
        Assert.True(await wire.InjectAsync(Topics.DeviceDown("home", "pi-01"), forged, Cancel));
        await fleet.WhenAsync(f => f.Counters().FramesIgnored == 1, Cancel);
        var device = (await gateway.WhenDevicesAsync(d => d[0].FramesIgnored == 1))[0];
        Assert.StartsWith("BAD_MAC: the board ignored 1 frames", device.LastRefusal, StringComparison.Ordinal);

        var job = await gateway.WhenJobAsync((await gateway.SubmitPrimesAsync(5_000)).Id, j => j.State != "running");
        Assert.Equal(("completed", "669"), (job.State, job.Answer));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_reboot_costs_neither_the_key_nor_the_job()
    {
        await using var gateway = await FleetGateway.StartAsync();
        var spec = await gateway.BoardAsync(1, BoardProfile.Esp32 with { FuelPerSecond = 400_000 });
        await using var fleet = new SimulatedFleet(Options(gateway) with { Pace = Pace.Board }, [spec]);
        fleet.Start();
        await fleet.WhenAsync(f => f.Counters() is { Online: 1, Connects: 3 }, Cancel);
        var saves = ((MemoryKeyStore)spec.KeyStore).Saves;
        var id = (await gateway.SubmitPrimesAsync(10_000)).Id;
        await gateway.WhenJobAsync(id, j => j.Leased > 0);

        fleet.Boards[0].Reboot();
        await fleet.WhenAsync(f => f.Counters() is { Online: 1, Connects: 4 }, Cancel);

        // A new boot counter was saved before it was used; the tasks in memory were lost and sent again.
        Assert.Equal(saves + 1, ((MemoryKeyStore)spec.KeyStore).Saves);
        var job = await gateway.WhenJobAsync(id, j => j.State != "running");
        Assert.Equal(("completed", "1229"), (job.State, job.Answer));
        Assert.Single(await gateway.DevicesAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task At_board_pace_no_job_is_faster_than_its_fuel()
    {
        await using var gateway = await FleetGateway.StartAsync();
        var profile = BoardProfile.Esp32 with { FuelPerSecond = 200_000 };
        await using var fleet = new SimulatedFleet(Options(gateway) with { Pace = Pace.Board }, [await gateway.BoardAsync(1, profile)]);
        fleet.Start();
        await fleet.WhenAsync(f => f.Counters() is { Online: 1, Connects: 3 }, Cancel);
        var started = TimeProvider.System.GetTimestamp();
        var job = await gateway.WhenJobAsync((await gateway.SubmitPrimesAsync(10_000)).Id, j => j.State != "running");
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        Assert.Equal("1229", job.Answer);
        Assert.True(seconds >= job.FuelUsed / 200_000.0, $"{job.FuelUsed} fuel took {seconds} s");
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var good = new FleetOptions();
        good.Validate();
        foreach (var (bad, name) in (IEnumerable<(FleetOptions, string)>)
            [
                (good with { Host = "" }, "Host"), (good with { Port = 0 }, "Port"), (good with { Port = 65_536 }, "Port"),
                (good with { ProtocolVersion = 3 }, "ProtocolVersion"), (good with { KeepAliveSeconds = 65_536 }, "KeepAliveSeconds"),
                (good with { ReportIntervalMs = 99 }, "ReportIntervalMs"), (good with { ReconnectWaitMaxMs = 0 }, "ReconnectWaitMaxMs"),
                (good with { JoinWaitMs = 0 }, "JoinWaitMs"), (good with { Workers = 0 }, "Workers"), (good with { SliceFuel = 999 }, "SliceFuel"),
                (good with { SliceMs = 0 }, "SliceMs"), (good with { SliceMs = 60_001 }, "SliceMs"),
            ])
        {
            Assert.StartsWith($"FleetOptions.{name} must", Assert.Throws<ArgumentException>(bad.Validate).Message, StringComparison.Ordinal);
        }
    }

    private static FleetOptions Options(FleetGateway gateway) =>
        new() { Port = gateway.MqttPort, Pace = Pace.None, ReportIntervalMs = 200, ReconnectWaitMaxMs = 100 };
}
