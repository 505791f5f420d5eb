// What one simulated board is made of.
using DePinEdge.Agent.Ports;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Simulator;

/// <summary>One board to simulate.</summary>
/// <param name="Name">What people call it in logs and counters, for example <c>esp32-03</c>; the gateway may give it another id.</param>
/// <param name="Profile">What kind of board it is.</param>
/// <param name="KeyStore">Its flash. A store that holds a key makes a board that logs in; an empty one needs a join code.</param>
/// <param name="JoinCode"><c>ID-SECRET</c>, or null when the store holds a key.</param>
/// <param name="Seed">Its nonces, its sensors' offsets, its back-off. Two boards need two seeds.</param>
public sealed record BoardSpec(string Name, BoardProfile Profile, IKeyStore KeyStore, string? JoinCode, ulong Seed)
{
    /// <summary>Makes it a bad board; null: an honest one.</summary>
    public IBoardEdge? Edge { get; init; }

    /// <summary>The port that this board connects to when it is not the fleet's; 0: the fleet's.</summary>
    public int Port { get; init; }
}
