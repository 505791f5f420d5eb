// What will go wrong in a run, all of it from one number.
namespace DePinEdge.Simulator.Chaos;

/// <summary>
/// The plan of a chaotic run: who lies how, which honest boards have bad habits or bad links, and whose key is stolen. The same seed
/// and number of boards give the same plan; how threads take turns is not part of it.
/// </summary>
public sealed record ChaosPlan
{
    /// <summary>Fewest honest boards: a thief's victim, and enough others to do the work of those that fail.</summary>
    public const int BoardsMin = 6;

    /// <summary>A board that lies.</summary>
    /// <param name="Kind">How.</param>
    /// <param name="Share">Share of tasks that it lies about; 1: all.</param>
    /// <param name="ForeignShare">Share of its free reports in which it sends somebody else's answer.</param>
    /// <param name="Seed">What it draws.</param>
    public sealed record LiarPlan(FaultKind Kind, double Share, double ForeignShare, ulong Seed);

    /// <summary>What is wrong with one honest board; both null: nothing.</summary>
    public sealed record BoardPlan(Habit? Habit, IReadOnlyList<LinkFault> Link, ulong Seed);

    /// <summary>The number that all follows from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The liars, beside the honest boards.</summary>
    public required IReadOnlyList<LiarPlan> Liars { get; init; }

    /// <summary>The honest boards, in their order.</summary>
    public required IReadOnlyList<BoardPlan> Boards { get; init; }

    /// <summary>The honest board whose key is stolen; nothing else is wrong with it.</summary>
    public required int Victim { get; init; }

    /// <summary>Draws a plan for so many honest boards, at least <see cref="BoardsMin"/>.</summary>
    public static ChaosPlan Draw(ulong seed, int boards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(boards, BoardsMin);
        var chance = new Chance(seed);
        FaultKind[] lies = [FaultKind.RandomOutput, FaultKind.WrongFuel, FaultKind.WrongStatus, FaultKind.CopiedTask, FaultKind.CopiedBoard];
        var liars = lies.Select(kind => new LiarPlan(kind, 1, kind == FaultKind.CopiedBoard ? 0.2 : 0, chance.Next())).ToList();
        // A patient one, that earns trust with most of its results.
        liars.Add(new LiarPlan(lies[chance.Between(0, 2)], chance.Between(15, 40) / 100.0, 0, chance.Next()));

        var order = chance.Shuffled(boards);
        var victim = order[0];
        FaultKind[] habits = [FaultKind.Death, FaultKind.AnsweredTwice, FaultKind.AnsweredLate, FaultKind.OutOfOrder, FaultKind.Death];
        FaultKind[] accidents = [FaultKind.LinkCut, FaultKind.LinkStall, FaultKind.LinkHalfOpen, FaultKind.LinkDelay];
        var plans = new BoardPlan[boards];
        plans[victim] = new BoardPlan(null, [], chance.Next());
        for (var i = 1; i < boards; i++)
        {
            // Habits first, then links; with few boards some have both, with many most have neither.
            var habit = i - 1 < habits.Length ? HabitOf(habits[i - 1], chance) : null;
            var others = boards - 1;
            var link = new List<LinkFault>();
            for (var j = 0; j < accidents.Length; j++)
                if ((habits.Length + j) % others == i - 1)
                    link.AddRange(Accidents(accidents[j], chance));
            plans[order[i]] = new BoardPlan(habit, [.. link.OrderBy(fault => fault.AtChunk)], chance.Next());
        }

        return new ChaosPlan { Seed = seed, Liars = liars, Boards = plans, Victim = victim };
    }

    /// <summary>Every kind that this plan wants to happen.</summary>
    public IReadOnlyList<FaultKind> Kinds() =>
    [
        .. Liars.Select(liar => liar.Kind)
            .Concat(Liars.Where(liar => liar.ForeignShare > 0).Select(_ => FaultKind.ForeignAnswer))
            .Concat(Boards.Where(board => board.Habit is not null).Select(board => board.Habit!.Kind))
            .Concat(Boards.SelectMany(board => board.Link).Select(fault => fault.Kind))
            .Concat([FaultKind.ReplayedLogin, FaultKind.StolenLogin, FaultKind.ReplayedFrame, FaultKind.ForgedFrame])
            .Distinct()
            .Order(),
    ];

    private static Habit HabitOf(FaultKind kind, Chance chance) =>
        new(kind, chance.Between(1, 3), chance.Between(2, 4), chance.Between(2, 4), kind == FaultKind.Death ? chance.Between(200, 1_200) : 0);

    private static IEnumerable<LinkFault> Accidents(FaultKind kind, Chance chance)
    {
        var at = 0;
        for (var left = chance.Between(2, 3); left > 0; left--)
            yield return new LinkFault(kind, at += chance.Between(3, 15), kind == FaultKind.LinkCut ? 0 : chance.Between(300, 1_200));
    }
}
