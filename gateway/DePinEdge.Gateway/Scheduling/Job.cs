using System.Buffers.Binary;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>One row of the job table. Durable but for the members said to be not.</summary>
public sealed class Job
{
    /// <summary>What a wrong result of a proven device adds to a task's trouble.</summary>
    public const int WrongWeight = 3;

    /// <summary>What a wrong result of any other device adds: it says more about the device than about the task.</summary>
    public const int UnprovenWeight = 1;

    /// <summary>What an expired lease adds: boards vanish more often than they lie, and it says less about the task.</summary>
    public const int ExpiredWeight = 1;

    // Beside the state in a snapshot.
    private const byte CancellingBit = 0x80;

    private readonly SortedDictionary<long, int> trouble = [];

    public Job(JobSubmitted spec)
    {
        Spec = spec;
        SubmittedUtcMs = spec.UtcMs;
    }

    public JobSubmitted Spec { get; }

    public long SubmittedUtcMs { get; private set; }

    public long EndedUtcMs { get; private set; }

    public JobState State { get; private set; }

    public ReadyTasks Ready { get; } = new();

    public JobResults Results { get; } = new();

    /// <summary>Tasks with a verified result of status 0.</summary>
    public long Done { get; private set; }

    /// <summary>Tasks that trapped or returned a status (verified), or used up their tries.</summary>
    public long Failed { get; private set; }

    /// <summary>Those of them that were tried too often, seen by this process; the others ended with a status or a trap.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Tasks that are leased.</summary>
    public long Leased { get; private set; }

    /// <summary>Times a task went back to waiting.</summary>
    public long Retried { get; private set; }

    /// <summary>Results that verification refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Results that were equal to the gateway's own run.</summary>
    public long RecomputedEqual { get; private set; }

    /// <summary>Fuel of all paid results.</summary>
    public long FuelPaid { get; private set; }

    /// <summary>What its devices were paid, micro-credits.</summary>
    public long PaidMicro { get; set; }

    /// <summary>Sum, least or greatest of the outputs so far; meaningless before the first.</summary>
    public Int128 Accumulator { get; private set; }

    public bool HasValue { get; private set; }

    /// <summary>The inputs of a list job; empty for a range. From the blob <c>input/jN</c>, not in the snapshot.</summary>
    public byte[][] Inputs { get; set; } = [];

    /// <summary>Not durable: the device that last failed a task and when, so that another one gets it.</summary>
    public Dictionary<long, (DeviceId Device, long UtcMs)> LastDevice { get; } = [];

    /// <summary>Not durable: tasks whose last result was refused, and when, so that a trusted device gets them.</summary>
    public Dictionary<long, long> Doubtful { get; } = [];

    /// <summary>Not durable: the best standing of the devices that can run this job, and until when that is believed.</summary>
    public (Standing Standing, long UntilMs) Best { get; set; }

    /// <summary>Not durable: devices that said they cannot run this job, and until when that is believed.</summary>
    public Dictionary<string, long> Unable { get; } = new(StringComparer.Ordinal);

    /// <summary>Not durable: when the first batch went out in this run, and how much was done then; for the rate.</summary>
    public long RateSinceMs { get; set; } = -1;

    public long RateSinceDone { get; set; }

    /// <summary>The requester cancelled, leases are draining.</summary>
    public bool Cancelling { get; set; }

    public bool AllSettled => Done + Failed == Spec.TaskCount;

    /// <summary>Not durable: mean fuel of a few tasks that the gateway ran itself before the first dispatch; 0 until then.</summary>
    public long EstimatedFuel { get; set; }

    /// <summary>Fuel to expect of one task: the mean of those paid, before the first the estimate, 0 without either.</summary>
    public long ExpectedFuel => RecomputedEqual == 0 ? EstimatedFuel : Math.Max(1, FuelPaid / RecomputedEqual);

    /// <summary>How often these tasks were in trouble, at the most: their leases grow with it.</summary>
    public int TroubleOf(List<long> tasks) => trouble.Count == 0 ? 0 : tasks.Max(task => trouble.GetValueOrDefault(task));


    /// <summary>The whole input of one task: index or list entry, then the job's parameters.</summary>
    public byte[] InputOf(long task)
    {
        if (!Spec.IsRange)
            return [.. Inputs[task], .. Spec.Tail];
        var input = new byte[8 + Spec.Tail.Length];
        BinaryPrimitives.WriteInt64LittleEndian(input, Spec.RangeFrom + task);
        Spec.Tail.CopyTo(input, 8);
        return input;
    }

    public void Leasing(long[] tasks)
    {
        foreach (var task in tasks)
            Ready.Remove(task);
        Leased += tasks.Length;
    }

    /// <summary>A verdict on a leased task.</summary>
    public void Judged(TaskVerdict line, Reduction reduce, OutputKind output, bool proven, long utcMs)
    {
        Leased--;
        if (line.Reason == ReasonCode.Abandoned)
        {
            Retried++;
            Ready.Add(line.Task, line.Task + 1);
            return;
        }
        if (line.Reason != ReasonCode.Paid)
        {
            Refused++;
            Troubled(line.Task, proven ? WrongWeight : UnprovenWeight, line);
            if (trouble.ContainsKey(line.Task))
                Doubtful[line.Task] = utcMs;
            return;
        }
        RecomputedEqual++;
        FuelPaid = checked(FuelPaid + line.Fuel);
        trouble.Remove(line.Task);
        LastDevice.Remove(line.Task);
        Doubtful.Remove(line.Task);
        Results.Add(line);
        if (line.Status != 0 || line.Trap != 0)
        {
            Failed++;
            return;
        }
        Done++;
        if (JobResults.ValueOf(line.Output, output) is { } value)
            Reduce(reduce, value);
    }

    /// <summary>A lease ended without a verdict on this task.</summary>
    public void LeaseEnded(long task, ReasonCode reason)
    {
        Leased--;
        if (reason == ReasonCode.LeaseExpired)
            Troubled(task, ExpiredWeight, new TaskVerdict(task, reason, 0, 0, 0, []));
        else
        {
            Retried++;
            Ready.Add(task, task + 1);
        }
    }

    public void Ended(JobEnded record)
    {
        State = record.State;
        Cancelling = false;
        EndedUtcMs = record.UtcMs;
        Ready.Clear();
        Results.Clear();
        Inputs = [];
        trouble.Clear();
        LastDevice.Clear();
        Doubtful.Clear();
        Unable.Clear();
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(SubmittedUtcMs);
        Spec.WriteFields(w);
        w.Byte((byte)((byte)State | (Cancelling ? CancellingBit : 0)));
        w.Unsigned(EndedUtcMs);
        w.Unsigned(Done);
        w.Unsigned(Failed);
        w.Unsigned(Leased);
        w.Unsigned(Retried);
        w.Unsigned(Refused);
        w.Unsigned(RecomputedEqual);
        w.Unsigned(FuelPaid);
        w.Unsigned(PaidMicro);
        w.Bool(HasValue);
        w.Fixed64((ulong)(Accumulator >> 64));
        w.Fixed64((ulong)Accumulator);
        Ready.WriteSnapshot(w);
        Results.WriteSnapshot(w);
        w.Unsigned(trouble.Count);
        foreach (var (task, weight) in trouble)
        {
            w.Unsigned(task);
            w.Unsigned(weight);
        }
    }

    public static Job FromSnapshot(ref RecordReader r)
    {
        var submitted = r.Unsigned();
        var spec = JobSubmitted.Read(ref r) with { UtcMs = submitted };
        var state = r.Byte();
        var job = new Job(spec)
        {
            State = (JobState)(state & ~CancellingBit),
            Cancelling = (state & CancellingBit) != 0,
            EndedUtcMs = r.Unsigned(),
            Done = r.Unsigned(),
            Failed = r.Unsigned(),
            Leased = r.Unsigned(),
            Retried = r.Unsigned(),
            Refused = r.Unsigned(),
            RecomputedEqual = r.Unsigned(),
            FuelPaid = r.Unsigned(),
            PaidMicro = r.Unsigned(),
            HasValue = r.Bool(),
        };
        var high = r.Fixed64();
        job.Accumulator = (Int128)new UInt128(high, r.Fixed64());
        job.Ready.ReadSnapshot(ref r);
        job.Results.ReadSnapshot(ref r);
        for (var n = r.Count(2); n > 0; n--)
            job.trouble[r.Unsigned()] = (int)r.Unsigned();
        return job;
    }

    private void Troubled(long task, int weight, TaskVerdict line)
    {
        var total = trouble.GetValueOrDefault(task) + weight;
        if (total >= WrongWeight * Spec.AttemptsMax)
        {
            trouble.Remove(task);
            LastDevice.Remove(task);
            Doubtful.Remove(task);
            Failed++;
            GivenUp++;
            Results.Add(line with { Output = [] });
            return;
        }
        trouble[task] = total;
        Retried++;
        Ready.Add(task, task + 1);
    }

    private void Reduce(Reduction reduce, long value)
    {
        Accumulator = reduce switch
        {
            Reduction.Sum => checked(Accumulator + value),
            Reduction.Min => HasValue ? Int128.Min(Accumulator, value) : value,
            Reduction.Max => HasValue ? Int128.Max(Accumulator, value) : value,
            _ => 0,
        };
        HasValue = true;
    }
}
