// A batch's answer, taken out of a report and put into one.
using DePinEdge.Agent.Wire;

namespace DePinEdge.Simulator.Chaos;

/// <summary>The results that answer one batch.</summary>
public sealed record Answer(long Batch, TaskAnswer[] Tasks)
{
    /// <summary>Copies the results out of a decoded report; null when it answers no batch.</summary>
    internal static Answer? Of(Report report)
    {
        if (report.BatchId == 0)
            return null;
        var tasks = new TaskAnswer[report.Count];
        for (var i = 0; i < tasks.Length; i++)
            tasks[i] = new TaskAnswer(
                report.TaskId[i], report.Status[i], report.Trap[i], report.Fuel[i],
                report.Output.AsSpan(report.OutputOffset[i], report.OutputCount[i]).ToArray());
        return new Answer(report.BatchId, tasks);
    }

    /// <summary>Replaces a report's results by these, or by none (null); window and telemetry stay.</summary>
    internal static void Put(Answer? answer, Report report)
    {
        report.BatchId = answer?.Batch ?? 0;
        report.Count = answer?.Tasks.Length ?? 0;
        report.Output = answer is null ? [] : [.. answer.Tasks.SelectMany(task => task.Output)];
        var at = 0;
        for (var i = 0; i < report.Count; i++)
        {
            var task = answer!.Tasks[i];
            (report.TaskId[i], report.Status[i], report.Trap[i], report.Fuel[i]) = (task.Task, task.Status, task.Trap, task.Fuel);
            (report.OutputOffset[i], report.OutputCount[i]) = (at, task.Output.Length);
            at += task.Output.Length;
        }
    }
}
