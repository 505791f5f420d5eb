using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;

namespace DePinEdge.Tests.Gateway.Host.Crash;

/// <summary>
/// Kill -9 at durable commits drawn from a printed seed, with boards alive in another process: the gateway starts again, the job
/// completes, every task is paid exactly once, books and chain verify. DEPIN_KILL_SEED replays one run.
/// </summary>
public class KillTests(ITestOutputHelper output)
{
    private const int Kills = 20;

    /// <summary>After this many commits at the latest a gateway dies; small, so that restarts meet every state of a job.</summary>
    private const int CommitsMax = 12;

    /// <summary>Primes below 10^7 in tasks of 500 numbers.</summary>
    private const int TasksPerJob = 20_000;
    private const string JobDone = "completed 20000 664579";

    /// <summary>More than the boards can do within <see cref="CommitsMax"/> commits: with less left, a further job keeps the commits coming.</summary>
    private const int TasksLeftMin = 6_000;

    [Fact(Timeout = 240_000)]
    public async Task Twenty_kills_lose_nothing_and_pay_nothing_twice()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("DEPIN_KILL_SEED"), out var given) ? given : Environment.ProcessId;
        output.WriteLine($"DEPIN_KILL_SEED={seed}");
        var random = new Random(seed);
        using var folder = new TempFolder();
        var data = Path.Combine(folder.Path, "data");

        var (first, ready) = await ChildProcess.StartAsync("gateway", data, "0", nameof(CrashPlace.Never), "0");
        var port = ready.Split(' ')[1];
        var codes = new List<string>();
        for (var i = 0; i < 3; i++)
            codes.Add((await first.AskAsync($"invite board-{i}"))!);
        var program = (await first.AskAsync("primes"))!;
        var job = (await first.AskAsync($"submit {program} 10000000 job-0"))!;
        Assert.Equal(0, await first.FinishAsync());
        first.Dispose();

        var (boards, _) = await ChildProcess.StartAsync("boards", [port, .. codes]);
        using var fleet = boards;
        var jobs = new List<string> { job };
        var between = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            // Every fourth dies in the worst moment, the others after what they said is on its way.
            var place = kill % 4 == 0 ? CrashPlace.BetweenCommitAndPublish : CrashPlace.AfterFlush;
            between += place == CrashPlace.BetweenCommitAndPublish ? 1 : 0;
            var commit = random.Next(1, CommitsMax + 1);
            var (gateway, again) = await ChildProcess.StartAsync("gateway", data, port, place.ToString(), commit.ToString());
            using var dying = gateway;
            Assert.Equal($"ready {port}", again);
            if (await gateway.AskAsync($"job {jobs[^1]}") is { } state && TasksPerJob - int.Parse(state.Split(' ')[1]) < TasksLeftMin
                && await gateway.AskAsync($"submit {program} 10000000 job-{jobs.Count}") is { Length: > 0 } more)
                jobs.Add(more);
            Assert.Equal(128 + 9, await gateway.EndedAsync());
        }
        Assert.True(between >= 5);

        var (last, _) = await ChildProcess.StartAsync("gateway", data, port, nameof(CrashPlace.Never), "0");
        using var living = last;
        foreach (var id in jobs)
            Assert.Equal(JobDone, await CompletedAsync(last, int.Parse(port), id));
        Assert.Equal(0, await last.FinishAsync());
        Assert.Equal(0, await boards.FinishAsync());
        Check(data, jobs.Count);
    }

    /// <summary>Waits for the job's progress topic to say that it ended, then asks how.</summary>
    private static async Task<string?> CompletedAsync(ChildProcess gateway, int port, string job)
    {
        await using var client = new MqttClient();
        await client.ConnectAsync(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = $"watch-{job}" });
        await client.SubscribeAsync($"depin/v1/home/job/{job}/progress", QoS.AtLeastOnce);
        while (await gateway.AskAsync($"job {job}") is { } state)
        {
            if (!state.StartsWith("running", StringComparison.Ordinal))
                return state;
            await client.Messages.ReadAsync();
        }
        return null;
    }

    private void Check(string data, int jobs)
    {
        using var store = TurnFile.Open(DataFolder.At(data));
        var report = LedgerVerifier.Verify(store.ReadAll());
        Assert.True(report.Ok, string.Join('\n', report.Errors));
        // The verifier refuses a task that is paid twice; the count says that none was left out.
        Assert.Equal((long)TasksPerJob * jobs, report.TasksPaid);
        Assert.Equal(report.PostedMicro, report.ChargedMicro);
        output.WriteLine($"{jobs} jobs, {report.Turns} turns, {report.Records} records, {report.TasksPaid} tasks paid");
    }
}
