using System.CommandLine;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>The command line as a whole: nouns, then verbs.</summary>
public static class RootCommands
{
    /// <summary>Builds the tree.</summary>
    public static RootCommand Create() => new("DePinEdge: micro-tasks on small boards, every result recomputed, every credit in a ledger.")
    {
        DemoCommand.Create(),
    };

    /// <summary>Parses and runs; the exit code is one of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        return await parsed.InvokeAsync();
    }
}
