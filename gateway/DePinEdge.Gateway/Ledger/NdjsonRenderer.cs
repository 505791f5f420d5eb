using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>The history for people and scripts: one JSON object a line for every record.</summary>
public static class NdjsonRenderer
{
    /// <summary>Writes every record of the turns. Throws <see cref="CorruptRecordException"/> naming turn and record.</summary>
    public static void Write(Stream stream, IEnumerable<Turn> turns) => throw new NotImplementedException();
}
