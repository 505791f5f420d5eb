using System.Diagnostics;
using System.Text.Json;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;
using DePinEdge.Simulator;

namespace DePinEdge.Benchmarks.Hostile;

/// <summary>
/// Mutated packets, frames, join messages and requests against a gateway in another process, while an honest fleet works there and a
/// dashboard watches. Nobody honest may notice: jobs end right, no board is held or loses its connection, the dashboard goes on, memory
/// stays, the log has no fault, the refusals are counted, and the ledger verifies afterwards.
/// </summary>
internal static class HostileRun
{
    private const int HonestBoards = 8;
    private const int PacketLinks = 24, FrameBoards = 6, JoinLinks = 4, HttpLinks = 8;

    /// <summary>What the process may grow by: compiled code, pooled buffers at their largest, the tables' own limits.</summary>
    private const double GrowthBound = 96e6;

    public static async Task<int> RunAsync(HostileOptions options, CancellationToken cancel)
    {
        await using var gateway = await GatewayProcess.StartAsync(options.Data, cancel);
        await using var fleet = await Fleet.StartAsync(gateway, HonestBoards, false, cancel);
        var jobs = await PrimesJobs.PrepareAsync(gateway.Client, 600, cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var working = jobs.RunAsync(2, stop.Token);
        await using var dashboard = new MqttClient();
        await dashboard.ConnectAsync(new MqttClientOptions { Port = gateway.MqttPort, ClientId = $"dashboard-{options.Seed}", MessageCapacity = 10_000 }, cancel);
        await dashboard.SubscribeAsync("depin/v1/+/device/+/telemetry/#", QoS.AtLeastOnce, cancel);
        await dashboard.SubscribeAsync("depin/v1/+/job/+/progress", QoS.AtMostOnce, cancel);
        long watched = 0;
        var watching = Task.Run(async () =>
        {
            await foreach (var _ in dashboard.Messages.ReadAllAsync(CancellationToken.None))
                Interlocked.Increment(ref watched);
        }, cancel);

        // The first tenth warms the gateway up: code is compiled, pools find their size.
        await AttackAsync(gateway, options.Count / 10, options.Seed + 1_000_000, cancel);
        var before = await gateway.MetricsAsync(cancel);
        var first = ProcReading.Of(gateway.Id);
        var lost = fleet.Counters().ConnectionsLost;
        var seen = Interlocked.Read(ref watched);
        var watch = Stopwatch.StartNew();
        var attacks = await AttackAsync(gateway, options.Count, options.Seed, cancel);
        var seconds = watch.Elapsed.TotalSeconds;
        var after = await gateway.MetricsAsync(cancel);
        var last = ProcReading.Of(gateway.Id);
        seen = Interlocked.Read(ref watched) - seen;

        // Whoever is honest gets one more job through, undisturbed.
        await jobs.OneAsync(cancel);
        await stop.CancelAsync();
        await working;
        var problems = new List<string>(jobs.Problems);
        var devices = await gateway.Client.DevicesAsync(cancel);
        var held = devices.Count(device => device.HeldReason.Length > 0 && !device.Id.StartsWith("evil-", StringComparison.Ordinal));
        var counters = fleet.Counters();
        double Grown(string name) => after[name] - before[name];
        Dictionary<string, double> Family(string name) => after.Family(name).Select(one => (one.Labels, Value: one.Value - before[name + one.Labels]))
            .Where(one => one.Value > 0).ToDictionary(one => one.Labels.Split('"')[1], one => one.Value);
        var report = new HostileReport(
            options.Seed, attacks.Packets.Sent, attacks.Frames.Sent, attacks.Joins.Sent, attacks.Requests.Sent,
            attacks.All.Sum(one => one.Connections), attacks.All.Sum(one => one.ClosedByGateway), seconds, first.ResidentBytes, last.ResidentBytes, GrowthBound,
            (long)Grown("depin_tasks_paid_total"), jobs.Completed, (long)Grown("depin_results_refused_total"), held, counters.ConnectionsLost - lost, seen,
            Grown("depin_mqtt_protocol_errors_total"), Grown("depin_mqtt_connects_refused_total"), Grown("depin_frames_bad_total"),
            Grown("depin_joins_refused_total"), Family("depin_refused_total"), Family("depin_limit_reached_total"), "", problems);

        void Require(bool holds, string what)
        {
            if (!holds)
                problems.Add(what);
        }
        Require(report.Mutations >= options.Count, $"{report.Mutations} of {options.Count} mutations were sent");
        Require(jobs.Completed > 0 && report.HonestTasks > 0, "no honest job was completed");
        Require(report.HonestRefused == 0, $"{report.HonestRefused} honest results were refused");
        Require(held == 0, $"{held} honest boards are held");
        Require(report.HonestConnectionsLost == 0 && counters.Online == HonestBoards, $"honest boards lost {report.HonestConnectionsLost} connections, {counters.Online} are online");
        Require(seen > 0 && !dashboard.Closed.IsCompleted, "the dashboard was not served");
        Require(report.ResidentAfter - report.ResidentBefore < GrowthBound, $"memory grew by {(report.ResidentAfter - report.ResidentBefore) / 1e6:0.0} MB");
        var counted = report.ProtocolErrors + report.ConnectsRefused + Grown("depin_mqtt_quota_disconnects_total") + Grown("depin_mqtt_take_overs_total")
            + Grown("depin_mqtt_connect_timeouts_total") + Grown("depin_mqtt_disconnects_total");
        Require(attacks.Packets.ClosedByGateway <= counted, $"{attacks.Packets.ClosedByGateway} connections were ended, {counted} ends are counted");
        Require(report.FramesBad >= attacks.BadFrames, $"{attacks.BadFrames} bad frames were taken, {report.FramesBad} are counted");
        Require(report.JoinsRefused > 0, "no refused join is counted");
        Require(after["depin_ledger_balanced"] == 1, "the books do not balance");
        await gateway.Client.SealAsync(cancel);
        await dashboard.DisposeAsync();
        await watching;
        await fleet.StopAsync();
        var exit = await gateway.StopAsync();
        Require(exit == 0, $"the gateway ended with {exit}");
        problems.AddRange(gateway.Faults.Take(5));
        var (verified, verdict) = await VerifyAsync(gateway.Folder, cancel);
        Require(verified, $"the ledger does not verify: {verdict}");
        Tell(report with { Ledger = verdict, HonestJobs = jobs.Completed }, options);
        return problems.Count == 0 ? 0 : 1;
    }

    private static async Task<Attacks> AttackAsync(GatewayProcess gateway, int count, int seed, CancellationToken cancel)
    {
        var attacks = new Attacks(new Attack(count * 11 / 20), new Attack(count * 6 / 20), new Attack(count * 2 / 20), new Attack(count - (count * 19 / 20)));
        var corpus = new PacketCorpus();
        var running = new List<Task>();
        for (var i = 0; i < PacketLinks; i++)
            running.Add(PacketAttack.RunAsync(attacks.Packets, corpus, gateway.MqttPort, seed + i, cancel));
        for (var i = 0; i < JoinLinks; i++)
            running.Add(JoinAttack.RunAsync(attacks.Joins, gateway, seed + 100 + i, cancel));
        for (var i = 0; i < HttpLinks; i++)
            running.Add(HttpAttack.RunAsync(attacks.Requests, gateway.HttpPort, gateway.Token, seed + 200 + i, cancel));
        var boards = new List<FrameAttack>();
        for (var i = 0; i < FrameBoards; i++)
        {
            boards.Add(await FrameAttack.JoinAsync(gateway, $"evil-{seed}-{i}", seed + 300 + i, cancel));
            running.Add(boards[^1].RunAsync(attacks.Frames, cancel));
        }
        await Task.WhenAll(running);
        attacks.BadFrames = boards.Sum(board => board.BadFrames);
        return attacks;
    }

    private static async Task<(bool Good, string Text)> VerifyAsync(string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(DePinEdge.Gateway.Host.GatewayHost).Assembly.Location, "ledger", "verify", "--data", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode == 0, process.ExitCode == 0 ? "verified" : (await output + errors).Trim());
    }

    private static void Tell(HostileReport report, HostileOptions options)
    {
        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, HostileJson.Default.HostileReport));
            return;
        }
        Console.WriteLine($"""
            mutations        {report.Mutations:N0} in {report.Seconds:0} s, seed {report.Seed}: {report.Packets:N0} packets, {report.Frames:N0} frames, {report.Joins:N0} join messages, {report.Requests:N0} requests
            connections      {report.Connections:N0}, {report.ClosedByGateway:N0} ended by the gateway
            counted          {report.ProtocolErrors:N0} protocol errors, {report.ConnectsRefused:N0} connects refused, {report.FramesBad:N0} bad frames, {report.JoinsRefused:N0} joins refused
            refused          {string.Join(", ", report.RefusedByReason.Select(one => $"{one.Key} {one.Value:N0}"))}
            limits met       {string.Join(", ", report.LimitsReached.Select(one => $"{one.Key} {one.Value:N0}"))}
            honest           {report.HonestTasks:N0} tasks, {report.HonestJobs} jobs right, {report.HonestRefused} refused, {report.HonestHeld} held, {report.HonestConnectionsLost} connections lost; dashboard {report.Watched:N0} messages
            memory           {report.ResidentBefore / 1e6:0.0} MB -> {report.ResidentAfter / 1e6:0.0} MB (bound +{report.ResidentGrowthBound / 1e6:0})
            ledger           {report.Ledger}
            verdict          {(report.Problems.Count == 0 ? "good" : "NOT GOOD")}
            """);
        foreach (var problem in report.Problems)
            Console.WriteLine($"  {problem}");
    }

    private sealed record Attacks(Attack Packets, Attack Frames, Attack Joins, Attack Requests)
    {
        public Attack[] All => [Packets, Frames, Joins, Requests];

        public long BadFrames { get; set; }
    }
}
