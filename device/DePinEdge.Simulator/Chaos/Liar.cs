// Makes false results out of true ones.
using DePinEdge.Agent.Tasks;

namespace DePinEdge.Simulator.Chaos;

/// <summary>
/// One board's way to lie. The agent below computes truly, so the liar knows what is true and whether what it says differs from it: a
/// copy that happens to be right is no lie. What it says of a task of a batch it says again when it is asked again.
/// </summary>
/// <param name="device">Who lies.</param>
/// <param name="kind">How: one of the five kinds of false results.</param>
/// <param name="share">Share of tasks that are lied about, 0 to 1.</param>
/// <param name="seed">What is drawn follows from it, the batch and the task.</param>
/// <param name="market">Where copies come from.</param>
public sealed class Liar(string device, FaultKind kind, double share, ulong seed, Market market)
{
    private const int BatchesRemembered = 256;

    private readonly Dictionary<long, (Answer Said, IReadOnlyList<FalseResult> Lies)> told = [];
    private readonly Queue<long> order = new();
    private TaskAnswer? last;

    /// <summary>What is said instead of a true answer, and which of it is false.</summary>
    public (Answer Said, IReadOnlyList<FalseResult> Lies) Instead(Answer truth)
    {
        if (told.TryGetValue(truth.Batch, out var before))
            return before;
        var said = new TaskAnswer[truth.Tasks.Length];
        var lies = new List<FalseResult>();
        for (var i = 0; i < said.Length; i++)
        {
            said[i] = Tell(truth, i);
            if (!said[i].SaysAs(truth.Tasks[i]))
                lies.Add(new FalseResult(device, truth.Batch, kind, said[i], false));
            last = truth.Tasks[i];
        }

        if (order.Count == BatchesRemembered)
            told.Remove(order.Dequeue());
        order.Enqueue(truth.Batch);
        return told[truth.Batch] = (truth with { Tasks = said }, lies);
    }

    private TaskAnswer Tell(Answer truth, int i)
    {
        var task = truth.Tasks[i];
        var chance = Chance.For(seed, truth.Batch, task.Task);
        // A task that the board gave up is not worth a lie: nobody knows what would be true.
        if (task.Trap == TrapCode.Abandoned || !chance.In(share))
            return task;
        return kind switch
        {
            FaultKind.RandomOutput => task with { Output = chance.Bytes(Math.Max(4, task.Output.Length)) },
            FaultKind.WrongFuel => task with { Fuel = task.Fuel + chance.Between(1, 1_000) },
            FaultKind.WrongStatus => chance.In(0.5) ? task with { Status = task.Status + chance.Between(1, 100) } : task with { Trap = (byte)(task.Trap == TrapCode.Host ? TrapCode.Stack : TrapCode.Host) },
            FaultKind.CopiedTask => Copy(task, i > 0 ? truth.Tasks[i - 1] : last),
            FaultKind.CopiedBoard => Copy(task, market.OfOthers(device, chance) is { } other ? other.Tasks[chance.Between(0, other.Tasks.Length - 1)] : null),
            _ => throw new InvalidOperationException($"{kind} is no kind of false result"),
        };
    }

    private static TaskAnswer Copy(TaskAnswer task, TaskAnswer? of) => of is null || of.Trap == TrapCode.Abandoned ? task : of with { Task = task.Task };
}
