using System.CommandLine;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`program new|inputs|check|run|add|ls`; new, inputs, check and run need no gateway.</summary>
internal static class ProgramCommands
{
    public static Command Create() => new("program", "Programs: WebAssembly modules with a manifest.")
    {
        ProgramNewCommand.Create(), ProgramInputsCommand.Create(), ProgramCheckCommand.Create(), ProgramRunCommand.Create(), Add(), List(),
    };

    private static Command Add()
    {
        var file = new Argument<string>("FILE") { Description = "The .wasm file." };
        return Cli.Verb("add", "Add a program to the gateway's library.", "depin program add primes.wasm", [file], async (call, cancel) =>
        {
            var wasm = await File.ReadAllBytesAsync(call.Parsed.GetValue(file)!, cancel);
            using var client = call.Connect();
            var p = await client.AddProgramAsync(wasm, cancel);
            return call.WriteOne(p, ClientJson.Default.ProgramEntry, ("program", $"{p.Name} {p.Version}"), ("hash", p.Hash), ("fuel at most", Show.Count(p.FuelMax)));
        });
    }

    private static Command List() => Cli.Verb("ls", "List the library.", "depin program ls", [], async (call, cancel) =>
    {
        using var client = call.Connect();
        return call.WriteList(
            await client.ProgramsAsync(cancel), ClientJson.Default.ProgramEntry,
            new TextTable("PROGRAM", "VERSION", "HASH", "#BYTES", "#IMAGE", "#MEMORY", "#FUEL MAX", "OUTPUT", "REDUCE"),
            p => [p.Name, p.Version, p.Hash[..12], Show.Count(p.SizeBytes), Show.Count(p.ImageBytes), Show.Count(p.MemoryBytes), Show.Count(p.FuelMax), p.Output, p.Reduce]);
    });
}
