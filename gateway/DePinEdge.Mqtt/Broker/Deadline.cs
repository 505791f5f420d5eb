namespace DePinEdge.Mqtt.Broker;

/// <summary>One instant at which one owner wants to be looked at; lives in at most one <see cref="DeadlineHeap"/>.</summary>
internal sealed class Deadline(object owner)
{
    public object Owner { get; } = owner;

    public long AtMs { get; set; }

    /// <summary>Breaks ties by age, so that equal instants fire in the order they were set.</summary>
    public long Order { get; set; }

    /// <summary>Where it stands in the heap; -1 when it is in none.</summary>
    public int Index { get; set; } = -1;
}
