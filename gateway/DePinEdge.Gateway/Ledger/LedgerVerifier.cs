using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>Re-derives everything from the turns alone and reports what does not fit.</summary>
public sealed class LedgerVerifier
{
    /// <summary>
    /// Verifies a whole history from turn 1. <paramref name="expectedHeads"/>: heads that left the house (record chain or epoch
    /// heads, hexadecimal); each must stand somewhere in the history. Damage is reported, never thrown.
    /// </summary>
    public static VerifyReport Verify(IEnumerable<Turn> turns, IReadOnlyList<string>? expectedHeads = null) => throw new NotImplementedException();
}
