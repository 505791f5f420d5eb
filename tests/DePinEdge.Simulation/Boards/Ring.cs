using DePinEdge.Simulation.Audit;

namespace DePinEdge.Simulation.Boards;

/// <summary>What the liars of a fleet tell each other: answers to copy, and the one wrong answer that all colluding ones give.</summary>
public sealed class Ring
{
    private const int Kept = 32;

    private readonly Queue<(long Batch, SentTask Task)> seen = new();

    /// <summary>A true answer that somebody has.</summary>
    public void Offer(long batch, SentTask task)
    {
        seen.Enqueue((batch, task));
        if (seen.Count > Kept)
            seen.Dequeue();
    }

    /// <summary>Somebody's answer, or null.</summary>
    public (long Batch, SentTask Task)? Take(Dice dice) => seen.Count == 0 ? null : seen.ElementAt(dice.Below(seen.Count));
}
