using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Simulation;

/// <summary>Something in a run is not as it must be; the message says what.</summary>
public sealed class SimulationException(string message) : Exception(message)
{
    /// <summary>Throws unless the condition holds.</summary>
    public static void Require([DoesNotReturnIf(false)] bool condition, string otherwise)
    {
        if (!condition)
            throw new SimulationException(otherwise);
    }

    /// <summary>As the other; checks run a million times, so the message is put together only when one does not hold.</summary>
    public static void Require([DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] InvariantMessage otherwise)
    {
        if (!condition)
            throw new SimulationException(otherwise.ToString());
    }
}
