using System.Globalization;
using DePinEdge.Gateway.Configuration;

namespace DePinEdge.Simulation.Plans;

/// <summary>All that a seed decides before the run begins.</summary>
/// <param name="LingerMs">Least time between two commits.</param>
/// <param name="CommitMsMax">Longest commit.</param>
/// <param name="WorkMsMax">Longest run of the gateway's own, but for faults.</param>
/// <param name="InputsPerRound">Inputs a round takes at most.</param>
/// <param name="FaultsEndMs">From then on everything is well.</param>
public sealed record Plan(
    ulong Seed, GatewayOptions Options, int LingerMs, int CommitMsMax, int WorkMsMax, int InputsPerRound, long FaultsEndMs,
    IReadOnlyList<BoardPlan> Boards, IReadOnlyList<JobPlan> Jobs, IReadOnlyList<Fault> Faults)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"seed {Seed}: {Boards.Count} boards ({Boards.Count(board => board.Lies != LieStyle.Honest)} with bad habits), {Jobs.Count} jobs, {Jobs.Sum(job => job.Tasks)} tasks, {Faults.Count} faults until {FaultsEndMs} ms");
}
