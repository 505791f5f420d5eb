using System.CommandLine;
using System.Text.Json;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`program check FILE`: the gateway's own checks, without a gateway.</summary>
internal static class ProgramCheckCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The .wasm file." };
        return Cli.LocalVerb("check", "Check a program as the gateway would, and say what it needs.", "depin program check primes.wasm", [file], (call, _) =>
        {
            var program = ProgramFile.Load(call.Parsed.GetValue(file)!);
            var (manifest, info) = (program.Manifest, program.Info);
            var check = new ProgramCheck(
                program.HashHex, manifest.Name, manifest.Version, info.WasmBytes, info.ImageBytes, info.Functions, info.Operators, info.Imports, manifest.MemoryBytes,
                info.MemoryBytesNeeded, manifest.StackSlots, info.StackSlotsWorst, manifest.FuelMax, CliJson.Lower(manifest.Input), CliJson.Lower(manifest.Output),
                CliJson.Lower(manifest.Reduce), [.. manifest.Params.Select(p => p.Default is { } value ? $"{p.Name}={value}" : p.Name)]);
            if (call.Json)
            {
                call.Out.WriteLine(JsonSerializer.Serialize(check, CliJson.Default.ProgramCheck));
                return Task.FromResult(ExitCodes.Ok);
            }
            return Task.FromResult(call.WriteOne(
                check, CliJson.Default.ProgramCheck,
                ("program", $"{check.Name} {check.Version}: {manifest.Summary}"), ("hash", check.Hash),
                ("size", $"{Show.Count(check.WasmBytes)} bytes, {Show.Count(check.ImageBytes)} as an image for boards"),
                ("code", $"{check.Functions} functions, {Show.Count(check.Operators)} operators, imports: {Show.Or(string.Join(", ", check.Imports), "none")}"),
                ("memory", $"{Show.Count(check.MemoryBytes)} bytes stated, {Show.Count(check.MemoryBytesNeeded)} needed at least"),
                ("stack", $"{Show.Count(check.StackSlots)} slots stated, worst {(check.StackSlotsWorst is { } worst ? Show.Count(worst) : "unknown (it recurses)")}"),
                ("fuel", Show.Count(check.FuelMax) + " a task at most"), ("input", check.Input), ("output", $"{check.Output}, reduce {check.Reduce}"),
                ("parameters", Show.Or(string.Join(", ", check.Params), "none"))));
        });
    }
}

/// <summary>What `program check --json` prints.</summary>
internal sealed record ProgramCheck(
    string Hash, string Name, string Version, int WasmBytes, int ImageBytes, int Functions, int Operators, IReadOnlyList<string> Imports, int MemoryBytes,
    int MemoryBytesNeeded, int StackSlots, long? StackSlotsWorst, long FuelMax, string Input, string Output, string Reduce, IReadOnlyList<string> Params);
