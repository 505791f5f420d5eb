using System.Buffers.Binary;
using System.CommandLine;
using System.Diagnostics;
using DePinEdge.Agent.Tasks;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Scheduling;
using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`program run FILE`: one task on this machine's engine, with its fuel, price and time.</summary>
internal static class ProgramRunCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The .wasm file." };
        var index = new Option<long?>("--index") { Description = "The task's number, for programs of a range." };
        var input = new Option<string?>("--input") { Description = "The task's input, hexadecimal." };
        var param = new Option<string[]>("--param") { Description = "A job parameter, NAME=NUMBER; may be repeated." };
        var fuel = new Option<long>("--fuel-limit") { Description = "Bound on the fuel; 0: the program's own.", DefaultValueFactory = _ => 0 };
        var price = new Option<long>("--price-micro") { Description = "Micro-credits per million fuel, for the price shown.", DefaultValueFactory = _ => 1_000 };
        return Cli.LocalVerb("run", "Run one task on this machine, without a gateway.", "depin program run primes.wasm --index 7 --param width=500", [file, index, input, param, fuel, price], (call, cancel) =>
        {
            var program = ProgramFile.Load(call.Parsed.GetValue(file)!);
            var bytes = Input(program, call.Parsed.GetValue(index), call.Parsed.GetValue(input));
            if (!program.Manifest.TryEncodeParameters(TaskParameters.Parse(call.Parsed.GetValue(param) ?? []), out var tail, out var error))
                throw new HostException(error!, "name parameters with --param NAME=NUMBER", ExitCodes.Usage);
            var limit = call.Parsed.GetValue(fuel) is > 0 and var own ? own : program.Manifest.FuelMax;
            var started = Stopwatch.GetTimestamp();
            var outcome = new TaskRunner(program).Run(bytes, tail, limit, cancel);
            var run = new ProgramRun(
                outcome.Status, outcome.Trap == 0 ? "" : TrapCode.Name(outcome.Trap), outcome.Fuel, Convert.ToHexStringLower(outcome.Output),
                JobResults.ValueOf(outcome.Output, (OutputKind)program.Manifest.Output), (long)((Int128)outcome.Fuel * call.Parsed.GetValue(price) / 1_000_000),
                Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            call.WriteOne(
                run, CliJson.Default.ProgramRun,
                ("output", run.Value is { } value ? $"{value} ({run.Output})" : Show.Or(run.Output)), ("status", run.Trap.Length > 0 ? "trap " + run.Trap : run.Status.ToString()),
                ("fuel", Show.Count(run.Fuel)), ("price", Show.Credits(run.PriceMicro) + " credits"), ("time here", $"{run.Milliseconds:0.##} ms"));
            return Task.FromResult(run.Trap.Length == 0 && run.Status == 0 ? ExitCodes.Ok : ExitCodes.Failed);
        });
    }

    private static byte[] Input(LoadedProgram program, long? index, string? hex)
    {
        if (index is >= 0 and var number && hex is null)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            return bytes;
        }
        if (index is < 0)
            throw new HostException($"--index {index} is negative", "tasks of a range are counted from 0", ExitCodes.Usage);
        if (index is not null || (hex is null && program.Manifest.Input == ProgramInput.U64))
            throw new HostException("the task needs either --index or --input", "programs of a range take --index", ExitCodes.Usage);
        try
        {
            return Convert.FromHexString(hex ?? "");
        }
        catch (FormatException)
        {
            throw new HostException($"--input {hex} is not hexadecimal", "two digits for each byte", ExitCodes.Usage);
        }
    }
}

/// <summary>What `program run --json` prints.</summary>
internal sealed record ProgramRun(int Status, string Trap, long Fuel, string Output, long? Value, long PriceMicro, double Milliseconds);
