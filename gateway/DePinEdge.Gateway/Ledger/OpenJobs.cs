using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// Jobs and batches whose credits are still on their way. Both are numbered upwards, so a number at most the last one that is not
/// in its table is settled for ever: that is how each of their transfers happens at most once without a list of all that ever
/// happened. The tables are bounded by the running jobs and open leases of the gateway.
/// </summary>
internal sealed class OpenJobs
{
    private readonly SortedDictionary<long, OpenJob> jobs = [];
    private readonly SortedDictionary<long, OpenBatch> batches = [];

    public long LastJob { get; private set; }

    public long LastBatch { get; private set; }

    public IEnumerable<OpenJob> Jobs => jobs.Values;

    public OpenJob? Job(long number) => jobs.GetValueOrDefault(number);

    public OpenBatch? Batch(long number) => batches.GetValueOrDefault(number);

    public void Submitted(JobSubmitted r)
    {
        Invariant.Require(r.Job.Number > LastJob, $"job {r.Job} comes after j{LastJob}");
        Invariant.Require(Names.IsValid(r.Requester), $"job {r.Job} has the requester '{r.Requester}'");
        LastJob = r.Job.Number;
        jobs.Add(LastJob, new OpenJob(r.Job, r.Requester, r.PriceMicro, r.FuelLimit, r.EscrowMicro));
    }

    public void Dispatched(BatchDispatched r)
    {
        var job = Job(r.Job.Number);
        Invariant.Require(r.Batch.Number > LastBatch, $"batch {r.Batch} comes after b{LastBatch}");
        Invariant.Require(job is { Ended: false } && job.EscrowDone, $"batch {r.Batch} is of job {r.Job}, which does not run");
        LastBatch = r.Batch.Number;
        batches.Add(LastBatch, new OpenBatch(r.Batch, job, r.Device, r.Tasks.Length));
        job.OpenBatches++;
    }

    public void Judged(BatchJudged r)
    {
        var batch = Batch(r.Batch.Number);
        Invariant.Require(batch is { Closed: false }, $"batch {r.Batch} is judged but not open");
        Invariant.Require(batch.Job.Id == r.Job && batch.Device == r.Device, $"batch {r.Batch} is judged for {r.Device} and {r.Job}");
        long due = 0;
        var paid = 0;
        foreach (var line in r.Lines)
        {
            if (line.Reason != ReasonCode.Paid)
                continue;
            Invariant.Require(line.Fuel <= batch.Job.FuelLimit, $"task {line.Task} of {r.Batch} is paid for more fuel than its limit");
            due = checked(due + Reward.Micro(line.Fuel, batch.Job.PriceMicro, r.QualityPpm, r.TimelinessPpm));
            paid++;
        }
        Invariant.Require(paid <= batch.Tasks, $"batch {r.Batch} had {batch.Tasks} tasks, {paid} are paid");
        Invariant.Require(due <= batch.ReservedMicro, $"batch {r.Batch} reserved {batch.ReservedMicro}, {due} is due");
        batch.Close(due);
    }

    public void LeaseEnded(LeaseEnded r)
    {
        var batch = Batch(r.Batch.Number);
        Invariant.Require(batch is { Closed: false }, $"the lease of {r.Batch} ends but is not open");
        batch.Close(0);
    }

    public void Ended(JobEnded r)
    {
        var job = Job(r.Job.Number);
        Invariant.Require(job is { Ended: false } && job.EscrowDone, $"job {r.Job} ends but does not run");
        job.Ended = true;
    }

    /// <summary>Forgets the batch when its whole reservation has gone where it belongs.</summary>
    public void SettleBatch(OpenBatch batch)
    {
        if (!batch.Settled)
            return;
        batches.Remove(batch.Id.Number);
        batch.Job.OpenBatches--;
    }

    /// <summary>Forgets the job when it ended and neither a batch nor a micro-credit of it is left; true when it did.</summary>
    public bool SettleJob(OpenJob job, Books books)
    {
        if (!job.Ended || job.OpenBatches > 0 || books.BalanceMicro(job.EscrowAccount) > 0)
            return false;
        jobs.Remove(job.Id.Number);
        books.Close(job.EscrowAccount);
        books.Close(job.ReserveAccount);
        return true;
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(LastJob);
        w.Unsigned(LastBatch);
        w.Unsigned(jobs.Count);
        foreach (var job in jobs.Values)
            job.Write(w);
        w.Unsigned(batches.Count);
        foreach (var batch in batches.Values)
            batch.Write(w);
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        jobs.Clear();
        batches.Clear();
        LastJob = r.Unsigned();
        LastBatch = r.Unsigned();
        long before = 0;
        for (var left = r.Count(7); left > 0; left--)
        {
            var job = OpenJob.Read(ref r);
            if (job.Id.Number <= before || job.Id.Number > LastJob)
                throw r.Corrupt($"job {job.Id} is out of order");
            jobs.Add(before = job.Id.Number, job);
        }
        before = 0;
        for (var left = r.Count(7); left > 0; left--)
        {
            var batch = OpenBatch.Read(ref r, this);
            if (batch.Id.Number <= before || batch.Id.Number > LastBatch)
                throw r.Corrupt($"batch {batch.Id} is out of order");
            batches.Add(before = batch.Id.Number, batch);
            batch.Job.OpenBatches++;
        }
    }
}
