// A bad habit of a board that computes honestly.
namespace DePinEdge.Simulator.Chaos;

/// <summary>Which answers or batches it strikes.</summary>
/// <param name="Kind"><see cref="FaultKind.Death"/>, <see cref="FaultKind.AnsweredTwice"/>, <see cref="FaultKind.AnsweredLate"/> or <see cref="FaultKind.OutOfOrder"/>.</param>
/// <param name="First">The first batch that it strikes, counted from 1 since the chaos began.</param>
/// <param name="Every">Batches from one strike to the next.</param>
/// <param name="Times">Most strikes.</param>
/// <param name="OffMs">For deaths: how long the power is away.</param>
public sealed record Habit(FaultKind Kind, int First, int Every, int Times, int OffMs = 0)
{
    /// <summary>True when the n-th batch is to be struck, with that many strikes before.</summary>
    public bool Strikes(long batch, int before) => before < Times && batch >= First + ((long)Every * before);
}
