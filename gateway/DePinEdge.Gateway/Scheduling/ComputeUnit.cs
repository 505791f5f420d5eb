using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>
/// Like devices that are planned for together: what they promise is their summed rate while online, and what share of their leases
/// was answered in time. Membership follows from the order of births, so it needs no records of its own.
/// </summary>
public sealed class ComputeUnit(UnitId id, string board)
{
    public UnitId Id { get; } = id;

    /// <summary>The members' board name.</summary>
    public string Board { get; } = board;

    public SortedSet<string> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>Tasks paid to its members.</summary>
    public long TasksOk { get; set; }

    /// <summary>Leases answered before their deadline, and leases that ended otherwise.</summary>
    public long LeasesKept { get; set; }

    public long LeasesBroken { get; set; }
}
