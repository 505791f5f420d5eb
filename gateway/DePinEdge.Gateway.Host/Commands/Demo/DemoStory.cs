// The end of a demo for people.
namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Says what came of a run, in a few lines.</summary>
internal static class DemoStory
{
    /// <summary>Writes a line for each job, one for all of them, and one for each invariant that does not hold.</summary>
    public static void Tell(DemoResult result, IReadOnlyList<DemoJob> jobs, DemoScreen screen)
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
        foreach (var sentence in result.Broken)
            screen.Line($"  BROKEN  {sentence}");
    }
}
