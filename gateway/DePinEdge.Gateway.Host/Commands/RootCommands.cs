using System.CommandLine;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>The command line as a whole: nouns, then verbs.</summary>
public static class RootCommands
{
    /// <summary>How long an orderly stop may take after Ctrl+C or SIGTERM: the last turn, a snapshot, a checkpoint.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    /// <summary>Builds the tree.</summary>
    public static RootCommand Create() => new(
        "DePinEdge: micro-tasks on small boards, every result recomputed, every credit in a ledger anybody can verify.\n"
        + "Example: depin demo --once\n\n"
        + "Exit codes: 0 done, 1 refused or failed, 2 usage, 3 no gateway answers, 4 does not verify, 5 a file is damaged, missing or in use,\n"
        + "6 a port is taken, 70 a fault of the program, 74 storage failed (start again).")
    {
        DemoCommand.Create(),
        GatewayCommands.Create(),
        BrokerCommand.Create(),
        DeviceCommands.Create(),
        UnitCommand.Create(),
        ProgramCommands.Create(),
        JobCommands.Create(),
        JobSubmitCommand.Create("submit"),
        AccountCommands.Create(),
        LedgerCommands.Create(),
        WatchCommand.Create(),
        ExplainCommand.Create(),
    };

    /// <summary>Parses and runs; the exit code is one of <see cref="ExitCodes"/>. Null writers are the console's.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null, CancellationToken cancel = default)
    {
        var parsed = Create().Parse(args);
        var run = new InvocationConfiguration { ProcessTerminationTimeout = StopPatience };
        run.Output = output ?? run.Output;
        run.Error = error ?? run.Error;
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(run, cancel);
        foreach (var problem in parsed.Errors)
            await run.Error.WriteLineAsync("error: " + Plain(problem.Message));
        await run.Error.WriteLineAsync($"hint: {string.Join(' ', Path(parsed.CommandResult))} --help shows how it is used");
        return ExitCodes.Usage;
    }

    // The parser names .NET's types; people are told what to write.
    private static string Plain(string message)
    {
        var at = message.IndexOf(" as expected type 'System.", StringComparison.Ordinal);
        if (at < 0)
            return message;
        var whole = message.Contains("Int32", StringComparison.Ordinal) || message.Contains("Int64", StringComparison.Ordinal);
        return $"{message[..at]}: it must be a {(whole ? "whole number" : "number")} within its range.";
    }

    private static IEnumerable<string> Path(System.CommandLine.Parsing.CommandResult command)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = command; at is System.CommandLine.Parsing.CommandResult one; at = at.Parent)
            names.Push(one.Parent is null ? "depin" : one.Command.Name);
        return names;
    }
}
