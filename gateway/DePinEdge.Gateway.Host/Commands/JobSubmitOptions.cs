using System.CommandLine;
using System.Globalization;
using System.Text;
using DePinEdge.Agent.Tasks;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>The options of `job submit`, and the submission they make.</summary>
internal sealed class JobSubmitOptions
{
    /// <summary>Most bytes of a task's input: the programs' contract.</summary>
    private const int InputBytesMax = HostAbi.InputBytesMax;

    public Argument<string> Program { get; } = new("PROGRAM") { Description = "Name, hash, a prefix of it, or a .wasm file, which is added first." };

    public Option<string?> Range { get; } = new("--range") { Description = "One task for each number: FROM..TO, without TO." };

    public Option<string?> Input { get; } = new("--input") { Description = "One task for each line of this file; the line's UTF-8 bytes are the input." };

    public Option<int?> Chunk { get; } = new("--chunk") { Description = "One task for every so many bytes of --input, 1 to 1024; the last may have fewer." };

    public Option<bool> Hex { get; } = new("--hex") { Description = "The lines of --input are hexadecimal." };

    public Option<string[]> Param { get; } = new("--param") { Description = "A job parameter, NAME=NUMBER; may be repeated." };

    public Option<string> Requester { get; } = new("--requester") { Description = "Whose credits pay.", DefaultValueFactory = _ => "local" };

    public Option<string> Title { get; } = new("--title") { Description = "For people.", DefaultValueFactory = _ => "" };

    public Option<long> PriceMicro { get; } = new("--price-micro") { Description = "Micro-credits per million fuel.", DefaultValueFactory = _ => 1_000 };

    public Option<decimal> MaxCredits { get; } = new("--max-credits") { Description = "Most the job may cost; 0: whatever it can cost at most.", DefaultValueFactory = _ => 0 };

    public Option<long> FuelLimit { get; } = new("--fuel-limit") { Description = "Bound on one task's fuel; 0: the program's own.", DefaultValueFactory = _ => 0 };

    public Option<string> Key { get; } = new("--key") { Description = "Idempotency key: the same key is the same job, however often it is sent.", DefaultValueFactory = _ => "" };

    public Option<string?> Output { get; } = new("--output", "-o") { Description = "Write the results of the tasks to this file, one JSON line each." };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Only say what it would cost." };

    public Option<bool> Detach { get; } = new("--detach") { Description = "Print the job's id and do not wait." };

    public IEnumerable<Symbol> All =>
        [Program, Range, Input, Chunk, Hex, Param, Requester, Title, PriceMicro, MaxCredits, FuelLimit, Key, Output, DryRun, Detach];

    /// <summary>Reads the command line into a submission. Throws <see cref="HostException"/> (usage) naming the option at fault.</summary>
    public async Task<JobSubmission> ReadAsync(CliCall call, DepinClient client, CancellationToken cancel)
    {
        var parsed = call.Parsed;
        var (range, input) = (parsed.GetValue(Range), parsed.GetValue(Input));
        if ((range is null) == (input is null))
            throw Usage("a job needs either --range or --input", "for example --range 0..1000");
        var (chunk, hex) = (parsed.GetValue(Chunk), parsed.GetValue(Hex));
        if (chunk is < 1 or > InputBytesMax)
            throw Usage($"--chunk {chunk} is out of range", $"a task takes 1 to {InputBytesMax} bytes");
        if (chunk is not null && (input is null || hex))
            throw Usage("--chunk cuts the bytes of --input", "name a file with --input, without --hex");
        if (parsed.GetValue(PriceMicro) < 0)
            throw Usage($"--price-micro {parsed.GetValue(PriceMicro)} is negative", "name 0 or more micro-credits per million fuel");
        var submission = new JobSubmission
        {
            Program = parsed.GetValue(Program)!,
            Requester = parsed.GetValue(Requester)!,
            Title = parsed.GetValue(Title)!,
            Range = range is null ? null : NumberRange.Parse(range, "--range"),
            Inputs = input is null ? null : await ReadInputsAsync(input, chunk, hex, cancel),
            Params = TaskParameters.Parse(parsed.GetValue(Param) ?? []),
            FuelLimit = parsed.GetValue(FuelLimit),
            PriceMicro = parsed.GetValue(PriceMicro),
            MaxCreditsMicro = CreditAmount.ToMicro(parsed.GetValue(MaxCredits), "--max-credits"),
        };
        if (!submission.Program.EndsWith(".wasm", StringComparison.Ordinal))
            return submission;
        var added = await client.AddProgramAsync(await File.ReadAllBytesAsync(submission.Program, cancel), cancel);
        return submission with { Program = added.Hash };
    }

    private static async Task<string[]> ReadInputsAsync(string file, int? chunk, bool hex, CancellationToken cancel)
    {
        if (Directory.Exists(file))
            throw new HostException($"--input {file} is a folder", "name a file", ExitCodes.BadData);
        string[] inputs;
        if (chunk is { } bytes)
            inputs = [.. (await File.ReadAllBytesAsync(file, cancel)).Chunk(bytes).Select(Convert.ToHexStringLower)];
        else
        {
            var lines = await File.ReadAllLinesAsync(file, cancel);
            inputs = hex ? [.. lines.Select(l => l.Trim())] : [.. lines.Select(l => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(l)))];
        }
        if (inputs.Length == 0)
            throw new HostException($"--input {file} is empty", "a job has at least one task", ExitCodes.BadData);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (hex && (inputs[i].Length % 2 != 0 || !inputs[i].All(char.IsAsciiHexDigit)))
                throw new HostException($"--input {file}: line {i + 1} is not hexadecimal", "two digits for each byte", ExitCodes.BadData);
            if (inputs[i].Length / 2 > InputBytesMax)
                throw new HostException(
                    $"--input {file}: line {i + 1} has {inputs[i].Length / 2} bytes, a task takes at most {InputBytesMax}",
                    "cut the file with --chunk, or write shorter lines", ExitCodes.BadData);
        }
        return inputs;
    }

    private static HostException Usage(string message, string hint) => new(message, hint, ExitCodes.Usage);
}
