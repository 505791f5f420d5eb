using System.CommandLine;
using System.Text.Json;
using DePinEdge.Client;
using DePinEdge.Gateway.Host.Commands.Demo;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`job submit` and its short form `submit`: send a job, follow it, print its answer. Ctrl+C only stops following.</summary>
internal static class JobSubmitCommand
{
    /// <param name="path">How it is called on the command line: <c>submit</c> or <c>job submit</c>.</param>
    public static Command Create(string path)
    {
        var options = new JobSubmitOptions();
        return Cli.Verb(
            "submit", "Submit a job and wait for its answer (Ctrl+C detaches). A program with a reduction gives one value, others a line for each task.",
            $"depin {path} primes --range 0..2000 --param width=500", options.All,
            async (call, cancel) =>
            {
                using var client = call.Connect();
                var submission = await options.ReadAsync(call, client, cancel);
                if (call.Parsed.GetValue(options.DryRun))
                    return Estimate(call, await client.EstimateAsync(submission, cancel));
                if (call.Parsed.GetValue(options.Output) is { } results)
                    CheckWritable(results);
                var key = call.Parsed.GetValue(options.Key);
                var job = await client.SubmitAsync(submission, string.IsNullOrEmpty(key) ? null : key, cancel);
                if (call.Parsed.GetValue(options.Detach))
                    return Submitted(call, job);
                return await FollowAsync(call, client, job, call.Parsed.GetValue(options.Output), cancel);
            });
    }

    /// <summary>Progress on standard error, then the answer or the results.</summary>
    private static async Task<int> FollowAsync(CliCall call, DepinClient client, Job job, string? file, CancellationToken cancel)
    {
        var bar = new ProgressBar(call.Error, ReferenceEquals(call.Error, Console.Error) && !Console.IsErrorRedirected);
        try
        {
            var waits = "";
            while (!job.Ended)
            {
                await foreach (var step in client.ProgressAsync(job.Id, cancel))
                {
                    job = step;
                    if (job.Waits.Length > 0 && job.Waits != waits)
                        await call.Error.WriteLineAsync($"  {job.Id} waits: {job.Waits}");
                    waits = job.Waits;
                    bar.Show(job.Done + job.Failed, Math.Max(1, job.Total), job.TasksPerSecond, job.EtaSeconds, job.Retried, job.RefusedResults);
                }
            }
            bar.End();
        }
        catch (OperationCanceledException)
        {
            bar.End();
            await call.Error.WriteLineAsync($"{job.Id} goes on; see it with: depin job show {job.Id}");
            return ExitCodes.Ok;
        }
        if (call.Json)
            call.WriteJson(job, ClientJson.Default.Job);
        else if (job.Answer is { } answer)
            await call.Out.WriteLineAsync(answer);
        if (file is not null || (job.Answer is null && !call.Json))
            await WriteResultsAsync(call, client, job.Id, file, cancel);
        if (job.State == "completed")
            return ExitCodes.Ok;
        await call.Error.WriteLineAsync($"error: job {job.Id} ended {job.State}: {job.Failed} of {job.Total} tasks failed");
        await call.Error.WriteLineAsync($"hint: depin job results {job.Id} says why for each task");
        return ExitCodes.Failed;
    }

    /// <summary>Before anything is paid: a file that cannot be written is said now, and what stands in it is left alone until the results come.</summary>
    private static void CheckWritable(string file)
    {
        try
        {
            using var opened = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"--output {file} cannot be written: {failure.Message}", "name a file in a folder that is there; nothing was submitted", ExitCodes.BadData, failure);
        }
    }

    /// <summary>A job's results as NDJSON, to a file or to standard output.</summary>
    public static async Task WriteResultsAsync(CliCall call, DepinClient client, string id, string? file, CancellationToken cancel)
    {
        await using var opened = file is null ? null : new StreamWriter(file);
        TextWriter writer = opened ?? call.Out;
        await foreach (var result in client.ResultsAsync(id, cancel))
            await writer.WriteLineAsync(JsonSerializer.Serialize(result, ClientJson.Default.TaskResult));
    }

    private static int Submitted(CliCall call, Job job) => call.WriteOne(
        job, ClientJson.Default.Job, ("job", job.Id), ("tasks", Show.Count(job.Total)), ("escrow", Show.Credits(job.EscrowMicro) + " credits"));

    private static int Estimate(CliCall call, Estimate estimate)
    {
        call.WriteOne(
            estimate, ClientJson.Default.Estimate,
            ("program", $"{estimate.ProgramName} {estimate.Program[..12]}"), ("tasks", $"{Show.Count(estimate.Tasks)} ({estimate.Sampled} run to estimate)"),
            ("fuel a task", $"{Show.Count(estimate.FuelMin)} to {Show.Count(estimate.FuelMax)}, mean {Show.Count(estimate.FuelMean)}"),
            ("fuel", Show.Count(estimate.FuelTotal)), ("credits", $"{Show.Credits(estimate.CreditsMicro)}, at most {Show.Credits(estimate.CreditsMaxMicro)}"),
            ("time", estimate.Seconds is { } seconds ? Show.Seconds(seconds) + " on the boards online now" : "unknown: no board is online"));
        foreach (var problem in estimate.Problems)
            call.Error.WriteLine("warning: " + problem);
        return ExitCodes.Ok;
    }
}
