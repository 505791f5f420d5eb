using System.CommandLine;
using DePinEdge.Gateway.Host.Commands.Demo;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`program inputs NAME`: the inputs of a sample program's tasks, as the demo submits them.</summary>
internal static class ProgramInputsCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "headers, digits or lj." };
        return Cli.LocalVerb(
            "inputs", "Print a sample program's real inputs, one task's a line in hexadecimal, for submit --input FILE --hex.", "depin program inputs lj", [name],
            (call, _) =>
            {
                var samples = SampleJobs.All(new DemoOptions()).Where(sample => sample.Inputs is not null).ToArray();
                var asked = call.Parsed.GetValue(name)!;
                var found = samples.FirstOrDefault(sample => sample.Name == asked) ?? throw new HostException(
                    $"there are no inputs of {asked}", $"programs with inputs: {string.Join(", ", samples.Select(sample => sample.Name))}", ExitCodes.Usage);
                for (var task = 0; task < found.Inputs!.Count; task++)
                {
                    var hex = Convert.ToHexStringLower(found.Inputs[task]);
                    if (call.Json)
                        call.WriteJson(new SampleInput(task, hex), CliJson.Default.SampleInput);
                    else
                        call.Out.WriteLine(hex);
                }
                return Task.FromResult(ExitCodes.Ok);
            });
    }
}

/// <summary>One task's input as `program inputs --json` prints it.</summary>
internal sealed record SampleInput(long Task, string Input);
