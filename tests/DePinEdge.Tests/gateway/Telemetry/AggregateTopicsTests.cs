using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Scheduling;
using DePinEdge.Gateway.Telemetry;
using DePinEdge.Tests.Gateway.Core;

namespace DePinEdge.Tests.Gateway.Telemetry;

/// <summary>What dashboards read of jobs, units, the ledger and the gateway itself.</summary>
public sealed class AggregateTopicsTests
{
    private static readonly string Unit = $"unit/{DePinEdge.Simulator.Hardware.BoardProfile.Esp32.Board}-1/state";

    [Fact]
    public void A_job_without_devices_waits_and_promises_no_end()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 100_000), bench.Now).Problem);
        bench.Advance(TelemetryStage.AggregateEveryMs);
        var job = dashboard.Json("job/j1/progress");
        Assert.Equal(("running", 0, 200, "no device is online"), (job.GetProperty("state").GetString(), job.GetProperty("done").GetInt32(), job.GetProperty("total").GetInt32(), job.GetProperty("waits").GetString()));
        Assert.False(job.TryGetProperty("eta_s", out _));
        Assert.Equal(200, Assert.Single(dashboard.Events("job.submitted")).GetProperty("data").GetProperty("total").GetInt32());
    }

    [Fact]
    public void A_job_that_ends_says_so_at_once_and_again_after_a_restart()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var program = bench.AddPrimes();
        bench.Join(name: "porch");
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 100_000), bench.Now).Problem);
        bench.AdvanceUntil(() => bench.Core.Views.Job("j1", bench.Now).Value!.State == "completed");
        var job = dashboard.Json("job/j1/progress");
        Assert.Equal(("completed", 200), (job.GetProperty("state").GetString(), job.GetProperty("done").GetInt32()));
        var paid = bench.Core.Views.Job("j1", bench.Now).Value!.PaidMicro;
        Assert.Equal(paid, (long)Math.Round(job.GetProperty("credits").GetDouble() * 1e3) * 1_000, 1_000.0);
        Assert.Equal(200, Assert.Single(dashboard.Events("job.completed")).GetProperty("data").GetProperty("done").GetInt32());
        bench.Crash();
        Assert.Equal("completed", new Dashboard(bench, "late").Json("job/j1/progress").GetProperty("state").GetString());
    }

    [Fact]
    public void A_cancelled_job_is_no_failed_one()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(bench.AddPrimes(), 100_000), bench.Now).Problem);
        Assert.Null(bench.Core.CancelJob("j1", bench.Now).Problem);
        bench.Settle();
        Assert.Equal("cancelled", dashboard.Json("job/j1/progress").GetProperty("state").GetString());
        Assert.Single(dashboard.Events("job.cancelled"));
        Assert.Empty(dashboard.Events("job.failed"));
    }

    [Fact]
    public void The_oldest_ended_job_that_is_forgotten_is_forgotten_by_dashboards_too()
    {
        var bench = new CoreBench();
        var program = bench.AddPrimes();
        for (var n = 0; n < JobTable.EndedKept; n++)
        {
            Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 500), bench.Now).Problem);
            Assert.Null(bench.Core.CancelJob($"j{n + 1}", bench.Now).Problem);
        }
        var retained = bench.Core.Broker.Counters.RetainedMessages;
        var dashboard = BenchClient.Connect(bench, "dash", null, null);
        dashboard.Subscribe("depin/v1/home/job/j1/progress");
        bench.Settle();
        Assert.NotEmpty(Assert.Single(dashboard.Received).Payload);
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 500), bench.Now).Problem);
        Assert.Null(bench.Core.CancelJob($"j{JobTable.EndedKept + 1}", bench.Now).Problem);
        bench.Settle();
        Assert.Equal(2, dashboard.Received.Count);
        Assert.Empty(dashboard.Received[1].Payload);
        Assert.Equal(retained, bench.Core.Broker.Counters.RetainedMessages);
    }

    [Fact]
    public void A_unit_says_what_it_can_do_and_what_of_it_can_be_counted_on()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var program = bench.AddPrimes();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => dashboard.StateOf("porch") == "ready online");
        bench.Advance(TelemetryStage.AggregateEveryMs);
        var unit = dashboard.Json(Unit);
        var rate = board.Profile.FuelPerSecond;
        Assert.Equal((1, 1, rate, rate, 1.0), (unit.GetProperty("members").GetInt32(), unit.GetProperty("online").GetInt32(), unit.GetProperty("rate").GetInt64(), unit.GetProperty("promise").GetInt64(), unit.GetProperty("on_time").GetDouble()));
        Assert.False(unit.TryGetProperty("task_mj", out _));

        // Two leases break, the rest is kept.
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 100_000), bench.Now).Problem);
        board.Lazy = true;
        bench.Settle();
        bench.AdvanceUntil(() => bench.Core.Views.Counters().LeasesExpired > 0);
        board.Lazy = false;
        bench.AdvanceUntil(() => bench.Core.Views.Job("j1", bench.Now).Value!.State == "completed");
        bench.Advance(TelemetryStage.AggregateEveryMs);
        unit = dashboard.Json(Unit);
        var onTime = bench.Core.Views.Units().Single().OnTime;
        Assert.InRange(onTime, 0.01, 0.99);
        Assert.Equal((long)(rate * onTime), unit.GetProperty("promise").GetInt64());
        Assert.Equal(200, unit.GetProperty("tasks_ok").GetInt32());
    }

    [Fact]
    public void A_units_energy_is_the_mean_of_the_members_that_measure_it()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        foreach (var (name, centiMj) in new[] { ("one", 100), ("two", 250), ("three", -1) })
        {
            var board = new HostileBoard(bench, name);
            board.LogIn();
            board.Birth();
            var report = new Report();
            report.Telemetry.Present = centiMj < 0 ? TelemetryField.Uptime : TelemetryField.TaskEnergy;
            report.Telemetry.TaskCentiMj = Math.Max(0, centiMj);
            board.Report(report);
            board.Client!.Drop();
        }
        bench.Advance(TelemetryStage.AggregateEveryMs);
        var unit = dashboard.Json("unit/evil-1/state");
        Assert.Equal((3, 0, 1.75), (unit.GetProperty("members").GetInt32(), unit.GetProperty("online").GetInt32(), unit.GetProperty("task_mj").GetDouble()));
    }

    [Fact]
    public void The_gateway_tells_of_itself_every_minute_and_last_of_all_that_it_stops()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        Assert.Equal("online", dashboard.Text("gateway/status"));
        Assert.Equal(0, dashboard.Json("gateway/info").GetProperty("uptime_s").GetInt64());
        Assert.Equal(bench.Now.Ms + TelemetryStage.InfoEveryMs, bench.Core.NextTickMs);
        bench.Advance(TelemetryStage.InfoEveryMs - 1);
        Assert.Equal(0, dashboard.Json("gateway/info").GetProperty("uptime_s").GetInt64());
        bench.Advance(1);
        Assert.Equal(60, dashboard.Json("gateway/info").GetProperty("uptime_s").GetInt64());
        bench.Core.Stopping(bench.Now);
        bench.Settle();
        Assert.Equal("offline", dashboard.Text("gateway/status"));
        Assert.EndsWith("gateway/info", dashboard.All[^1].Topic, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sealed_epoch_is_a_root_and_an_event()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        bench.AddPrimes();
        Assert.Null(bench.Core.SealEpoch(bench.Now).Problem);
        bench.Settle();
        var root = dashboard.Json("ledger/root");
        Assert.Equal(1, root.GetProperty("epoch").GetInt64());
        Assert.NotEqual("", root.GetProperty("sig").GetString());
        Assert.Equal(root.GetProperty("root").GetString(), Assert.Single(dashboard.Events("epoch.sealed")).GetProperty("data").GetProperty("root").GetString());
    }
}
