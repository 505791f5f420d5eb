using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DePinEdge.Gateway.Flow;

/// <summary>
/// What must hold or the program is wrong. Checked in release builds too: a gateway that no longer trusts its own books stops,
/// because going on would write the mistake into a ledger that others rely on.
/// </summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> with <paramref name="what"/> unless <paramref name="holds"/>.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
            throw new InvariantException(what);
    }

    /// <summary>As the other, for an interpolated message: it is only put together when the invariant is broken.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] InvariantMessage what)
    {
        if (!holds)
            throw new InvariantException(what.ToString());
    }
}

/// <summary>A broken invariant: our bug, never a peer's. The host stops on it.</summary>
public sealed class InvariantException(string message) : Exception(message);
