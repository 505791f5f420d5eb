// What a board lives on.
namespace DePinEdge.Agent.Wire;

/// <summary>Values of Birth.PowerSource and Telemetry.Source.</summary>
public static class PowerSource
{
    public const int Mains = 0;
    public const int Battery = 1;
    public const int Solar = 2;
}
