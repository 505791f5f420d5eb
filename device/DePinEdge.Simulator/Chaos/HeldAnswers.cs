// Answers that a board keeps back, to send them when they do harm.
namespace DePinEdge.Simulator.Chaos;

/// <summary>Answers with the moment from which they may go, or the batch whose answer has to go before. At most 16; one more is not taken.</summary>
internal sealed class HeldAnswers
{
    private const int Most = 16;

    private readonly List<Held> held = [];

    /// <summary>One answer: goes at <see cref="DueMs"/>, or as soon as another batch has been answered since.</summary>
    internal sealed record Held(Answer Answer, FaultKind Kind, long DueMs, IReadOnlyList<FalseResult> Lies)
    {
        /// <summary>For an answer out of order: another one has gone before it.</summary>
        public bool Passed { get; set; }
    }

    /// <summary>Answers held now.</summary>
    public int Count => held.Count;

    /// <summary>True when an answer to that batch is held.</summary>
    public bool Has(long batch) => held.Exists(one => one.Answer.Batch == batch);

    /// <summary>Keeps one; false when there is no room.</summary>
    public bool Add(Held answer)
    {
        if (held.Count == Most)
            return false;
        held.Add(answer);
        return true;
    }

    /// <summary>An answer to another batch went out.</summary>
    public void Overtaken(long by)
    {
        foreach (var one in held)
            one.Passed |= one.Answer.Batch != by;
    }

    /// <summary>Takes the first that may go now, or null.</summary>
    public Held? Take(long nowMs)
    {
        var at = held.FindIndex(one => nowMs >= one.DueMs || (one.Kind == FaultKind.OutOfOrder && one.Passed));
        if (at < 0)
            return null;
        var taken = held[at];
        held.RemoveAt(at);
        return taken;
    }

    /// <summary>Power went: memory is lost.</summary>
    public void Clear() => held.Clear();
}
