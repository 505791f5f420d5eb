// What must hold after a demo, each as a sentence for when it does not.
using System.Globalization;
using DePinEdge.Client;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Simulator;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Holds the gateway's tables, the stored ledger, the boards and independent arithmetic against each other.</summary>
internal static class DemoInvariants
{
    /// <summary>A sentence for each invariant that does not hold, with the numbers.</summary>
    public static IEnumerable<string> Broken(
        DemoResult result, Job job, JobInLedger stored, LedgerInfo ledger, VerifyReport report, int boards, FleetCounters fleet)
    {
        if (!result.AnswersMatch)
            yield return Say($"the devices count {result.Answer?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} primes below {result.Limit}; there are {result.Expected}");
        if (job.State != "completed")
            yield return Say($"the job ended as {job.State}, not completed");
        if (job.Done != job.Total || job.Failed != 0)
            yield return Say($"{job.Done} of {job.Total} tasks have a result, {job.Failed} failed");
        if (job.RecomputedEqual != job.Total)
            yield return Say($"{job.RecomputedEqual} of {job.Total} results were recomputed and equal");
        if (stored.TasksPaid != job.Total)
            yield return Say($"the ledger pays {stored.TasksPaid} of {job.Total} tasks");
        if (stored.TasksPaidTwice != 0)
            yield return Say($"the ledger pays {stored.TasksPaidTwice} tasks more than once");
        if (!stored.Ended)
            yield return "the ledger does not record the job's end";
        if (stored.PostedMicro != stored.ChargedMicro)
            yield return Say($"posted {stored.PostedMicro} micro-credits, charged {stored.ChargedMicro}");
        if (stored.PostedMicro != job.PaidMicro)
            yield return Say($"the ledger posts {stored.PostedMicro} micro-credits for the job, the gateway's table says {job.PaidMicro}");
        if (stored.PostedMicro <= 0)
            yield return "nothing was posted";
        if (result.FalseSent != result.FalseRefused)
            yield return Say($"{result.FalseSent} false results were sent, {result.FalseRefused} refused");
        foreach (var error in report.Errors)
            yield return $"the chain does not verify: {error}";
        if (report.Ok && report.PostedMicro != ledger.PostedMicro)
            yield return Say($"the verifier finds {report.PostedMicro} micro-credits posted in all, the gateway says {ledger.PostedMicro}");
        if (!ledger.Balanced)
            yield return "the gateway's books do not balance";
        if (!report.LastEpochSigned)
            yield return "the sealed epoch is not signed";
        if (result.Devices < boards)
            yield return Say($"{result.Devices} of {boards} devices are online at the end");
        if (fleet.TasksDone < result.TasksTotal)
            yield return Say($"the boards ran {fleet.TasksDone} tasks, the job has {result.TasksTotal}");
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
