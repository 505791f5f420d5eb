using DePinEdge.Gateway.Configuration;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Simulation.Plans;

/// <summary>Draws a plan from a seed. Half of all draws are tame, so that runs differ in kind and not only in numbers.</summary>
public static class PlanMaker
{
    private static readonly LieStyle[] Styles = Enum.GetValues<LieStyle>();

    /// <summary>The plan of a seed.</summary>
    public static Plan Make(ulong seed)
    {
        var dice = new Dice(seed);
        var ends = dice.Between(15_000, 60_000);
        var boards = Boards(dice.Fork("boards"), ends);
        return new Plan(seed, Options(dice.Fork("options")), dice.Of(0, 0, 20, 100), dice.Of(0, 5, 30, 200), dice.Of(1, 20, 400, 3_000),
            dice.Of(1, 4, 64, 1_024), ends, boards, Jobs(dice.Fork("jobs"), ends), Faults(dice.Fork("faults"), ends, boards.Count));
    }

    private static GatewayOptions Options(Dice dice)
    {
        var target = (int)dice.Of(100, 300, 1_000, 2_000);
        return new GatewayOptions
        {
            BatchTargetMs = target,
            LeaseFloorMs = dice.Permille(500) ? 2 * target + (int)dice.Between(1, 2_000) : 10_000,
            LeaseFactor = (int)dice.Between(2, 6),
            AttemptsMax = (int)dice.Between(1, 4),
            DevicesPerUnit = dice.Of(1, 2, 8),
            EpochMs = dice.Of(3_000, 10_000, 30_000, 600_000),
            SnapshotEveryRecords = dice.Of(3, 10, 50, 50_000),
            RecomputeQueueMax = dice.Of(1, 2, 8, 1_024),
            ReportIntervalMs = dice.Of(1_000, 3_000, 10_000),
        };
    }

    private static List<BoardPlan> Boards(Dice dice, long ends)
    {
        var count = (int)dice.Between(2, 12);
        var badPermille = dice.Of(0, 200, 400, 700);
        var relayPermille = dice.Of(0, 0, 10, 60, 200);
        var slowLinks = dice.Permille(300);
        var boards = new List<BoardPlan>();
        for (var i = 0; i < count; i++)
        {
            // The first one is good and stays: every job can be done.
            var lies = i > 0 && dice.Permille(badPermille) ? dice.Of(Styles) : LieStyle.Honest;
            boards.Add(new BoardPlan(
                i, dice.Of(BoardProfile.Esp32, BoardProfile.Esp32, BoardProfile.PicoW, BoardProfile.Pi), dice.Permille(800) ? $"board-{i:00}" : "",
                dice.Of("", "ann", "ben", "cleo"), dice.Permille(700) ? dice.Between(0, 500) : dice.Between(500, ends), (int)dice.Between(-500, 500),
                dice.Permille(800) ? 100 : dice.Of(150, 400, 2_000), (int)dice.Between(1, 4), lies, dice.Of(20, 200, 1_000),
                dice.Of(5, 15, 60), dice.Of(4, 5), slowLinks ? (int)dice.Between(20, 400) : (int)dice.Between(1, 10), dice.Of(0, 5, slowLinks ? 300 : 20),
                dice.Of(0, 20, 200), dice.Permille(300) ? relayPermille : 0, i > 0 && dice.Permille(100) ? dice.Between(2_000, ends) : long.MaxValue));
        }
        return boards;
    }

    private static List<JobPlan> Jobs(Dice dice, long ends)
    {
        var jobs = new List<JobPlan>();
        for (var n = (int)dice.Between(1, 5); n > 0; n--)
        {
            var width = dice.Of(20u, 100u, 500u);
            var isRange = dice.Permille(600);
            var tasks = (int)(dice.Permille(250) ? dice.Between(1, 10) : dice.Permille(700) ? dice.Between(10, 120) : dice.Between(120, 400));
            jobs.Add(new JobPlan(
                jobs.Count, dice.Of("ruth", "sam"), jobs.Count == 0 ? 100 : dice.Between(100, ends * 2 / 3), isRange, isRange ? dice.Below(50) : 0, tasks, width,
                (ulong)dice.Between(1, (long)width * (tasks + 60)), isRange || dice.Permille(600) ? 0 : dice.Below(9) + 2,
                dice.Permille(700) ? 0 : dice.Between(1, 40_000), dice.Of(0, 1, 1_000, 123_457, 50_000_000), 0,
                dice.Permille(150) ? dice.Between(500, ends) : long.MaxValue));
            // A requester's own bound: escrow for a few tasks at a time. When it is used up, he cancels.
            if (dice.Permille(200) && jobs[^1] is { FuelLimit: > 0 } job)
                jobs[^1] = job with
                {
                    MaxCreditsMicro = Math.Max(1, job.FuelLimit * job.PriceMicro / 1_000_000 * 3 * dice.Between(1, 8)),
                    CancelAtMs = Math.Min(job.CancelAtMs, ends + 60_000),
                };
        }
        return jobs;
    }

    private static List<Fault> Faults(Dice dice, long ends, int boards)
    {
        var faults = new List<Fault>();
        var kinds = Enum.GetValues<FaultKind>();
        // Swarm testing: a run has some kinds often and others not at all.
        var weights = Array.ConvertAll(kinds, _ => dice.Permille(500) ? 0 : (int)dice.Between(1, 10));
        var total = weights.Sum();
        var count = total == 0 ? 0 : dice.Of(0, 5, 20, 60);
        for (var n = 0; n < count; n++)
        {
            var pick = dice.Below(total);
            var kind = 0;
            while (pick >= weights[kind])
                pick -= weights[kind++];
            var who = kinds[kind] == FaultKind.Partition ? (int)dice.Between(1, (1 << boards) - 1) : 1 << dice.Below(boards);
            faults.Add(new Fault(dice.Between(200, ends), kinds[kind], who, dice.Of(10, 200, 2_000, 8_000, 20_000), dice.Of(-3_600_000, -5_000, 30, 5_000, 600_000)));
        }
        faults.Sort((a, b) => a.AtMs.CompareTo(b.AtMs));
        return faults;
    }
}
