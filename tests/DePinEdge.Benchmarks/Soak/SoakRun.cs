using System.Diagnostics;
using System.Text.Json;

namespace DePinEdge.Benchmarks.Soak;

/// <summary>
/// A fleet works for minutes against a gateway in another process: the real agent over real sockets, jobs one after the other, telemetry
/// as boards report it. The gateway's process is read from /proc, its counters from /metrics, once a second.
/// </summary>
internal static class SoakRun
{
    /// <summary>Readings of memory before this are warm-up: the heap finds its size, code is compiled.</summary>
    private const double WarmUpSeconds = 60;

    /// <summary>Work in one job at the fleet's own pace, seconds.</summary>
    private const double JobSeconds = 15;

    private const double FuelPerTask = 45_000;
    private const int JobsAtOnce = 3;

    public static async Task<int> RunAsync(SoakOptions options, CancellationToken cancel)
    {
        await using var gateway = await GatewayProcess.StartAsync(options.Data, cancel);
        Console.Error.WriteLine($"gateway {gateway.Id} on {gateway.MqttPort}, {options.Boards} boards join");
        await using var fleet = await Fleet.StartAsync(gateway, options.Boards, options.FlatOut, cancel);
        var tasks = Math.Clamp((long)(Fleet.FuelPerSecond(options.Boards) * JobSeconds / FuelPerTask), 500, 40_000);
        var jobs = await PrimesJobs.PrepareAsync(gateway.Client, tasks, cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var working = jobs.RunAsync(JobsAtOnce, stop.Token);
        var report = await MeasureAsync(options, gateway, jobs, working, cancel);
        await stop.CancelAsync();
        await working;
        await fleet.StopAsync();
        if (await gateway.StopAsync() is not 0 and var code)
            report = report with { Problems = [.. report.Problems, $"the gateway ended with {code}"] };
        report = report with { Problems = [.. report.Problems, .. jobs.Problems, .. gateway.Faults.Take(5)] };
        Tell(report, options.Json);
        return report.Good ? 0 : 1;
    }

    private static async Task<SoakReport> MeasureAsync(SoakOptions options, GatewayProcess gateway, PrimesJobs jobs, Task working, CancellationToken cancel)
    {
        // Before the first task there is nothing to measure.
        while ((await gateway.MetricsAsync(cancel))["depin_tasks_paid_total"] == 0 && !working.IsCompleted)
            await Task.Delay(100, cancel);
        var before = await gateway.MetricsAsync(cancel);
        var first = ProcReading.Of(gateway.Id);
        var watch = Stopwatch.StartNew();
        var resident = new List<(double Seconds, double Bytes)>();
        while (watch.Elapsed.TotalMinutes < options.Minutes && !gateway.Ended && !working.IsFaulted)
        {
            await Task.Delay(1_000, cancel);
            resident.Add((watch.Elapsed.TotalSeconds, ProcReading.Of(gateway.Id).ResidentBytes));
        }
        if (working.IsFaulted)
            await working;
        var after = await gateway.MetricsAsync(cancel);
        var last = ProcReading.Of(gateway.Id);
        var seconds = watch.Elapsed.TotalSeconds;
        double Grown(string name) => after[name] - before[name];
        var tasks = Grown("depin_tasks_paid_total");
        var warm = Math.Min(WarmUpSeconds, seconds / 3);
        var slope = 60 * Slope.Of([.. resident.Where(r => r.Seconds >= warm)]);
        // A collector's saw-tooth tilts a short line: 2 % a minute over some minutes. In a run of a minute or two compiled code and buffers
        // still find their size (1,000 boards: 24 MB within it), so that only growth without end is told from it: 64 MB a minute.
        var bound = options.Minutes < 3 ? 64e6 : Math.Max(1 << 20, 0.02 * last.ResidentBytes);
        var minute = resident.FirstOrDefault(r => r.Seconds >= 60, resident[^1]).Bytes;
        return new SoakReport(
            options.Boards, options.FlatOut, seconds, (long)tasks, tasks / seconds, jobs.Completed, Grown("depin_telemetry_reports_total") / seconds,
            (last.CpuSeconds - first.CpuSeconds) / seconds, 1_000 * (last.CpuSeconds - first.CpuSeconds) / tasks, first.ResidentBytes, minute,
            last.ResidentBytes, slope, bound, slope <= bound, (last.WrittenBytes - first.WrittenBytes) / tasks,
            Grown("depin_store_written_bytes_total{kind=\"turn\"}") / tasks, Grown("depin_store_written_bytes_total{kind=\"blob\"}") / tasks,
            Grown("depin_store_written_bytes_total{kind=\"snapshot\"}"), Grown("depin_store_commits_total") / seconds,
            Metrics.Quantile(before, after, "depin_verdict_seconds", 0.5), Metrics.Quantile(before, after, "depin_verdict_seconds", 0.99),
            (long)Grown("depin_results_refused_total"),
            (long)after.Family("depin_limit_reached_total").Sum(one => one.Value - before["depin_limit_reached_total" + one.Labels]), []);
    }

    private static void Tell(SoakReport report, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, SoakJson.Default.SoakReport));
            return;
        }
        Console.WriteLine($"""
            boards           {report.Boards}{(report.FlatOut ? " flat out" : " at their own pace")}, {report.Seconds:0} s
            tasks            {report.Tasks:N0}, {report.TasksPerSecond:N1}/s; {report.Jobs} jobs right, {report.TasksRefused} results refused
            telemetry        {report.TelemetryPerSecond:N1} reports/s
            processor        {report.CpuShareOfCore:P1} of a core, {report.CpuSecondsPerThousandTasks:0.000} s per 1,000 tasks
            memory           {report.ResidentStart / 1e6:0.0} MB at the start, {report.ResidentOneMinute / 1e6:0.0} MB after a minute, {report.ResidentEnd / 1e6:0.0} MB at the end
            slope            {report.ResidentSlopePerMinute / 1e6:+0.00;-0.00} MB/min, bound {report.SlopeBoundPerMinute / 1e6:0.00}: {(report.MemoryFlat ? "flat" : "GROWS")}
            written          {report.WrittenBytesPerTask:0.0} bytes a task to the disk; turns {report.TurnBytesPerTask:0.0}, blobs {report.BlobBytesPerTask:0.0} a task; snapshots {report.SnapshotBytes:N0} in all
            commits          {report.CommitsPerSecond:0.0}/s
            report-verdict   p50 {report.VerdictP50Seconds * 1e3:0.0} ms, p99 {report.VerdictP99Seconds * 1e3:0.0} ms
            limits met       {report.LimitsReached}
            verdict          {(report.Good ? "good" : "NOT GOOD")}
            """);
        foreach (var problem in report.Problems)
            Console.WriteLine($"  {problem}");
    }
}
