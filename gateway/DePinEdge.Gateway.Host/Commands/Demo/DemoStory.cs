// The end of a demo for people.
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Says what came of a run, in a few lines.</summary>
internal static class DemoStory
{
    /// <summary>Writes a line for each job, one for all of them, and one for each invariant that does not hold.</summary>
    public static void Tell(DemoResult result, IReadOnlyList<DemoJob> jobs, DemoScreen screen, DemoChaos? chaos)
    {
        foreach (var job in jobs)
        {
            var (sample, answer) = (job.Sample, job.Answer ?? "none");
            if (job.Match)
                screen.Line($"  done    {sample.Title}: {answer} {sample.Source}; {job.Job.Done} tasks in {DemoScreen.Duration(job.Seconds)}");
            else
                screen.Line($"  WRONG   {sample.Title}: {answer}, but {sample.Expected} {sample.Source}; {job.Job.Done} of {job.Job.Total} tasks ok");
        }

        var equal = result.CreditsPostedMicro == result.CreditsChargedMicro ? "=" : "but";
        screen.Line($"  all     {result.TasksOk} ok in {DemoScreen.Duration(result.JobSeconds)}; recomputed {result.RecomputedEqual}/{result.TasksTotal} equal; posted {DemoScreen.Credits(result.CreditsPostedMicro)} {equal} charged {DemoScreen.Credits(result.CreditsChargedMicro)}; chain {result.Chain} ({result.Records} records)");
        if (chaos is not null)
            TellChaos(result, chaos, screen);
        foreach (var sentence in result.Broken)
            screen.Line($"  BROKEN  {sentence}");
    }

    private static void TellChaos(DemoResult result, DemoChaos chaos, DemoScreen screen)
    {
        var faults = chaos.Stage.Faults;
        var refused = string.Join(", ", result.FalseRefusals.Select(one => FormattableString.Invariant($"{one.Value} {one.Key}")));
        screen.Line($"  lies    {result.FalseSent} false results from {chaos.Plan.Liars.Count} liars: {result.FalseRefused} refused ({refused}), {result.FalsePaid} paid; {result.Throttled} of the liars get single tasks only now");
        screen.Line($"  boards  {faults[FaultKind.Death]} died in mid-batch and came back; {faults[FaultKind.AnsweredTwice]} answers came twice, {faults[FaultKind.AnsweredLate]} late, {faults[FaultKind.OutOfOrder]} out of order; {result.Retried} tasks were given out again");
        screen.Line($"  links   {faults[FaultKind.LinkCut]} cut, {faults[FaultKind.LinkHalfOpen]} half open, {faults[FaultKind.LinkStall]} stalled, {faults[FaultKind.LinkDelay]} slow");
        var way = chaos.VictimWorksAgain ? "invited again, it works with a new key" : "it does not work again";
        screen.Line($"  thief   had the key of {chaos.Victim}: {faults[FaultKind.ReplayedLogin]} old passwords replayed, {faults[FaultKind.StolenLogin]} log-ins, {faults[FaultKind.ReplayedFrame]} recorded and {faults[FaultKind.ForgedFrame]} forged frames; held as CLONED {result.ClonesHeld} time; {way}");
        screen.Line($"  refused {string.Join(", ", result.Refusals.OrderByDescending(one => one.Value).Select(one => FormattableString.Invariant($"{one.Value} {one.Key}")))}");
    }
}
