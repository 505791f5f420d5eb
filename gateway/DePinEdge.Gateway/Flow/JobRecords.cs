namespace DePinEdge.Gateway.Flow;

/// <summary>How a job's task outputs become one answer.</summary>
public enum Reduction : byte
{
    None = 0,
    Sum = 1,
    Min = 2,
    Max = 3,
    Concat = 4,
}

/// <summary>What a task's output bytes mean.</summary>
public enum OutputKind : byte
{
    Bytes = 0,
    U32 = 1,
    I64 = 2,
}

/// <summary>A checked program entered the library; its .wasm is the blob <c>program/HASH</c>.</summary>
/// <param name="Hash">SHA-256 of the .wasm.</param>
/// <param name="MemoryBytes">What a board must be able to commit.</param>
/// <param name="ImageBytes">Size of the lowered image that boards fetch.</param>
/// <param name="FuelMax">The manifest's bound on one task's fuel.</param>
/// <param name="CapabilityBits">Host capabilities that a board must grant.</param>
public sealed record ProgramAdded(
    ProgramHash Hash, string Name, string Version, int SizeBytes, int ImageBytes, int MemoryBytes, long FuelMax, long CapabilityBits,
    OutputKind Output, Reduction Reduce) : DurableRecord
{
    public override RecordCode Code => RecordCode.ProgramAdded;

    public override void WriteFields(RecordWriter w)
    {
        w.Raw(Hash.ToBytes());
        w.Text(Name);
        w.Text(Version);
        w.Unsigned(SizeBytes);
        w.Unsigned(ImageBytes);
        w.Unsigned(MemoryBytes);
        w.Unsigned(FuelMax);
        w.Unsigned(CapabilityBits);
        w.Byte((byte)Output);
        w.Byte((byte)Reduce);
    }

    public static ProgramAdded Read(ref RecordReader r) =>
        new(ProgramHash.Of(r.Raw(32)), r.Text(), r.Text(), r.Int(), r.Int(), r.Int(), r.Unsigned(), r.Unsigned(),
            (OutputKind)r.Byte(), (Reduction)r.Byte());
}

/// <summary>
/// A requester submitted a job and its whole possible cost went into escrow. A range job's task i has the input
/// (RangeFrom + i as 8 bytes little endian) | Tail; a list job's inputs are the blob <c>input/jN</c> (varint count, then length and bytes each).
/// </summary>
/// <param name="IdempotencyKey">The requester's own key; the same key and requester is the same job.</param>
/// <param name="Tail">Job parameters, appended to each input; at most 256 bytes.</param>
/// <param name="FuelLimit">Bound on one task's fuel.</param>
/// <param name="PriceMicro">Micro-credits per million fuel.</param>
/// <param name="EscrowMicro">What was set aside, at least the largest possible cost or the requester's own bound.</param>
/// <param name="AttemptsMax">How often one task may be tried before it counts as failed.</param>
public sealed record JobSubmitted(
    JobId Job, string IdempotencyKey, string Requester, string Title, ProgramHash Program, long TaskCount, bool IsRange, long RangeFrom,
    byte[] Tail, long FuelLimit, long PriceMicro, long EscrowMicro, int AttemptsMax) : DurableRecord
{
    public override RecordCode Code => RecordCode.JobSubmitted;

    public override void WriteFields(RecordWriter w)
    {
        w.Unsigned(Job.Number);
        w.Text(IdempotencyKey);
        w.Text(Requester);
        w.Text(Title);
        w.Raw(Program.ToBytes());
        w.Unsigned(TaskCount);
        w.Bool(IsRange);
        w.Unsigned(RangeFrom);
        w.Bytes(Tail);
        w.Unsigned(FuelLimit);
        w.Unsigned(PriceMicro);
        w.Unsigned(EscrowMicro);
        w.Unsigned(AttemptsMax);
    }

    public static JobSubmitted Read(ref RecordReader r) =>
        new(new JobId(r.Unsigned()), r.Text(), r.Text(), r.Text(), ProgramHash.Of(r.Raw(32)), r.Unsigned(), r.Bool(), r.Unsigned(), r.Bytes(),
            r.Unsigned(), r.Unsigned(), r.Unsigned(), r.Int());
}

/// <summary>A batch of one job's tasks was leased to a device. Its reservation is the <see cref="Transferred"/> record beside it.</summary>
/// <param name="Tasks">Task indices within the job, ascending, 1 to 32.</param>
/// <param name="LeaseMs">How long the lease lasts from the moment of dispatch.</param>
public sealed record BatchDispatched(BatchId Batch, JobId Job, DeviceId Device, UnitId Unit, long[] Tasks, int LeaseMs) : DurableRecord
{
    public override RecordCode Code => RecordCode.BatchDispatched;

    public override void WriteFields(RecordWriter w)
    {
        w.Unsigned(Batch.Number);
        w.Unsigned(Job.Number);
        w.Text(Device.Value);
        w.Text(Unit.Value);
        w.Unsigned(Tasks.Length);
        long before = -1;
        foreach (var task in Tasks)
        {
            w.Unsigned(task - before - 1);
            before = task;
        }
        w.Unsigned(LeaseMs);
    }

    public static BatchDispatched Read(ref RecordReader r)
    {
        var batch = new BatchId(r.Unsigned());
        var job = new JobId(r.Unsigned());
        var device = new DeviceId(r.Text());
        var unit = new UnitId(r.Text());
        var tasks = new long[r.Count()];
        long before = -1;
        for (var i = 0; i < tasks.Length; i++)
            tasks[i] = before = After(before, ref r);
        return new(batch, job, device, unit, tasks, r.Int());
    }

    /// <summary>Reads the next of ascending task indices, stored as the gap to the one before.</summary>
    internal static long After(long before, ref RecordReader r)
    {
        var gap = r.Unsigned();
        return gap <= long.MaxValue - 1 - before ? before + gap + 1 : throw r.Corrupt("a task's index is larger than 2^63 - 1");
    }
}

/// <summary>One task's verdict: what the device returned and what verification made of it.</summary>
/// <param name="Task">Index within the job.</param>
/// <param name="Reason">Paid, or why not.</param>
/// <param name="Status">What the program returned; 0 is success.</param>
/// <param name="Trap">0, or the trap code.</param>
/// <param name="Fuel">The verified fuel for a paid task, the reported fuel otherwise.</param>
/// <param name="Output">The verified output for a paid task; empty otherwise.</param>
public sealed record TaskVerdict(long Task, ReasonCode Reason, int Status, byte Trap, long Fuel, byte[] Output);

/// <summary>A report on a batch was judged; its tasks leave the lease. Lines are in ascending task order.</summary>
/// <param name="QualityPpm">Quality factor of the reward, at most 1,000,000.</param>
/// <param name="TimelinessPpm">Timeliness factor of the reward, 1,000,000 to 1,500,000.</param>
/// <param name="AuditPpm">Share of results that were recomputed at the time of the draw: 1,000,000 is all.</param>
public sealed record BatchJudged(
    BatchId Batch, JobId Job, DeviceId Device, int QualityPpm, int TimelinessPpm, int AuditPpm, TaskVerdict[] Lines) : DurableRecord
{
    private const byte HasReason = 1, HasStatus = 2, HasTrap = 4;

    public override RecordCode Code => RecordCode.BatchJudged;

    public override void WriteFields(RecordWriter w)
    {
        w.Unsigned(Batch.Number);
        w.Unsigned(Job.Number);
        w.Text(Device.Value);
        w.Unsigned(QualityPpm);
        w.Unsigned(TimelinessPpm);
        w.Unsigned(AuditPpm);
        w.Unsigned(Lines.Length);
        long before = -1;
        foreach (var line in Lines)
        {
            // The common line is paid, status 0, no trap: one flag byte says so.
            w.Byte((byte)((line.Reason == ReasonCode.Paid ? 0 : HasReason) | (line.Status == 0 ? 0 : HasStatus) | (line.Trap == 0 ? 0 : HasTrap)));
            w.Unsigned(line.Task - before - 1);
            before = line.Task;
            if (line.Reason != ReasonCode.Paid)
                w.Byte((byte)line.Reason);
            if (line.Status != 0)
                w.Signed(line.Status);
            if (line.Trap != 0)
                w.Byte(line.Trap);
            w.Unsigned(line.Fuel);
            w.Bytes(line.Output);
        }
    }

    public static BatchJudged Read(ref RecordReader r)
    {
        var batch = new BatchId(r.Unsigned());
        var job = new JobId(r.Unsigned());
        var device = new DeviceId(r.Text());
        var quality = r.Int();
        var timeliness = r.Int();
        var audit = r.Int();
        var lines = new TaskVerdict[r.Count(4)];
        long before = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            var flags = r.Byte();
            if ((flags & ~(HasReason | HasStatus | HasTrap)) != 0)
                throw r.Corrupt($"a verdict's flags hold {flags}");
            before = BatchDispatched.After(before, ref r);
            var reason = (flags & HasReason) != 0 ? (ReasonCode)r.Byte() : ReasonCode.Paid;
            var status = (flags & HasStatus) != 0 ? r.SignedInt() : 0;
            var trap = (flags & HasTrap) != 0 ? r.Byte() : (byte)0;
            // A flag for what goes without saying would give one verdict two encodings.
            if (((flags & HasReason) != 0 && reason == ReasonCode.Paid) || ((flags & HasStatus) != 0 && status == 0) || ((flags & HasTrap) != 0 && trap == 0))
                throw r.Corrupt($"a verdict's flags hold {flags} for nothing");
            lines[i] = new TaskVerdict(before, reason, status, trap, r.Unsigned(), r.Bytes());
        }
        return new(batch, job, device, quality, timeliness, audit, lines);
    }
}

/// <summary>A lease ended without a judged answer; its tasks are ready again (or failed, when their attempts are used up).</summary>
public sealed record LeaseEnded(BatchId Batch, ReasonCode Reason) : DurableRecord
{
    public override RecordCode Code => RecordCode.LeaseEnded;

    public override void WriteFields(RecordWriter w)
    {
        w.Unsigned(Batch.Number);
        w.Byte((byte)Reason);
    }

    public static LeaseEnded Read(ref RecordReader r) => new(new BatchId(r.Unsigned()), (ReasonCode)r.Byte());
}

/// <summary>How a job ended.</summary>
public enum JobState : byte
{
    /// <summary>Tasks are ready or leased.</summary>
    Running = 0,

    /// <summary>Every task has a verified result.</summary>
    Completed = 1,

    /// <summary>Some tasks used up their attempts; the others have results.</summary>
    Failed = 2,

    /// <summary>The requester cancelled it; what was done is paid.</summary>
    Cancelled = 3,
}

/// <summary>The requester cancelled a job: nothing more of it goes out, and it ends when the last answer that is here is judged.</summary>
public sealed record JobCancelled(JobId Job) : DurableRecord
{
    public override RecordCode Code => RecordCode.JobCancelled;

    public override void WriteFields(RecordWriter w) => w.Unsigned(Job.Number);

    public static JobCancelled Read(ref RecordReader r) => new(new JobId(r.Unsigned()));
}

/// <summary>A job ended; its per-task results are the blob <c>result/jN</c> (see Scheduling).</summary>
public sealed record JobEnded(JobId Job, JobState State) : DurableRecord
{
    public override RecordCode Code => RecordCode.JobEnded;

    public override void WriteFields(RecordWriter w)
    {
        w.Unsigned(Job.Number);
        w.Byte((byte)State);
    }

    public static JobEnded Read(ref RecordReader r) => new(new JobId(r.Unsigned()), (JobState)r.Byte());
}
