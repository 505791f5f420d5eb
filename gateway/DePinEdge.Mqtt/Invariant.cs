using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DePinEdge.Mqtt;

/// <summary>What must hold whatever the network sends. A breach is a fault in our code or in the caller's, so it throws in release
/// too.</summary>
internal static class Invariant
{
    public static void Require([DoesNotReturnIf(false)] bool holds, string what,
        [CallerArgumentExpression(nameof(holds))] string expression = "")
    {
        if (!holds) Fail(what, expression);
    }

    [DoesNotReturn]
    private static void Fail(string what, string expression) => throw new InvalidOperationException($"{what} ({expression})");
}
