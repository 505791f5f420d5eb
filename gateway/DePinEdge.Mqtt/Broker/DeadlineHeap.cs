namespace DePinEdge.Mqtt.Broker;

/// <summary>Deadlines, the nearest first. A binary heap whose entries know their place, so that setting, moving and removing cost O(log
/// n) and nothing dead stays in it.</summary>
internal sealed class DeadlineHeap
{
    private readonly List<Deadline> _heap = [];
    private long _order;

    /// <summary>The nearest instant; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextMs => _heap.Count > 0 ? _heap[0].AtMs : long.MaxValue;

    /// <summary>The nearest deadline, or null.</summary>
    public Deadline? First => _heap.Count > 0 ? _heap[0] : null;

    /// <summary>Sets or moves a deadline.</summary>
    public void Set(Deadline deadline, long atMs)
    {
        deadline.AtMs = atMs;
        deadline.Order = ++_order;
        if (deadline.Index < 0)
        {
            deadline.Index = _heap.Count;
            _heap.Add(deadline);
        }
        Down(Up(deadline.Index));
    }

    /// <summary>Takes a deadline out; nothing happens when it is not in.</summary>
    public void Remove(Deadline deadline)
    {
        var at = deadline.Index;
        if (at < 0) return;
        deadline.Index = -1;
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (last == deadline) return;
        Place(last, at);
        Down(Up(at));
    }

    /// <summary>Takes out the nearest deadline if its instant has come.</summary>
    public bool TryTakeDue(long nowMs, out Deadline due)
    {
        due = null!;
        if (_heap.Count == 0 || _heap[0].AtMs > nowMs) return false;
        due = _heap[0];
        Remove(due);
        return true;
    }

    private static bool Before(Deadline a, Deadline b) => a.AtMs < b.AtMs || (a.AtMs == b.AtMs && a.Order < b.Order);

    private int Up(int at)
    {
        var moving = _heap[at];
        while (at > 0 && _heap[(at - 1) / 2] is var parent && Before(moving, parent))
        {
            Place(parent, at);
            at = (at - 1) / 2;
        }
        Place(moving, at);
        return at;
    }

    private void Down(int at)
    {
        var moving = _heap[at];
        while (2 * at + 1 < _heap.Count)
        {
            var child = 2 * at + 1;
            if (child + 1 < _heap.Count && Before(_heap[child + 1], _heap[child])) child++;
            if (!Before(_heap[child], moving)) break;
            Place(_heap[child], at);
            at = child;
        }
        Place(moving, at);
    }

    private void Place(Deadline deadline, int at)
    {
        _heap[at] = deadline;
        deadline.Index = at;
    }
}
