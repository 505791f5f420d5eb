using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>The whole history as one compact binary stream: what a verifier on another machine needs, and no secrets.</summary>
public static class LedgerExport
{
    /// <summary>Writes the turns; blobs and snapshots stay at home.</summary>
    public static void Write(Stream stream, IEnumerable<Turn> turns) => throw new NotImplementedException();

    /// <summary>Reads turns as they are asked for. Throws <see cref="CorruptRecordException"/> naming turn and byte.</summary>
    public static IEnumerable<Turn> Read(Stream stream) => throw new NotImplementedException();
}
