// The demo as an auditor: seals an epoch, reads the stored ledger beside the running gateway, and holds everything against it.
using System.Text.Json;
using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Storage;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Makes the result of a run whose jobs have ended.</summary>
/// <param name="host">The gateway, for counters that the API does not have.</param>
/// <param name="client">The gateway as others see it.</param>
/// <param name="folder">Its data folder.</param>
/// <param name="time">For waits.</param>
internal sealed class DemoCheck(GatewayHost host, DepinClient client, string folder, TimeProvider time)
{
    /// <summary>Longest time for the signature under the sealed epoch.</summary>
    private static readonly TimeSpan SignatureWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>The numbers and every invariant that does not hold.</summary>
    /// <param name="jobs">The jobs, ended.</param>
    /// <param name="boards">Boards that must be online now.</param>
    /// <param name="fleet">What they did.</param>
    /// <param name="chaos">What was done to the gateway; null: nothing.</param>
    /// <param name="seconds">Gives the run's age at the end of the checks.</param>
    public async Task<DemoResult> RunAsync(DemoJobs jobs, int boards, FleetCounters fleet, DemoChaos? chaos, Func<double> seconds, CancellationToken cancel)
    {
        var jobSeconds = jobs.All.Max(job => job.SubmittedAt + (job.Seconds ?? 0));
        // Before the ledger is read: what is written down later may be stored later.
        var lies = chaos?.Stage.Lies.All();
        var throttled = (await client.DevicesAsync(cancel)).Count(device => device.State == "throttled");
        var counters = await host.Loop.AskAsync((core, _) => core.Views.Counters(), cancel);
        var ledger = await client.SealAsync(cancel);
        for (var began = time.GetTimestamp(); !ledger.EpochSigned && time.GetElapsedTime(began) < SignatureWait;)
        {
            await Task.Delay(LookEvery, time, cancel);
            ledger = await client.LedgerAsync(cancel);
        }

        // The stored turns are read as any auditor would: from the file, beside the running gateway.
        var (report, stored, ends) = await Task.Run(() => ReadLedger(jobs.All, ledger, lies), cancel);
        var result = new DemoResult
        {
            Devices = counters.DevicesOnline,
            Units = counters.Units,
            Jobs = jobs.All.Count,
            TasksTotal = jobs.All.Sum(one => one.Job.Total),
            TasksOk = jobs.All.Sum(one => one.Job.Done),
            RecomputedEqual = jobs.All.Sum(one => one.Job.RecomputedEqual),
            FalseSent = ends?.Sent ?? 0,
            FalseRefused = ends?.Refused ?? stored.Sum(job => job.False),
            FalsePaid = ends?.Paid ?? 0,
            FalseRefusals = ends?.Refusals ?? new Dictionary<string, long>(),
            Refusals = counters.Refusals,
            Late = counters.LateResults,
            Duplicates = counters.DuplicateReports,
            Deaths = Of(FaultKind.Death),
            LinkDrops = Of(FaultKind.LinkCut) + Of(FaultKind.LinkHalfOpen),
            Stalls = Of(FaultKind.LinkStall),
            ClonesHeld = chaos?.ClonesHeld ?? 0,
            Throttled = throttled,
            Faults = chaos?.Stage.Faults.Happened().ToDictionary(one => Snake(one.Kind), one => one.Count) ?? [],
            CreditsPostedMicro = stored.Sum(job => job.PostedMicro),
            CreditsChargedMicro = stored.Sum(job => job.ChargedMicro),
            Chain = report.Ok ? "verified" : "broken",
            AnswersMatch = jobs.All.All(one => one.Match),
            Seconds = Math.Round(seconds(), 3),
            Answers = [.. jobs.All.Zip(stored, AnswerOf)],
            Retried = jobs.All.Sum(one => one.Job.Retried),
            Records = report.Records,
            Fuel = jobs.All.Sum(one => one.Job.FuelUsed),
            JobSeconds = Math.Round(jobSeconds, 3),
            Broken = [],
        };
        return result with
        {
            Broken =
            [
                .. jobs.All.Zip(stored, DemoInvariants.OfJob).SelectMany(broken => broken),
                .. DemoInvariants.OfAll(result, ledger, report, boards, fleet),
                .. chaos is null || ends is null ? [] : DemoInvariants.OfChaos(result, ends, chaos),
            ],
        };

        long Of(FaultKind kind) => chaos?.Stage.Faults[kind] ?? 0;
    }

    private (VerifyReport Report, IReadOnlyList<JobInLedger> Jobs, FalseInLedger? False) ReadLedger(
        IReadOnlyList<DemoJob> jobs, LedgerInfo ledger, IReadOnlyList<FalseResult>? lies)
    {
        using var file = TurnFile.Open(DataFolder.At(folder));
        var ids = jobs.Select(one => IdOf(one.Job)).ToArray();
        var stored = JobInLedger.Read(file.ReadAll(), ids);
        var ends = lies is null ? null : FalseInLedger.Read(file.ReadAll(), ids, lies);
        // On a kept folder others may have jobs too: what was recorded after the gateway told its sums is not part of them.
        var told = file.ReadAll().TakeWhile(turn => turn.FirstRecord <= ledger.Records);
        return (LedgerVerifier.Verify(told, [ledger.Head]), [.. ids.Select(id => stored[id])], ends);
    }

    private static string Snake(FaultKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static JobId IdOf(Job job)
    {
        Invariant.Require(JobId.TryParse(job.Id, out var id), $"the gateway named a job {job.Id}");
        return id;
    }

    private static DemoAnswer AnswerOf(DemoJob demo, JobInLedger stored) => new()
    {
        Program = demo.Sample.Name,
        Tasks = demo.Job.Total,
        Answer = demo.Answer,
        Expected = demo.Sample.Expected,
        Match = demo.Match,
        Source = demo.Sample.Source,
        Job = demo.Job.Id,
        PostedMicro = stored.PostedMicro,
        ChargedMicro = stored.ChargedMicro,
        Seconds = Math.Round(demo.Seconds ?? 0, 3),
    };
}
