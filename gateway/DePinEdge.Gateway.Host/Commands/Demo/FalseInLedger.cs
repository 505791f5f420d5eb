// How false results ended, by the stored ledger.
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// Holds what the liars wrote down against what is stored. It knows nothing of the gateway's tables or counters.
/// <para>
/// A false result counts as sent when the gateway acknowledged a frame that carried it, or when the ledger judged it: one that left its board
/// and was lost on the way was never sent to anybody. It is paid when its board's batch has a line that pays the task with the same
/// status, trap, fuel and output. Otherwise it was refused: by a verdict, or because the batch was another board's (NOT_ASKED), had ended
/// (LATE, CANCELLED and so on), or had another answer of the same board (DUPLICATE). A batch that is neither judged nor ended says
/// nothing yet; that counts as neither.
/// </para>
/// </summary>
internal sealed class FalseInLedger
{
    private readonly SortedDictionary<string, long> refusals = new(StringComparer.Ordinal);

    /// <summary>False results that the gateway received.</summary>
    public long Sent { get; private set; }

    /// <summary>Those that were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Those that were paid, received for sure or not.</summary>
    public long Paid { get; private set; }

    /// <summary>Those whose batch is still open.</summary>
    public long Undecided { get; private set; }

    /// <summary>Verdicts WRONG_... on results that no liar wrote down: an honest board was refused.</summary>
    public long HonestRefused { get; private set; }

    /// <summary>Refused false results by the reason's name.</summary>
    public IReadOnlyDictionary<string, long> Refusals => refusals;

    /// <summary>Reads every turn.</summary>
    /// <param name="turns">The stored history, of earlier runs too.</param>
    /// <param name="jobs">The jobs of this run: verdicts on others are not about these lies.</param>
    /// <param name="lies">What the liars of this run wrote down.</param>
    public static FalseInLedger Read(IEnumerable<Turn> turns, IReadOnlyCollection<JobId> jobs, IReadOnlyList<FalseResult> lies)
    {
        var dispatched = new Dictionary<long, BatchDispatched>();
        var judged = new Dictionary<long, BatchJudged>();
        var ended = new Dictionary<long, ReasonCode>();
        foreach (var turn in turns)
            RecordCodec.ForEach(turn.Body, bytes =>
            {
                switch (RecordCodec.Read(bytes))
                {
                    case BatchDispatched batch:
                        dispatched[batch.Batch.Number] = batch;
                        break;
                    case BatchJudged batch:
                        judged[batch.Batch.Number] = batch;
                        break;
                    case LeaseEnded batch:
                        ended[batch.Batch.Number] = batch.Reason;
                        break;
                }
            });
        var found = new FalseInLedger();
        foreach (var lie in lies)
            found.Add(lie, dispatched.GetValueOrDefault(lie.Batch), judged.GetValueOrDefault(lie.Batch), ended.TryGetValue(lie.Batch, out var how) ? how : null);
        found.HonestRefused = judged.Values.Where(batch => jobs.Contains(batch.Job)).Sum(batch => batch.Lines.Count(line => IsWrong(line.Reason))) - found.judgedWrong;
        return found;
    }

    private long judgedWrong;

    private void Add(FalseResult lie, BatchDispatched? dispatched, BatchJudged? judged, ReasonCode? ended)
    {
        var own = dispatched is not null && dispatched.Device.Value == lie.Device;
        var line = own ? judged?.Lines.FirstOrDefault(one => one.Task == lie.Said.Task) : null;
        if (line is { Reason: ReasonCode.Paid } && Same(line, lie.Said))
        {
            Sent++;
            Paid++;
            return;
        }

        var wrong = line is not null && IsWrong(line.Reason);
        judgedWrong += wrong ? 1 : 0;
        if (!lie.Acknowledged && !wrong)
            return;
        Sent++;
        ReasonCode? reason = !own ? ReasonCode.NotAsked
            : wrong ? line!.Reason
            : judged is not null ? ReasonCode.Duplicate
            : ended == ReasonCode.LeaseExpired ? ReasonCode.Late
            : ended;
        if (reason is not { } why)
        {
            Undecided++;
            return;
        }

        Refused++;
        refusals[ReasonNames.Of(why)] = refusals.GetValueOrDefault(ReasonNames.Of(why)) + 1;
    }

    private static bool IsWrong(ReasonCode reason) => reason is ReasonCode.WrongOutput or ReasonCode.WrongFuel or ReasonCode.WrongStatus;

    private static bool Same(TaskVerdict line, TaskAnswer said) =>
        line.Status == said.Status && line.Trap == said.Trap && line.Fuel == said.Fuel && line.Output.AsSpan().SequenceEqual(said.Output);
}
