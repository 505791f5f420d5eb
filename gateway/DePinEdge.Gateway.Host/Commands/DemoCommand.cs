// `depin demo`: a gateway, a dozen simulated boards, the sample programs, and proof that all of it adds up.
using System.CommandLine;
using DePinEdge.Gateway.Host.Commands.Demo;
using DePinEdge.Simulator;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>Builds the command <c>demo</c>. Exit code 0 only when every invariant holds.</summary>
internal static class DemoCommand
{
    /// <summary>The command with its options, ready to be added to the root.</summary>
    public static Command Create()
    {
        var defaults = new DemoOptions();
        var once = new Option<bool>("--once") { Description = "End after the checks: exit code 0 only when every invariant holds." };
        var chaos = new Option<bool>("--chaos") { Description = "Boards lie and die, links break, a key is stolen; the same answers must come out, and no lie be paid." };
        var json = new Option<bool>("--json") { Description = "Standard output is one line of JSON; everything else goes to standard error." };
        var boards = new Option<int>("--boards") { Description = $"Simulated boards, 1 to {DemoOptions.BoardsMax}.", DefaultValueFactory = _ => defaults.Boards };
        var limit = new Option<long>("--limit") { Description = "Count the primes below this number.", DefaultValueFactory = _ => defaults.Limit };
        var tasks = new Option<long?>("--tasks") { Description = $"Tasks to cut the range into; one for every {DemoOptions.DefaultWidth} numbers when not given." };
        var programs = new Option<string[]>("--program") { Description = "Run only this sample program; may be given again. Without it all are run." };
        var pace = new Option<Pace?>("--pace") { Description = "board: at a board's speed; none: flat out. With --once or --chaos the default is none, otherwise board." };
        var data = new Option<string?>("--data") { Description = "Keep ledger and board keys in this folder, and go on with them in the next run." };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the boards' sensors, nonces and waits, and of what goes wrong with --chaos.", DefaultValueFactory = _ => defaults.Seed };
        var mqttPort = new Option<int>("--mqtt-port") { Description = "The broker's port; 0 takes a free one.", DefaultValueFactory = _ => defaults.MqttPort };
        var httpPort = new Option<int>("--http-port") { Description = "The API's port; 0 takes a free one.", DefaultValueFactory = _ => defaults.HttpPort };
        var command = new Command(
            "demo",
            "Start a gateway with simulated boards, run the sample programs on them and check every result and every credit.\n"
            + "Example: depin demo --once --json --mqtt-port 0 --http-port 0")
        {
            once, chaos, json, boards, programs, limit, tasks, pace, data, seed, mqttPort, httpPort,
        };
        command.SetAction((parsed, cancel) =>
        {
            var run = parsed.InvocationConfiguration;
            var options = new DemoOptions
            {
                Once = parsed.GetValue(once),
                Chaos = parsed.GetValue(chaos),
                Json = parsed.GetValue(json),
                Boards = parsed.GetValue(boards),
                Limit = parsed.GetValue(limit),
                Tasks = parsed.GetValue(tasks),
                Programs = parsed.GetValue(programs) ?? [],
                Pace = parsed.GetValue(pace),
                Data = parsed.GetValue(data),
                Seed = parsed.GetValue(seed),
                MqttPort = parsed.GetValue(mqttPort),
                HttpPort = parsed.GetValue(httpPort),
            };
            var terminal = ReferenceEquals(run.Error, Console.Error) && !Console.IsErrorRedirected;
            return Cli.GuardAsync(run.Error, () => RunAsync(options, run.Output, run.Error, terminal, cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, TextWriter output, TextWriter error, bool errorIsTerminal, CancellationToken cancel)
    {
        if (options.Problem() is { } problem)
            throw new HostException(problem, "depin demo --help names the ranges", ExitCodes.Usage);
        var screen = new DemoScreen(options.Json ? error : output, error, errorIsTerminal);
        try
        {
            var result = await new DemoRun(options, screen, TimeProvider.System).RunAsync(options.Once ? null : AfterwardsAsync, cancel);
            if (options.Json && options.Once)
                await output.WriteLineAsync(result.ToJson());
            return result.Good ? ExitCodes.Ok : ExitCodes.VerificationFailed;
        }
        catch (HostException failure) when (failure.ExitCode == ExitCodes.PortInUse)
        {
            throw new HostException(failure.Message, "--mqtt-port 0 --http-port 0 take free ports, or name others", ExitCodes.PortInUse, failure);
        }

        async Task AfterwardsAsync(DemoResult result)
        {
            if (options.Json)
                await output.WriteLineAsync(result.ToJson());
            screen.Line($"  It runs on until Ctrl+C (--once exits). Started with --data DIR, other commands reach it: depin device ls --data DIR");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
