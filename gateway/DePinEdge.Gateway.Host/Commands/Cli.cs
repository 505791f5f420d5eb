using System.CommandLine;
using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>What every command shares: the options --data, --gateway and --json, and one way to say what went wrong.</summary>
internal static class Cli
{
    /// <summary>A verb that runs <paramref name="body"/>; every failure becomes one line, a hint and an exit code.</summary>
    public static Command Verb(string name, string what, string example, IEnumerable<Symbol> own, Func<CliCall, CancellationToken, Task<int>> body) =>
        Verb(name, what, example, own, body, local: false);

    /// <summary>A verb that needs no gateway: it has neither `--data` nor `--gateway`.</summary>
    public static Command LocalVerb(string name, string what, string example, IEnumerable<Symbol> own, Func<CliCall, CancellationToken, Task<int>> body) =>
        Verb(name, what, example, own, body, local: true);

    private static Command Verb(
        string name, string what, string example, IEnumerable<Symbol> own, Func<CliCall, CancellationToken, Task<int>> body, bool local)
    {
        var data = DataOption();
        var gateway = new Option<string?>("--gateway") { Description = "URL of the gateway; by default the one that runs on the data folder." };
        var json = new Option<bool>("--json") { Description = "Print JSON, one line for each value." };
        var command = new Command(name, $"{what}\nExample: {example}");
        foreach (var symbol in own)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }
        if (!local)
        {
            command.Add(data);
            command.Add(gateway);
        }
        command.Add(json);
        command.SetAction((parsed, cancel) =>
        {
            var call = local
                ? new CliCall(parsed, DataFolder.Default, null, parsed.GetValue(json))
                : new CliCall(parsed, parsed.GetValue(data)!, parsed.GetValue(gateway), parsed.GetValue(json));
            return GuardAsync(call.Error, () => body(call, cancel));
        });
        return command;
    }

    /// <summary>The data folder's option.</summary>
    public static Option<string> DataOption() => new("--data")
    {
        Description = "The gateway's data folder.",
        DefaultValueFactory = _ => DataFolder.Default,
    };

    /// <summary>Runs a command's body and explains its failures on standard error.</summary>
    public static async Task<int> GuardAsync(TextWriter error, Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (DepinException failure)
        {
            var field = failure.Field is null ? "" : $" (field {failure.Field})";
            return await SayAsync(
                error, failure.Message + field, failure.Hint, failure.Failure == DepinFailure.Unreachable ? ExitCodes.Unreachable : ExitCodes.Failed);
        }
        catch (HostException failure)
        {
            return await SayAsync(error, failure.Message, failure.Hint, failure.ExitCode);
        }
        catch (StoreException failure)
        {
            var explained = StoreHints.Explain(failure);
            return await SayAsync(error, explained.Message, explained.Hint, explained.ExitCode);
        }
        catch (CorruptRecordException failure)
        {
            return await SayAsync(error, $"the file is damaged: {failure.Message}", "fetch or export it again", ExitCodes.BadData);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await SayAsync(error, failure.Message, "", ExitCodes.BadData);
        }
        catch (OperationCanceledException)
        {
            return await SayAsync(error, "stopped before it was done", "", ExitCodes.Failed);
        }
        catch (Exception failure)
        {
            return await SayAsync(error, $"a fault of this program: {failure}", "please report it", ExitCodes.Bug);
        }
    }

    private static async Task<int> SayAsync(TextWriter error, string message, string hint, int exitCode)
    {
        await error.WriteLineAsync("error: " + message);
        if (hint.Length > 0)
            await error.WriteLineAsync("hint: " + hint);
        return exitCode;
    }
}
