using DePinEdge.Simulation.Plans;

namespace DePinEdge.Simulation.Audit;

/// <summary>A device as the auditor knows it: the rules of its standing written down a second time.</summary>
public sealed class AuditedDevice(string name)
{
    private int wrongCanaries;

    public string Name { get; } = name;

    /// <summary>The board behind it, once that spoke.</summary>
    public BoardPlan? Board { get; set; }

    public bool Held { get; set; }

    /// <summary>The last log-in number that was accepted.</summary>
    public long LoginNumber { get; set; }

    public int Strikes { get; private set; }
    public int RightInRow { get; private set; }
    public long NotBeforeUtcMs { get; private set; }
    public long Paid { get; set; }
    public long Refused { get; set; }

    /// <summary>Batches it has.</summary>
    public SortedSet<long> Open { get; } = [];

    public bool Throttled => Strikes >= 3;

    public bool Proven => Strikes == 0 && RightInRow >= 50;

    /// <summary>A verdict: so many results were right and so many wrong.</summary>
    public void Judged(int right, int wrong, long utcMs)
    {
        if (wrong > 0)
        {
            Strikes = Math.Min(5, Strikes + wrong);
            RightInRow = 0;
            if (!Throttled)
                return;
            NotBeforeUtcMs = utcMs + Math.Min(64_000, 1_000L << wrongCanaries);
            wrongCanaries = Math.Min(6, wrongCanaries + 1);
        }
        else if (right > 0)
        {
            wrongCanaries = 0;
            NotBeforeUtcMs = 0;
            RightInRow += right;
            while (Strikes > 0 && RightInRow >= 50)
            {
                Strikes--;
                RightInRow -= 50;
            }
            RightInRow = Math.Min(50, RightInRow);
        }
    }
}
