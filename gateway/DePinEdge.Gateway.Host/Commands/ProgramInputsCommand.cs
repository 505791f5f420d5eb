using System.CommandLine;
using System.Text.Json;
using DePinEdge.Gateway.Host.Commands.Demo;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`program inputs NAME`: the inputs of a sample program's tasks, as the demo submits them.</summary>
internal static class ProgramInputsCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "headers, digits or lj." };
        var file = new Option<string?>("--output", "-o") { Description = "Write to this file instead." };
        return Cli.LocalVerb(
            "inputs", "Print a sample program's real inputs, one task's a line in hexadecimal, for submit --input FILE --hex.", "depin program inputs lj -o lj.hex", [name, file],
            async (call, cancel) =>
            {
                var samples = SampleJobs.All(new DemoOptions()).Where(sample => sample.Inputs is not null).ToArray();
                var asked = call.Parsed.GetValue(name)!;
                var found = samples.FirstOrDefault(sample => sample.Name == asked) ?? throw new HostException(
                    $"there are no inputs of {asked}", $"programs with inputs: {string.Join(", ", samples.Select(sample => sample.Name))}", ExitCodes.Usage);
                await using var opened = call.Parsed.GetValue(file) is { } path ? new StreamWriter(path) : null;
                TextWriter writer = opened ?? call.Out;
                for (var task = 0; task < found.Inputs!.Count; task++)
                {
                    var hex = Convert.ToHexStringLower(found.Inputs[task]);
                    var line = call.Json ? JsonSerializer.Serialize(new SampleInput(task, hex), CliJson.Default.SampleInput) : hex;
                    await writer.WriteLineAsync(line.AsMemory(), cancel);
                }
                return ExitCodes.Ok;
            });
    }
}

/// <summary>One task's input as `program inputs --json` prints it.</summary>
internal sealed record SampleInput(long Task, string Input);
