using DePinEdge.Agent.Session;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>No task waits for ever for a device that will not come, and tables do not grow with what is over.</summary>
public class WaitTests
{
    [Fact]
    public void A_task_that_expired_on_the_only_device_that_fits_goes_to_it_again()
    {
        var bench = new CoreBench();
        var big = bench.Join(BoardProfile.Pi, "big");
        bench.Join(BoardProfile.Esp32 with { MemoryBytesMax = 1 }, "small");
        var program = bench.AddPrimes();
        bench.AdvanceUntil(() => bench.Core.Views.Devices().All(device => device.Online));
        big.Lazy = true;
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 500), bench.Now).Value!;
        bench.AdvanceUntil(() => bench.Core.Views.Counters().LeasesExpired > 0, 100_000);
        big.Lazy = false;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "completed", 120);
    }

    [Fact]
    public void A_device_that_gave_a_batch_up_is_asked_again_after_a_minute()
    {
        var bench = new CoreBench();
        var program = bench.AddPrimes();
        var board = new HostileBoard(bench, "only");
        board.LogIn();
        board.Birth();
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 500), bench.Now).Value!;
        bench.Turn();
        board.Report(null);
        var batch = Assert.Single(board.Open);
        board.GiveUp(batch);
        board.Report(null);
        Assert.Single(board.Open);
        Assert.Equal("1 devices gave it up; each is asked again after 60 s", bench.Core.Views.Job(job.Id, bench.Now).Value!.Waits);
        bench.Advance(59_999);
        board.Report(null);
        Assert.Single(board.Open);
        bench.Advance(1);
        board.Report(null);
        Assert.Equal(2, board.Open.Count);
    }

    [Fact]
    public void A_job_whose_programs_image_is_missing_says_so_runs_when_it_comes_and_can_be_cancelled()
    {
        var bench = new CoreBench();
        var program = bench.AddPrimes();
        bench.Join();
        bench.AdvanceUntil(() => bench.Core.Views.Devices() is [{ Online: true }]);
        bench.WithholdImages = true;
        var first = bench.Core.SubmitJob(CoreBench.Primes(program, 500_000), bench.Now).Value!;
        bench.Run(6);
        Assert.True(bench.Core.Views.Job(first.Id, bench.Now).Value!.Leased > 0);
        bench.Crash();
        // The board is sent its leases again, cannot fetch the program and gives them up.
        bench.AdvanceUntil(() => bench.Core.Views.Job(first.Id, bench.Now).Value! is { Leased: 0 });
        Assert.StartsWith("the program has no image yet", bench.Core.Views.Job(first.Id, bench.Now).Value!.Waits);
        Assert.Equal(0, bench.Core.Views.Counters().FramesBad);
        Assert.Equal("cancelled", bench.Core.CancelJob(first.Id, bench.Now).Value!.State);
        Assert.Equal(0, bench.Core.Views.Ledger().EscrowMicro);

        var second = bench.Core.SubmitJob(CoreBench.Primes(program, 5_000), bench.Now).Value!;
        bench.Advance(1_000);
        bench.WithholdImages = false;
        bench.ProvideImages();
        bench.AdvanceUntil(() => bench.Core.Views.Job(second.Id, bench.Now).Value!.State == "completed", 30);
    }

    [Fact]
    public void Two_boards_that_join_at_the_same_moment_get_different_names()
    {
        var bench = new CoreBench();
        var boards = Enumerable.Range(0, 5).Select(_ => bench.Join()).ToArray();
        bench.AdvanceUntil(() => boards.All(board => board.Agent.State == AgentState.Ready), 30);
        Assert.Equal(5, boards.Select(board => board.Agent.DeviceId).Distinct().Count());
        Assert.Equal(0, bench.Core.Views.Counters().JoinsRefused);
    }

    [Fact]
    public void A_code_that_expired_unused_is_forgotten_with_its_secret_a_day_later()
    {
        var bench = new CoreBench(new GatewayOptions { OpenJoinCodesMax = 1 });
        var old = bench.Core.Invite(new InviteAsked("", "", 60_000), bench.Now).Value!;
        Assert.Equal("limit-reached", bench.Core.Invite(new InviteAsked("", "", 0), bench.Now).Problem?.Code);
        bench.Advance(60_000 + 86_400_000 - 1);
        Assert.Null(bench.Core.Invite(new InviteAsked("", "", 1), bench.Now).Problem);
        bench.Turn();
        Assert.Contains($"secret/join/{old.CodeId}", bench.Blobs.Keys);
        bench.Advance(1);
        Assert.Null(bench.Core.Invite(new InviteAsked("", "", 0), bench.Now).Problem);
        bench.Turn();
        Assert.DoesNotContain($"secret/join/{old.CodeId}", bench.Blobs.Keys);
        Assert.Equal(bench.Core.StateHash(), bench.Replayed().StateHash());
        bench.Core.AskSnapshot();
        bench.Core.Issue("alice", 1, bench.Now);
        bench.Turn();
        var live = bench.Core.StateHash();
        bench.Crash();
        Assert.Equal(live, bench.Core.StateHash());
        Assert.Equal("limit-reached", bench.Core.Invite(new InviteAsked("", "", 0), bench.Now).Problem?.Code);
    }

    [Fact]
    public void The_inputs_of_a_list_job_leave_the_store_with_its_end()
    {
        var bench = new CoreBench();
        var program = bench.AddPrimes();
        var list = CoreBench.Primes(program, 500) with { IsRange = false, Inputs = [new byte[8]] };
        var job = bench.Core.SubmitJob(list, bench.Now).Value!;
        bench.Turn();
        Assert.Contains($"input/{job.Id}", bench.Blobs.Keys);
        bench.Join();
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State != "running");
        Assert.Equal("completed", bench.Core.Views.Job(job.Id, bench.Now).Value!.State);
        Assert.DoesNotContain($"input/{job.Id}", bench.Blobs.Keys);
        Assert.Contains($"result/{job.Id}", bench.Blobs.Keys);
    }

    [Fact]
    public void Tasks_that_run_out_of_a_small_fuel_limit_fail_and_are_paid()
    {
        var bench = new CoreBench();
        bench.Join();
        var job = bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 2_500) with { FuelLimit = 1_000 }, bench.Now).Value!;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State != "running");
        var view = bench.Core.Views.Job(job.Id, bench.Now).Value!;
        Assert.Equal(("failed", 5L, 0L), (view.State, view.Failed, bench.Core.Views.Counters().ResultsRefused));
        Assert.True(bench.Verify().Ok);
    }

    [Fact]
    public void Many_idle_devices_do_not_slow_a_message_down()
    {
        var table = new DePinEdge.Gateway.Scheduling.UnitTable(8);
        for (var i = 0; i < 40_000; i++)
            table.Born(new DeviceId($"d{i}"), "esp32");
        Assert.Equal(5_000, table.Count);
        // A place that becomes free is the next one taken, after a snapshot as before it.
        table.Born(new DeviceId("d17"), "pico");
        table.Born(new DeviceId("late"), "esp32");
        Assert.Equal("esp32-3", table.Of(new DeviceId("late"))!.Id.Value);
        table.Born(new DeviceId("later"), "esp32");
        Assert.Equal("esp32-5001", table.Of(new DeviceId("later"))!.Id.Value);
    }

    [Fact]
    public void A_first_lease_fits_what_tasks_cost_and_not_what_they_may_cost()
    {
        var bench = new CoreBench();
        var board = bench.Join();
        var program = bench.AddPrimes();
        bench.AdvanceUntil(() => bench.Core.Views.Devices() is [{ Online: true }]);
        board.Lazy = true;
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 1_000_000), bench.Now).Value!;
        Assert.Equal("the gateway runs a few of its tasks itself, to know what they cost", job.Waits);
        bench.Settle();
        // Some 26,000 fuel a task at 200,000 a second, 2 s of work a batch, five times that, the second batch behind the first. By the program's
        // own bound the first lease would be some hours.
        var leases = LeaseTests.Records(bench).OfType<BatchDispatched>().Select(batch => batch.LeaseMs).ToArray();
        Assert.Equal(2, leases.Length);
        Assert.All(leases, lease => Assert.InRange(lease, 10_000, 25_000));
        bench.AdvanceUntil(() => bench.Core.Views.Counters().LeasesExpired >= 2, 60);
        board.Lazy = false;
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "completed");
    }

    [Fact]
    public void A_board_that_said_goodbye_gets_no_more_work_although_its_link_is_open()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => bench.Core.Views.Device("porch") is { Value.Online: true } && LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        var program = bench.AddPrimes();
        board.Agent.Leave(DePinEdge.Agent.Wire.GoodbyeReason.Sleep, 60_000);
        bench.Settle();
        Assert.True(board.Agent.GoodbyeArrived && board.Client is { Open: true });
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 10_000), bench.Now).Problem);
        bench.Settle();
        Assert.Empty(LeaseTests.Records(bench).OfType<BatchDispatched>());
    }
}
