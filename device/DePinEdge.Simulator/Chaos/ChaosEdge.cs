// A bad board: the real agent, with somebody who has its key between it and the link.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Simulator.Chaos;

/// <summary>
/// Rewrites reports on their way out: false results instead of true ones, answers kept back, sent again, or sent as one's own. Frames stay one
/// to one, so what is sent beyond an answer's own report goes out in a report that carries no answer. Everything is logged when the
/// gateway has acknowledged it.
/// </summary>
public sealed class ChaosEdge : IBoardEdge
{
    /// <summary>A late answer waits this much longer than its lease, ms.</summary>
    private const int LateByMs = 200;

    /// <summary>Leases longer than this are not waited for, ms: the run would take too long.</summary>
    private const int LateLeaseMsMax = 5_000;

    /// <summary>An answer that nothing overtakes goes in its turn after this time, ms.</summary>
    private const int OvertakenWithinMs = 1_000;

    private const int LeasesRemembered = 64;

    private readonly string device;
    private readonly IKeyStore store;
    private readonly ChaosStage stage;
    private readonly Liar? liar;
    private readonly Habit? habit;
    private readonly Tape? tape;
    private readonly Action<int>? powerCut;
    private readonly Chance chance;
    private readonly Report report = new();
    private readonly Batch batch = new();
    private readonly byte[] body = new byte[FrameLimits.BodyBytesMax];
    private readonly Dictionary<long, (long EndMs, int LeaseMs)> leases = [];
    private readonly Queue<long> leaseOrder = new();
    private readonly HashSet<long> open = [];
    private readonly HeldAnswers held = new();
    private readonly List<FalseResult> liesOnTheWay = [];
    private SessionTap? tap;
    private HeldAnswers.Held? heldOnTheWay;
    private bool foreignOnTheWay;
    private long answeredOnTheWay;
    private long batches, answers;
    private int strikes, batchTasks;

    /// <param name="device">The board's id.</param>
    /// <param name="store">Its key store: who owns the key can seal what it likes.</param>
    /// <param name="stage">What the run shares.</param>
    /// <param name="seed">What this board draws.</param>
    /// <param name="liar">How it lies; null: it does not.</param>
    /// <param name="habit">What else is wrong with it; null: nothing.</param>
    /// <param name="tape">Who listens on its wire; null: nobody.</param>
    /// <param name="powerCut">Told when power goes, with the ms it stays away; null: nobody.</param>
    public ChaosEdge(
        string device, IKeyStore store, ChaosStage stage, ulong seed, Liar? liar = null, Habit? habit = null, Tape? tape = null,
        Action<int>? powerCut = null)
    {
        this.device = device;
        this.store = store;
        this.stage = stage;
        this.liar = liar;
        this.habit = habit;
        this.tape = tape;
        this.powerCut = powerCut;
        chance = new Chance(seed);
    }

    /// <inheritdoc/>
    public int ReportIntervalMs => 250;

    /// <summary>Sends another board's answer as its own in this share of its free reports, 0 to 1.</summary>
    public double ForeignShare { get; init; }

    /// <inheritdoc/>
    public void Opened(string clientId, string password)
    {
        tap = null;
        // What was on its way may or may not have arrived: an answer that was held back waits again.
        if (heldOnTheWay is { } lost)
            held.Add(lost);
        Settle();
        if (password.Length > 0)
            tape?.Password(password);
    }

    /// <inheritdoc/>
    public void Received(byte[] payload, long nowMs)
    {
        if (tap is null)
        {
            tap = SessionTap.Open(store, payload);
            return;
        }

        if (!tap.Received(payload) || tap.Kind != FrameKind.Batch || !batch.Decode(payload, FrameLimits.HeaderBytes, tap.BodyCount))
            return;
        if (!leases.ContainsKey(batch.BatchId))
        {
            batches += stage.Begun ? 1 : 0;
            leaseOrder.Enqueue(batch.BatchId);
            if (leaseOrder.Count > LeasesRemembered)
            {
                leases.Remove(leaseOrder.Peek());
                open.Remove(leaseOrder.Dequeue());
            }
        }

        leases[batch.BatchId] = (nowMs + batch.LeaseMs, batch.LeaseMs);
        open.Add(batch.BatchId);
        batchTasks = batch.Count;
    }

    /// <inheritdoc/>
    public int Sending(byte[] frame, int count, long nowMs)
    {
        Settle();
        if (tap is null)
            return count;
        if (!tap.FromAgent(frame, count))
            return tap.Again(frame, count);
        var bodyCount = tap.BodyCount;
        if (tap.Kind == FrameKind.Birth)
            tape?.Birth(frame.AsSpan(FrameLimits.HeaderBytes, bodyCount).ToArray());
        if (tap.Kind == FrameKind.Report && report.Decode(frame, FrameLimits.HeaderBytes, bodyCount))
            bodyCount = Rewrite(frame, bodyCount, nowMs);
        count = tap.Seal(tap.Kind, frame, bodyCount);
        tape?.Frame(frame[..count]);
        return count;
    }

    /// <inheritdoc/>
    public void Sent(bool acknowledged)
    {
        if (!acknowledged)
            return;
        foreach (var lie in liesOnTheWay)
        {
            stage.Lies.Add(lie with { Acknowledged = true });
            stage.Faults.Add(lie.Kind);
        }

        if (heldOnTheWay is { } sent)
            stage.Faults.Add(sent.Kind);
        if (answeredOnTheWay != 0)
        {
            open.Remove(answeredOnTheWay);
            held.Overtaken(answeredOnTheWay);
        }

        heldOnTheWay = null;
        Settle();
    }

    /// <inheritdoc/>
    public int PowerFails(int doneInBatch)
    {
        if (habit is not { Kind: FaultKind.Death } || !habit.Strikes(batches, strikes) || (doneInBatch == 0 && batchTasks > 1))
            return 0;
        strikes++;
        stage.Faults.Add(FaultKind.Death);
        held.Clear();
        powerCut?.Invoke(habit.OffMs);
        return habit.OffMs;
    }

    private void Settle()
    {
        liesOnTheWay.Clear();
        heldOnTheWay = null;
        foreignOnTheWay = false;
        answeredOnTheWay = 0;
    }

    /// <summary>Changes what the report says, when there is reason to; the new body stands behind the header. Returns its length.</summary>
    private int Rewrite(byte[] frame, int bodyCount, long nowMs)
    {
        var truth = Answer.Of(report);
        if (truth is not null)
            stage.Market.Offer(device, truth);
        if (!stage.Begun)
            return bodyCount;
        var said = truth is null ? Extra(nowMs) : Instead(truth, nowMs);
        if (ReferenceEquals(said, truth))
        {
            answeredOnTheWay = truth?.Batch ?? 0;
            return bodyCount;
        }

        Answer.Put(said, report);
        var length = report.Encode(body, 0);
        if (length < 0)
        {
            // A copy of longer results may not fit a frame: then the board is honest for once.
            if (heldOnTheWay is { } back)
                held.Add(back);
            Settle();
            answeredOnTheWay = truth?.Batch ?? 0;
            return bodyCount;
        }

        Array.Copy(body, 0, frame, FrameLimits.HeaderBytes, length);
        answeredOnTheWay = said is null || foreignOnTheWay ? 0 : said.Batch;
        foreach (var lie in liesOnTheWay)
            stage.Lies.Add(lie);
        return length;
    }

    /// <summary>What is sent in the place of a true answer; the same object: the truth, null: nothing for now.</summary>
    private Answer? Instead(Answer truth, long nowMs)
    {
        var (said, lies) = liar?.Instead(truth) ?? (truth, []);
        // It was held back, and now the gateway asks again: it waits all the same.
        if (habit is not { Kind: FaultKind.AnsweredTwice } && held.Has(truth.Batch))
            return Extra(nowMs);
        answers++;
        var lease = leases.GetValueOrDefault(truth.Batch, (nowMs, 0));
        if (habit is not null && habit.Kind != FaultKind.Death && habit.Strikes(answers, strikes) && Strike(said, lies, lease, nowMs))
            strikes++;
        if (held.Has(truth.Batch) && habit!.Kind != FaultKind.AnsweredTwice)
            return null;
        if (lies.Count == 0)
            return truth;
        liesOnTheWay.AddRange(lies);
        return said;
    }

    private bool Strike(Answer said, IReadOnlyList<FalseResult> lies, (long EndMs, int LeaseMs) lease, long nowMs) => habit!.Kind switch
    {
        FaultKind.AnsweredTwice => held.Add(new(said, habit.Kind, nowMs + 1, lies)),
        FaultKind.AnsweredLate => lease.LeaseMs is > 0 and <= LateLeaseMsMax && held.Add(new(said, habit.Kind, lease.EndMs + LateByMs, lies)),
        FaultKind.OutOfOrder => open.Any(other => other != said.Batch) && held.Add(new(said, habit.Kind, nowMs + Math.Min(OvertakenWithinMs, lease.LeaseMs / 2), lies)),
        _ => false,
    };

    /// <summary>What a report without an answer carries: one that was held back, somebody else's, or none.</summary>
    private Answer? Extra(long nowMs)
    {
        if (held.Take(nowMs) is { } due)
        {
            // It waited for another answer in vain: it goes in its turn, and nothing was out of order.
            if (due.Kind != FaultKind.OutOfOrder || due.Passed)
                heldOnTheWay = due;
            liesOnTheWay.AddRange(due.Lies);
            return due.Answer;
        }

        if (ForeignShare <= 0 || !chance.In(ForeignShare) || stage.Market.OfOthers(device, chance) is not { } other)
            return null;
        foreignOnTheWay = true;
        liesOnTheWay.AddRange(other.Tasks.Where(task => task.Trap != Agent.Tasks.TrapCode.Abandoned).Select(task => new FalseResult(device, other.Batch, FaultKind.ForeignAnswer, task, false)));
        return other;
    }
}
