// The bytes in a board's key store.
namespace DePinEdge.Agent.Session;

/// <summary>skeleton</summary>
public sealed class KeyRecord
{
    /// <summary>Bytes of the record, always.</summary>
    public const int Bytes = 160;
}
