using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Chaos;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Device.Simulator.Chaos;

/// <summary>Bad boards among good ones against a real gateway: what each vice comes to.</summary>
public sealed class ChaosFleetTests
{
    private static readonly GatewayOptions ShortLeases = new() { BatchTargetMs = 100, LeaseFloorMs = 500 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = 30_000)]
    [InlineData(FaultKind.RandomOutput, "WRONG_OUTPUT")]
    [InlineData(FaultKind.WrongFuel, "WRONG_FUEL")]
    [InlineData(FaultKind.WrongStatus, "WRONG_STATUS")]
    [InlineData(FaultKind.CopiedTask, "WRONG_OUTPUT")]
    [InlineData(FaultKind.CopiedBoard, "WRONG_OUTPUT")]
    public async Task Each_lie_is_refused_for_its_own_reason_and_the_answer_is_right(FaultKind kind, string reason)
    {
        await using var gateway = await FleetGateway.StartAsync();
        var stage = new ChaosStage();
        var liar = await gateway.BoardAsync(9, BoardProfile.Esp32);
        liar = liar with { Edge = new ChaosEdge(liar.Name, liar.KeyStore, stage, 9, new Liar(liar.Name, kind, 1, 9, stage.Market)) };
        var (job, _) = await RunAsync(gateway, stage, liar, 60_000, () => stage.Faults[kind] > 0);

        var refusals = (await gateway.CountersAsync()).Refusals;
        var lies = stage.Lies.All();
        Assert.Equal(("completed", "6057"), (job.State, job.Answer));
        Assert.True(lies.Count > 0);
        Assert.All(lies, lie => Assert.Equal((liar.Name, kind, true), (lie.Device, lie.Kind, lie.Acknowledged)));
        // Copies may happen to have the right output, and then the wrong fuel.
        var copied = kind is FaultKind.CopiedTask or FaultKind.CopiedBoard;
        Assert.Equal(lies.Count, refusals[reason] + (copied ? refusals.GetValueOrDefault("WRONG_FUEL") : 0));
        Assert.Equal(lies.Count, refusals.Where(one => one.Key.StartsWith("WRONG_", StringComparison.Ordinal)).Sum(one => one.Value));
        Assert.Equal(lies.Count, (await gateway.DevicesAsync()).Single(device => device.Id == liar.Name).TasksRefused);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_answer_that_comes_twice_is_a_duplicate_and_paid_once()
    {
        var (job, counters) = await HabitAsync(FaultKind.AnsweredTwice);
        Assert.True(counters.DuplicateReports >= 1, counters.ToString());
        Assert.Equal((120, 120), (job.Done, job.RecomputedEqual));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_answer_that_comes_after_its_lease_is_late_and_its_tasks_are_done_by_others()
    {
        var (job, counters) = await HabitAsync(FaultKind.AnsweredLate);
        Assert.True(counters is { LateResults: >= 1, LeasesExpired: >= 1 }, counters.ToString());
        Assert.True(job.Retried >= 1);
    }

    [Fact(Timeout = 30_000)]
    public async Task Answers_out_of_order_are_all_good()
    {
        var (job, counters) = await HabitAsync(FaultKind.OutOfOrder);
        Assert.Equal((120, 120L), (job.Done, counters.TasksPaid));
        Assert.False(counters.Refusals.ContainsKey("NOT_ASKED"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_board_that_dies_in_mid_batch_comes_back_and_the_job_ends_well()
    {
        var (job, counters) = await HabitAsync(FaultKind.Death);
        Assert.Equal(120, job.Done);
        Assert.Equal(3, counters.DevicesOnline);
    }

    [Fact(Timeout = 30_000)]
    public async Task Somebody_elses_answer_is_not_paid()
    {
        await using var gateway = await FleetGateway.StartAsync(ShortLeases);
        var stage = new ChaosStage();
        var thief = await gateway.BoardAsync(9, BoardProfile.Esp32);
        thief = thief with { Edge = new ChaosEdge(thief.Name, thief.KeyStore, stage, 9) { ForeignShare = 1 } };
        var (job, _) = await RunAsync(gateway, stage, thief, 60_000, () => stage.Faults[FaultKind.ForeignAnswer] > 0);
        var counters = await gateway.WhenCountersAsync(c => c.Refusals.GetValueOrDefault("NOT_ASKED") > 0);
        Assert.Equal(("completed", "6057", 120L), (job.State, job.Answer, counters.TasksPaid));
        Assert.DoesNotContain(counters.Refusals.Keys, name => name.StartsWith("WRONG_", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stolen_key_gets_the_device_held_and_a_new_code_gives_it_back()
    {
        await using var gateway = await FleetGateway.StartAsync();
        var (stage, tape) = (new ChaosStage(), new Tape());
        var victim = await gateway.BoardAsync(1, BoardProfile.Esp32);
        victim = victim with { Edge = new ChaosEdge(victim.Name, victim.KeyStore, stage, 1, tape: tape) };
        await using var fleet = new SimulatedFleet(Options(gateway), [victim]);
        fleet.Start();
        await gateway.WhenDevicesAsync(devices => devices.Any(device => device.Online));
        stage.Begin();
        var thief = new KeyThief(gateway.MqttPort, victim.KeyStore, tape, stage, 7, TimeProvider.System);
        var stealing = thief.RunAsync(Cancel);

        await gateway.WhenDevicesAsync(devices => devices[0].HeldReason == "CLONED");
        await stealing;
        Assert.True(thief.ShutOut);
        Assert.Equal(0, thief.ReplaysAccepted);
        Assert.True(stage.Faults[FaultKind.ReplayedLogin] > 0 && stage.Faults[FaultKind.StolenLogin] >= 2);
        Assert.Equal((4L, 4L), (stage.Faults[FaultKind.ReplayedFrame], stage.Faults[FaultKind.ForgedFrame]));
        var refusals = (await gateway.CountersAsync()).Refusals;
        Assert.True(refusals["CLONED"] > 0 && refusals["REPLAYED"] > 0 && refusals["BAD_MAC"] >= 4);

        fleet.Boards[0].UseJoinCode(await gateway.InviteAsync(victim.Name));
        await gateway.WhenDevicesAsync(devices => devices[0] is { HeldReason: "", Online: true });
        var job = await gateway.WhenJobAsync((await gateway.SubmitPrimesAsync(5_000)).Id, j => j.State != "running");
        Assert.Equal(("completed", "669"), (job.State, job.Answer));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_fleet_behind_bad_links_finishes_its_job()
    {
        await using var gateway = await FleetGateway.StartAsync(ShortLeases);
        var stage = new ChaosStage();
        var specs = new List<BoardSpec>();
        await using var cut = new LinkRelay(gateway.MqttPort, stage, [new LinkFault(FaultKind.LinkCut, 4, 0), new LinkFault(FaultKind.LinkHalfOpen, 9, 300)], TimeProvider.System);
        await using var stall = new LinkRelay(gateway.MqttPort, stage, [new LinkFault(FaultKind.LinkStall, 4, 300), new LinkFault(FaultKind.LinkDelay, 7, 300)], TimeProvider.System);
        foreach (var (port, number) in ((int, int)[])[(cut.Port, 1), (stall.Port, 2)])
            specs.Add(await gateway.BoardAsync(number, BoardProfile.Esp32) with { Port = port });
        await using var fleet = new SimulatedFleet(Options(gateway), specs);
        fleet.Start();
        await gateway.WhenDevicesAsync(devices => devices.Count(device => device.Online) == 2);
        stage.Begin();
        var job = await gateway.WhenJobAsync((await gateway.SubmitPrimesAsync(60_000)).Id, j => j.State != "running");
        Assert.Equal(("completed", "6057", 120), (job.State, job.Answer, job.RecomputedEqual));
        Assert.Equal((1L, 1L, 1L, 1L), (stage.Faults[FaultKind.LinkCut], stage.Faults[FaultKind.LinkHalfOpen], stage.Faults[FaultKind.LinkStall], stage.Faults[FaultKind.LinkDelay]));
        await gateway.WhenDevicesAsync(devices => devices.All(device => device is { Online: true, HeldReason: "" }));
    }

    private static async Task<(JobView Job, GatewayCounters Counters)> HabitAsync(FaultKind kind)
    {
        await using var gateway = await FleetGateway.StartAsync(ShortLeases);
        var stage = new ChaosStage();
        var bad = await gateway.BoardAsync(9, BoardProfile.Esp32);
        bad = bad with { Edge = new ChaosEdge(bad.Name, bad.KeyStore, stage, 9, habit: new Habit(kind, 1, 1, 1, 100)) };
        var (job, counters) = await RunAsync(gateway, stage, bad, 60_000, () => stage.Faults[kind] > 0);
        Assert.Equal(("completed", "6057"), (job.State, job.Answer));
        Assert.Equal(1, stage.Faults[kind]);
        Assert.Empty(stage.Lies.All());
        return (job, counters);
    }

    /// <summary>One bad board and two good ones do a job; then the fleet goes on until the bad one did what it is there for.</summary>
    private static async Task<(JobView Job, GatewayCounters Counters)> RunAsync(FleetGateway gateway, ChaosStage stage, BoardSpec bad, long limit, Func<bool> done)
    {
        List<BoardSpec> specs = [bad];
        for (var i = 1; i <= 2; i++)
        {
            var good = await gateway.BoardAsync(i, BoardProfile.Esp32);
            specs.Add(good with { Edge = new ChaosEdge(good.Name, good.KeyStore, stage, (ulong)i) });
        }

        await using var fleet = new SimulatedFleet(Options(gateway), specs);
        fleet.Start();
        await gateway.WhenDevicesAsync(devices => devices.Count(device => device.Online) == 3);
        stage.Begin();
        var job = await gateway.WhenJobAsync((await gateway.SubmitPrimesAsync(limit)).Id, j => j.State != "running");
        // The boards hear of what arrived a moment later than the gateway.
        await gateway.WhenCountersAsync(_ => done() && stage.Lies.All().All(lie => lie.Acknowledged));
        await gateway.WhenDevicesAsync(devices => devices.Count(device => device.Online) == 3);
        var counters = await gateway.CountersAsync();
        await fleet.StopAsync();
        return (job, counters);
    }

    private static FleetOptions Options(FleetGateway gateway) => new() { Port = gateway.MqttPort, Pace = Pace.None, ReconnectWaitMaxMs = 200 };
}
