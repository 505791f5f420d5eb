using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>Jobs by number, with the requesters' idempotency keys. Ended jobs are kept as summaries up to a limit, oldest forgotten first.</summary>
public sealed class JobTable
{
    /// <summary>Ended jobs kept for the list; their records and results stay in the store.</summary>
    public const int EndedKept = 10_000;

    private readonly SortedDictionary<long, Job> jobs = [];
    private readonly Dictionary<(string Requester, string Key), long> keys = [];
    private readonly Queue<long> ended = new();
    private readonly Queue<JobId> forgotten = new();

    public IEnumerable<Job> All => jobs.Values;

    /// <summary>Jobs that are not ended, by number.</summary>
    public SortedDictionary<long, Job> Running { get; } = [];

    /// <summary>How many jobs are known, ended ones included.</summary>
    public int Count => jobs.Count;

    /// <summary>The number the next job gets.</summary>
    public long Next { get; private set; } = 1;

    public Job? Find(JobId id) => jobs.GetValueOrDefault(id.Number);

    public Job Get(JobId id) => jobs.TryGetValue(id.Number, out var job) ? job : throw new InvariantException($"no job {id}");

    public Job? FindByKey(string requester, string key) =>
        key.Length > 0 && keys.TryGetValue((requester, key), out var number) ? jobs.GetValueOrDefault(number) : null;

    /// <summary>A job that was forgotten since the last call, one at a time; false when there is none.</summary>
    public bool TryTakeForgotten(out JobId job) => forgotten.TryDequeue(out job);

    public void Apply(JobSubmitted submitted)
    {
        Invariant.Require(submitted.Job.Number == Next, $"job {submitted.Job} is not the next");
        Next++;
        var job = new Job(submitted);
        job.Ready.Add(0, submitted.TaskCount);
        Insert(job);
    }

    public void Apply(JobEnded record)
    {
        var job = Get(record.Job);
        Invariant.Require(job.State == JobState.Running && job.Leased == 0, $"job {record.Job} ends twice or with open leases");
        job.Ended(record);
        Running.Remove(record.Job.Number);
        Forget(record.Job.Number);
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(Next);
        w.Unsigned(jobs.Count);
        foreach (var job in jobs.Values)
            job.WriteSnapshot(w);
        w.Unsigned(ended.Count);
        foreach (var number in ended)
            w.Unsigned(number);
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        Next = r.Unsigned();
        for (var n = r.Count(); n > 0; n--)
            Insert(Job.FromSnapshot(ref r));
        for (var n = r.Count(); n > 0; n--)
            ended.Enqueue(r.Unsigned());
    }

    private void Insert(Job job)
    {
        jobs[job.Spec.Job.Number] = job;
        if (job.State == JobState.Running)
            Running[job.Spec.Job.Number] = job;
        if (job.Spec.IdempotencyKey.Length > 0)
            keys[(job.Spec.Requester, job.Spec.IdempotencyKey)] = job.Spec.Job.Number;
    }

    private void Forget(long number)
    {
        ended.Enqueue(number);
        if (ended.Count <= EndedKept)
            return;
        var oldest = jobs[ended.Dequeue()];
        jobs.Remove(oldest.Spec.Job.Number);
        keys.Remove((oldest.Spec.Requester, oldest.Spec.IdempotencyKey));
        forgotten.Enqueue(oldest.Spec.Job);
    }
}
