using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>
/// The tasks of a job that wait to be leased, as sorted, disjoint, non-adjacent intervals: a job of a million tasks that runs without
/// trouble is one interval. Taking from the front and giving back are logarithmic in the number of intervals plus what they move.
/// </summary>
public sealed class ReadyTasks
{
    private readonly List<(long From, long To)> intervals = [];

    /// <summary>Tasks that wait.</summary>
    public long Count { get; private set; }

    /// <summary>Intervals held: 1 for an untroubled job.</summary>
    public int Intervals => intervals.Count;

    /// <summary>Adds [from, to); none of it may wait already.</summary>
    public void Add(long from, long to)
    {
        Invariant.Require(from < to, "an empty interval is added");
        var at = IndexAfter(from);
        var joinsLeft = at > 0 && intervals[at - 1].To >= from;
        var joinsRight = at < intervals.Count && intervals[at].From <= to;
        Invariant.Require(!joinsLeft || intervals[at - 1].To == from, "a waiting task is added again");
        Invariant.Require(!joinsRight || intervals[at].From == to, "a waiting task is added again");
        if (joinsLeft && joinsRight)
        {
            intervals[at - 1] = (intervals[at - 1].From, intervals[at].To);
            intervals.RemoveAt(at);
        }
        else if (joinsLeft)
            intervals[at - 1] = (intervals[at - 1].From, to);
        else if (joinsRight)
            intervals[at] = (from, intervals[at].To);
        else
            intervals.Insert(at, (from, to));
        Count += to - from;
    }

    /// <summary>The first tasks that wait, ascending, at most <paramref name="max"/>, without those that <paramref name="skip"/> names.
    /// Nothing is removed: <see cref="Remove"/> does that when the dispatch is a fact.</summary>
    public List<long> Peek(int max, Func<long, bool>? skip)
    {
        var tasks = new List<long>(max);
        foreach (var (from, to) in intervals)
            for (var task = from; task < to; task++)
            {
                if (tasks.Count == max)
                    return tasks;
                if (skip is null || !skip(task))
                    tasks.Add(task);
            }
        return tasks;
    }

    /// <summary>Removes one waiting task.</summary>
    public void Remove(long task)
    {
        var at = IndexAfter(task) - 1;
        Invariant.Require(at >= 0 && task < intervals[at].To, $"task {task} does not wait");
        var (from, to) = intervals[at];
        if (from == task && to == task + 1)
            intervals.RemoveAt(at);
        else if (from == task)
            intervals[at] = (task + 1, to);
        else if (to == task + 1)
            intervals[at] = (from, task);
        else
        {
            intervals[at] = (from, task);
            intervals.Insert(at + 1, (task + 1, to));
        }
        Count--;
    }

    /// <summary>Forgets everything that waits.</summary>
    public void Clear()
    {
        intervals.Clear();
        Count = 0;
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(intervals.Count);
        foreach (var (from, to) in intervals)
        {
            w.Unsigned(from);
            w.Unsigned(to);
        }
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        Clear();
        for (var n = r.Count(2); n > 0; n--)
            Add(r.Unsigned(), r.Unsigned());
    }

    // The index of the first interval that starts after the task.
    private int IndexAfter(long task)
    {
        int low = 0, high = intervals.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (intervals[middle].From <= task)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
