using System.CommandLine;
using System.Globalization;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`job submit|ls|show|results|cancel`.</summary>
internal static class JobCommands
{
    public static Command Create() => new("job", "Jobs: a program and its inputs.") { JobSubmitCommand.Create("job submit"), List(), ShowOne(), Results(), Cancel() };

    private static Command List() => Cli.Verb("ls", "List the jobs, newest first.", "depin job ls", [], async (call, cancel) =>
    {
        using var client = call.Connect();
        return call.WriteList(
            await client.JobsAsync(cancel), ClientJson.Default.Job,
            new TextTable("JOB", "PROGRAM", "REQUESTER", "STATE", "#DONE", "#FAILED", "#CREDITS", "ANSWER"),
            j => [j.Id, j.ProgramName, j.Requester, j.State, $"{j.Done}/{j.Total}", Show.Count(j.Failed), Show.Credits(j.PaidMicro), j.Answer ?? "-"]);
    });

    private static Command ShowOne()
    {
        var id = new Argument<string>("ID") { Description = "The job's id, such as j7." };
        return Cli.Verb("show", "Show one job.", "depin job show j1", [id], async (call, cancel) =>
        {
            using var client = call.Connect();
            return WriteJob(call, await client.JobAsync(call.Parsed.GetValue(id)!, 0, cancel));
        });
    }

    private static Command Results()
    {
        var id = new Argument<string>("ID") { Description = "The job's id, such as j7." };
        var output = new Option<string?>("--output", "-o") { Description = "Write to this file instead of standard output." };
        return Cli.Verb("results", "Print the verified result of each task, one JSON line each.", "depin job results j1 -o results.ndjson", [id, output], async (call, cancel) =>
        {
            using var client = call.Connect();
            await JobSubmitCommand.WriteResultsAsync(call, client, call.Parsed.GetValue(id)!, call.Parsed.GetValue(output), cancel);
            return ExitCodes.Ok;
        });
    }

    private static Command Cancel()
    {
        var id = new Argument<string>("ID") { Description = "The job's id, such as j7." };
        return Cli.Verb("cancel", "Cancel a job; what was done is paid.", "depin job cancel j1", [id], async (call, cancel) =>
        {
            using var client = call.Connect();
            return WriteJob(call, await client.CancelAsync(call.Parsed.GetValue(id)!, cancel));
        });
    }

    private static int WriteJob(CliCall call, Job j) => call.WriteOne(
        j, ClientJson.Default.Job,
        ("job", j.Id + (j.Title.Length > 0 ? $" ({j.Title})" : "")), ("program", $"{j.ProgramName} {j.Program[..12]}"), ("requester", j.Requester),
        ("state", j.State + (j.Waits.Length > 0 ? $", waits: {j.Waits}" : "")),
        ("tasks", $"{Show.Count(j.Done)}/{Show.Count(j.Total)} done, {j.Failed} failed, {j.Leased} out, {j.Retried} retried, {j.RefusedResults} results refused"),
        ("recomputed", $"{Show.Count(j.RecomputedEqual)} equal"), ("answer", j.Answer ?? "-"), ("fuel", Show.Count(j.FuelUsed)),
        ("credits", $"{Show.Credits(j.PaidMicro)} paid of {Show.Credits(j.EscrowMicro)} set aside, price {Show.Count(j.PriceMicro)} micro per million fuel"),
        ("rate", string.Create(CultureInfo.InvariantCulture, $"{j.TasksPerSecond:0.#} tasks/s") + (j.Ended || j.TasksPerSecond <= 0 ? "" : ", eta " + Show.Seconds(j.EtaSeconds))),
        ("submitted", Show.Time(j.SubmittedUtcMs)), ("ended", Show.Time(j.EndedUtcMs)));
}
