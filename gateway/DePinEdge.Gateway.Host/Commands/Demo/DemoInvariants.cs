// What must hold after a demo, each as a sentence for when it does not.
using System.Globalization;
using DePinEdge.Client;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Holds the gateway's tables, the stored ledger, the boards and independent arithmetic against each other.</summary>
internal static class DemoInvariants
{
    /// <summary>A sentence for each invariant of one job that does not hold, with the numbers.</summary>
    public static IEnumerable<string> OfJob(DemoJob demo, JobInLedger stored)
    {
        var (name, job) = (demo.Sample.Name, demo.Job);
        if (!demo.Match)
            yield return Say($"{name}: the devices' answer to '{demo.Sample.Title}' is {demo.Answer ?? "missing"}; it should be {demo.Sample.Expected}");
        if (job.State != "completed")
            yield return Say($"{name}: the job ended as {job.State}, not completed");
        if (job.Done != job.Total || job.Failed != 0)
            yield return Say($"{name}: {job.Done} of {job.Total} tasks have a result, {job.Failed} failed");
        if (job.RecomputedEqual != job.Total)
            yield return Say($"{name}: {job.RecomputedEqual} of {job.Total} results were recomputed and equal");
        if (stored.TasksPaid != job.Total)
            yield return Say($"{name}: the ledger pays {stored.TasksPaid} of {job.Total} tasks");
        if (stored.TasksPaidTwice != 0)
            yield return Say($"{name}: the ledger pays {stored.TasksPaidTwice} tasks more than once");
        if (!stored.Ended)
            yield return Say($"{name}: the ledger does not record the job's end");
        if (stored.PostedMicro != stored.ChargedMicro)
            yield return Say($"{name}: posted {stored.PostedMicro} micro-credits, charged {stored.ChargedMicro}");
        if (stored.PostedMicro != job.PaidMicro)
            yield return Say($"{name}: the ledger posts {stored.PostedMicro} micro-credits for the job, the gateway's table says {job.PaidMicro}");
        if (stored.PostedMicro <= 0)
            yield return Say($"{name}: nothing was posted");
    }

    /// <summary>The same for what concerns all jobs together.</summary>
    /// <param name="result">The sums.</param>
    /// <param name="ledger">The gateway's own view of its books.</param>
    /// <param name="report">The verifier's, from the stored turns.</param>
    /// <param name="boards">Boards that must be online at the end.</param>
    /// <param name="fleet">What the boards say that they did.</param>
    public static IEnumerable<string> OfAll(DemoResult result, LedgerInfo ledger, VerifyReport report, int boards, FleetCounters fleet)
    {
        if (result.FalseSent != result.FalseRefused)
            yield return Say($"{result.FalseSent} false results were sent, {result.FalseRefused} refused");
        if (result.FalsePaid != 0)
            yield return Say($"{result.FalsePaid} false results were paid");
        foreach (var error in report.Errors)
            yield return $"the chain does not verify: {error}";
        // The last turn may hold records that came after the gateway's answer; then there may be more, never less.
        if (report.Ok && (report.PostedMicro < ledger.PostedMicro || (report.PostedMicro != ledger.PostedMicro && report.Records <= ledger.Records)))
            yield return Say($"the verifier finds {report.PostedMicro} micro-credits posted in all, the gateway says {ledger.PostedMicro}");
        if (!ledger.Balanced)
            yield return "the gateway's books do not balance";
        if (!report.LastEpochSigned)
            yield return "the sealed epoch is not signed";
        if (result.Devices < boards)
            yield return Say($"{result.Devices} of {boards} devices are online at the end");
        if (fleet.TasksDone < result.TasksTotal)
            yield return Say($"the boards ran {fleet.TasksDone} tasks, the jobs have {result.TasksTotal}");
    }

    /// <summary>The same for what the chaos was to show.</summary>
    /// <param name="result">The sums.</param>
    /// <param name="ends">How the false results ended.</param>
    /// <param name="chaos">What was done.</param>
    public static IEnumerable<string> OfChaos(DemoResult result, FalseInLedger ends, DemoChaos chaos)
    {
        if (ends.Sent == 0)
            yield return "no false result was sent";
        if (ends.Undecided != 0)
            yield return Say($"{ends.Undecided} false results are neither refused nor paid");
        if (ends.HonestRefused != 0)
            yield return Say($"{ends.HonestRefused} results of honest boards were refused as wrong");
        foreach (var kind in chaos.Missing)
            yield return $"{kind} was planned and did not happen";
        foreach (var reason in result.Refusals.Keys.Where(reason => !ReasonNames.TryParse(reason, out _)))
            yield return $"something was refused for a reason without a name, {reason}";
        if (result.Late < chaos.Stage.Faults[FaultKind.AnsweredLate])
            yield return Say($"{chaos.Stage.Faults[FaultKind.AnsweredLate]} answers were sent late, {result.Late} were refused as late");
        if (result.Duplicates < chaos.Stage.Faults[FaultKind.AnsweredTwice])
            yield return Say($"{chaos.Stage.Faults[FaultKind.AnsweredTwice]} answers were sent twice, {result.Duplicates} were refused as duplicates");
        if (chaos.ReplaysAccepted != 0)
            yield return Say($"{chaos.ReplaysAccepted} recorded passwords were accepted");
        if (result.ClonesHeld == 0)
            yield return $"the gateway did not hold {chaos.Victim}, whose key was copied";
        else if (!chaos.VictimWorksAgain)
            yield return $"{chaos.Victim} does not work again with its new key";
    }

    internal static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
