namespace DePinEdge.Gateway.Flow;

/// <summary>
/// Durable storage as the core loop sees it. The production one is SQLite on the operator's disk (Host/Storage); the simulator has
/// one that tears and loses writes. All members are called on the loop's thread, except <see cref="ReadBlob"/>.
/// </summary>
public interface ITurnStore : IDisposable
{
    /// <summary>Reads what is stored. Throws <see cref="StoreException"/> when the store is damaged or newer than this program.</summary>
    StoredState Load();

    /// <summary>
    /// Writes one turn and syncs it to the device; returns only when it is durable. Throws <see cref="StoreException"/>;
    /// <see cref="StoreException.Kind"/> says whether the turn is certainly absent (full disk) or unknown (stop and reopen).
    /// </summary>
    void Commit(Turn turn);

    /// <summary>Reads one blob, or null; any thread. For results of ended jobs, which the core does not keep.</summary>
    byte[]? ReadBlob(string key);
}

/// <summary>What is known about a failed commit.</summary>
public enum StoreFailure
{
    /// <summary>The disk is full and the turn was rolled back: keep it, stop dispatching, try again.</summary>
    Full,

    /// <summary>Nobody knows whether the turn is stored: stop, reopen, read the head.</summary>
    Unknown,

    /// <summary>The stored bytes contradict themselves.</summary>
    Corrupt,

    /// <summary>The store is in use by another process, of a newer schema, or cannot be opened at all.</summary>
    Unusable,
}

/// <summary>A storage failure, translated once at the seam; names the file and what was being done.</summary>
public sealed class StoreException(StoreFailure kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public StoreFailure Kind { get; } = kind;
}
