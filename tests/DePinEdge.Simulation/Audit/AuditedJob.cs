using DePinEdge.Gateway.Flow;
using DePinEdge.Simulation.Plans;

namespace DePinEdge.Simulation.Audit;

/// <summary>A job as the auditor knows it: what became of each task.</summary>
public sealed class AuditedJob(JobSubmitted spec, JobPlan plan)
{
    private readonly Dictionary<long, int> trouble = [];

    public JobSubmitted Spec { get; } = spec;

    public JobPlan Plan { get; } = plan;

    /// <summary>Which batch has a task.</summary>
    public Dictionary<long, long> Leased { get; } = [];

    /// <summary>Tasks that are over: paid, or (null) without a result after too many tries.</summary>
    public Dictionary<long, SentTask?> Over { get; } = [];

    public long Done { get; private set; }
    public long Failed { get; private set; }
    public long PaidMicro { get; set; }
    public bool Cancelled { get; set; }
    public JobState? Ended { get; set; }

    public bool AllOver => Over.Count == Spec.TaskCount;

    /// <summary>A task waits to be given out.</summary>
    public bool Waits(long task) => task >= 0 && task < Spec.TaskCount && !Leased.ContainsKey(task) && !Over.ContainsKey(task);

    /// <summary>A right result was paid.</summary>
    public void Paid(long task, SentTask result)
    {
        Leased.Remove(task);
        trouble.Remove(task);
        Over.Add(task, result);
        if (result is { Status: 0, Trap: 0 })
            Done++;
        else
            Failed++;
    }

    /// <summary>A task came back without one.</summary>
    /// <param name="weight">3: a proven device was wrong; 1: another one was, or its time was over; 0: it was given up.</param>
    public void Back(long task, int weight)
    {
        Leased.Remove(task);
        if (weight == 0)
            return;
        trouble[task] = trouble.GetValueOrDefault(task) + weight;
        if (trouble[task] < 3 * Spec.AttemptsMax)
            return;
        Over.Add(task, null);
        Failed++;
    }
}
