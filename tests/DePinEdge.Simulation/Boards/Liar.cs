using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;
using DePinEdge.Simulation.Audit;
using DePinEdge.Simulation.Plans;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Simulation.Boards;

/// <summary>
/// Stands between a real agent and its link, with the board's key: what the agent found out is true, what leaves the board is what its
/// style makes of it.
/// </summary>
public sealed class Liar(BoardPlan plan, IKeyStore keys, Dice dice, Ring ring)
{
    private const int HonestAtFirst = 60;

    private readonly Report report = new();
    private readonly byte[] body = new byte[FrameLimits.BodyBytesMax];
    private readonly Queue<(long Batch, SentTask[] Tasks, long NotBeforeMs)> kept = new();
    private SentTask[] last = [];
    private SessionTap? tap;
    private int told;
    private bool calm;

    /// <summary>A new session begins with its Welcome.</summary>
    public void Opened() => tap = null;

    /// <summary>The board lost its memory.</summary>
    public void Forget()
    {
        kept.Clear();
        last = [];
    }

    /// <summary>Bad habits that are no lies end: late and half answers would never let a job end.</summary>
    public void Calm() => calm = true;

    /// <summary>A frame of the gateway.</summary>
    public void Received(byte[] frame) => tap ??= SessionTap.Open(keys, frame);

    /// <summary>A frame of the agent; the length of the one that goes out in its place.</summary>
    public int Sending(byte[] frame, int count, long nowMs)
    {
        if (tap is null)
            return count;
        if (!tap.FromAgent(frame, count))
            return tap.Again(frame, count);
        return tap.Seal(tap.Kind, frame, tap.Kind == FrameKind.Report ? Rewrite(frame, tap.BodyCount, nowMs) : tap.BodyCount);
    }

    private int Rewrite(byte[] frame, int bodyCount, long nowMs)
    {
        if (!report.Decode(frame, FrameLimits.HeaderBytes, bodyCount))
            return bodyCount;
        var truth = new SentTask[report.Count];
        for (var i = 0; i < truth.Length; i++)
            truth[i] = new SentTask(report.TaskId[i], report.Status[i], report.Trap[i], report.Fuel[i],
                report.Output.AsSpan(report.OutputOffset[i], report.OutputCount[i]).ToArray());
        var (batch, tasks) = report.BatchId == 0 ? Spare(nowMs) : (report.BatchId, Instead(report.BatchId, truth, nowMs));
        (report.BatchId, report.Count) = (tasks.Length == 0 ? 0 : batch, tasks.Length);
        report.Output = [.. tasks.SelectMany(task => task.Output)];
        var at = 0;
        for (var i = 0; i < tasks.Length; i++)
        {
            (report.TaskId[i], report.Status[i], report.Trap[i], report.Fuel[i]) = (tasks[i].Task, tasks[i].Status, tasks[i].Trap, tasks[i].Fuel);
            (report.OutputOffset[i], report.OutputCount[i]) = (at, tasks[i].Output.Length);
            at += tasks[i].Output.Length;
        }
        var length = report.Encode(body, 0);
        if (length < 0)
            return bodyCount; // too long for a frame: honest for once
        body.AsSpan(0, length).CopyTo(frame.AsSpan(FrameLimits.HeaderBytes));
        return length;
    }

    /// <summary>What a report without results carries instead.</summary>
    private (long, SentTask[]) Spare(long nowMs)
    {
        if (kept.TryPeek(out var due) && due.NotBeforeMs <= nowMs)
        {
            kept.Dequeue();
            return (due.Batch, due.Tasks);
        }
        return plan.Lies == LieStyle.NotAsked && dice.Permille(500) && ring.Take(dice) is { } other ? (other.Batch, [other.Task]) : (0, []);
    }

    private SentTask[] Instead(long batch, SentTask[] truth, long nowMs)
    {
        foreach (var task in truth)
            ring.Offer(batch, task);
        var said = (SentTask[])truth.Clone();
        switch (plan.Lies)
        {
            case LieStyle.HalfAnswers when !calm:
                said = [.. truth.Where(_ => dice.Permille(500))];
                return said.Length == 0 ? truth : said;
            case LieStyle.Duplicates:
                kept.Enqueue((batch, truth, nowMs));
                if (dice.Permille(300))
                    kept.Enqueue((batch, truth, nowMs + 5_000));
                break;
            case LieStyle.Late when !calm && dice.Permille(plan.LiePermille):
                kept.Enqueue((batch, truth, nowMs + dice.Of(1_000, 12_000, 60_000)));
                return [];
            case LieStyle.NotAsked:
                return truth.Length == 0 || truth.Length > FrameLimits.TasksPerBatchMax - 2 ? truth
                    : [.. truth, truth[0] with { Task = truth[^1].Task + 1 + dice.Below(100) }, truth[0] with { Output = [7] }];
            default:
                for (var i = 0; i < said.Length; i++)
                    if (said[i].Trap != 255 && Lies())
                        said[i] = Lie(said, truth, i);
                break;
        }
        last = truth;
        return said;
    }

    private bool Lies() => plan.Lies switch
    {
        LieStyle.Honest or LieStyle.Duplicates or LieStyle.Late or LieStyle.HalfAnswers or LieStyle.NotAsked => false,
        LieStyle.Patient => ++told > HonestAtFirst && dice.Permille(Math.Min(plan.LiePermille, 100)),
        _ => dice.Permille(plan.LiePermille),
    };

    private SentTask Lie(SentTask[] said, SentTask[] truth, int i)
    {
        var one = said[i];
        switch (plan.Lies)
        {
            case LieStyle.WrongFuel:
                return one with { Fuel = one.Fuel + dice.Between(1, 1_000_000) };
            case LieStyle.WrongStatus:
                return dice.Permille(500) ? one with { Status = one.Status + 1 } : one with { Trap = (byte)(one.Trap == 0 ? 1 + dice.Below(10) : 0) };
            case LieStyle.Copies:
                var other = truth.Length > 1 ? truth[(i + 1) % truth.Length] : last.Length > 0 ? last[0] : ring.Take(dice)?.Task ?? one;
                return other with { Task = one.Task };
            case LieStyle.Colluding:
                // The same for every member: a function of the task alone.
                return one with { Output = [(byte)(one.Task * 7 + 3), 1, 0, 0] };
            default:
                var output = new byte[Math.Max(1, one.Output.Length)];
                for (var k = 0; k < output.Length; k++)
                    output[k] = (byte)dice.Below(256);
                return one with { Output = output };
        }
    }
}
