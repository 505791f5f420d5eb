using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Gateway.Host.Crash;

/// <summary>
/// A gateway in a process of its own that dies where it is told. Arguments: data folder, MQTT port (0: a free one), place, commit.
/// It prints <c>ready PORT</c> and then answers one line for each line of standard input; the end of input stops it in order.
/// </summary>
internal static class CrashGateway
{
    public static async Task<int> RunAsync(string[] args)
    {
        var point = new CrashPoint(Enum.Parse<CrashPlace>(args[2]), int.Parse(args[3]));
        await using var host = await GatewayHost.StartAsync(new GatewayHostOptions
        {
            DataFolder = args[0],
            MqttPort = int.Parse(args[1]),
            HttpPort = 0,
            LingerMs = 2,
            BallastBytes = 0,
            StoreDecorator = point.Decorate,
            AfterFlush = point.AfterFlush,
        });
        Console.WriteLine($"ready {host.MqttPort}");
        while (await Console.In.ReadLineAsync() is { } line)
            Console.WriteLine(await AnswerAsync(host, line.Split(' ')));
        await host.StopAsync();
        return 0;
    }

    private static Task<string> AnswerAsync(GatewayHost host, string[] words) => host.Loop.AskAsync(
        (core, now) => words switch
        {
            ["invite", var name] => core.Invite(new InviteAsked(name, "", 0), now).Value!.JoinCode,
            ["primes"] => AddPrimes(core, now),
            ["submit", var program, var limit, var key] =>
                core.SubmitJob(Core.CoreBench.Primes(new ProgramHash(program), long.Parse(limit), key: key), now) is { Problem: { } problem }
                    ? problem.Detail
                    : core.Views.Jobs(now)[0].Id,
            ["job", var id] => core.Views.Job(id, now).Value is { } job ? $"{job.State} {job.Done} {job.Answer}" : "none",
            ["online"] => $"{core.Views.Counters().DevicesOnline}",
            _ => "?",
        },
        CancellationToken.None);

    private static string AddPrimes(DePinEdge.Gateway.GatewayCore core, Instant now)
    {
        var loaded = ProgramLoader.Load(File.ReadAllBytes(RepositoryRoot.Of("device", "programs", "primes", "primes.wasm"))).Program!;
        Assert.Null(core.AddProgram(Core.CoreBench.OfferOf(loaded), now).Problem);
        Assert.Null(core.Issue("alice", 1_000_000_000_000, now).Problem);
        return loaded.HashHex;
    }
}
