// Where copiers get what others computed.
namespace DePinEdge.Simulator.Chaos;

/// <summary>The newest answers of all boards, at most 64. Any thread.</summary>
public sealed class Market
{
    private const int Most = 64;

    private readonly List<(string Device, Answer Answer)> answers = [];

    /// <summary>A board answered a batch, truly.</summary>
    public void Offer(string device, Answer answer)
    {
        lock (answers)
        {
            if (answers.Count == Most)
                answers.RemoveAt(0);
            answers.Add((device, answer));
        }
    }

    /// <summary>One answer of a board other than that one; null when there is none.</summary>
    public Answer? OfOthers(string device, Chance chance)
    {
        lock (answers)
        {
            var others = answers.Where(one => one.Device != device).ToArray();
            return others.Length == 0 ? null : others[chance.Between(0, others.Length - 1)].Answer;
        }
    }
}
