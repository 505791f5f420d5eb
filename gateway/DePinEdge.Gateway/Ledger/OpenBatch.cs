using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// A batch from its dispatch until its whole reservation is posted or returned: dispatched, reserved, then closed with what is due
/// to the device, then posted (when something is due) and returned (when something is left), each once.
/// </summary>
internal sealed class OpenBatch(BatchId id, OpenJob job, DeviceId device, int tasks)
{
    public BatchId Id { get; } = id;
    public OpenJob Job { get; } = job;
    public DeviceId Device { get; } = device;

    /// <summary>Number of tasks.</summary>
    public int Tasks { get; } = tasks;

    public long ReservedMicro { get; private set; }

    /// <summary>Judged, or its lease ended.</summary>
    public bool Closed { get; private set; }

    /// <summary>What the device is to get; known once closed.</summary>
    public long DueMicro { get; private set; }

    public bool Posted { get; private set; }
    public bool Returned { get; private set; }

    /// <summary>What is to go back to escrow; known once closed.</summary>
    public long RestMicro => ReservedMicro - DueMicro;

    public bool Settled => Closed && (Posted || DueMicro == 0) && (Returned || RestMicro == 0);

    public void Reserve(long amountMicro)
    {
        Invariant.Require(ReservedMicro == 0 && !Closed, $"batch {Id} is reserved once, while it is open");
        ReservedMicro = amountMicro;
    }

    public void Close(long dueMicro)
    {
        Closed = true;
        DueMicro = dueMicro;
    }

    public void Post(long amountMicro)
    {
        Invariant.Require(Closed && !Posted && amountMicro == DueMicro, $"batch {Id} is due {DueMicro} once, {amountMicro} is posted");
        Posted = true;
    }

    public void Return(long amountMicro)
    {
        Invariant.Require(Closed && !Returned && amountMicro == RestMicro, $"batch {Id} returns {RestMicro} once, not {amountMicro}");
        Returned = true;
    }

    public void Write(RecordWriter w)
    {
        w.Unsigned(Id.Number);
        w.Unsigned(Job.Id.Number);
        w.Text(Device.Value);
        w.Unsigned(Tasks);
        w.Unsigned(ReservedMicro);
        w.Bool(Closed);
        w.Unsigned(DueMicro);
        w.Bool(Posted);
        w.Bool(Returned);
    }

    public static OpenBatch Read(ref RecordReader r, OpenJobs jobs)
    {
        var id = new BatchId(r.Unsigned());
        var number = r.Unsigned();
        var job = jobs.Job(number) ?? throw r.Corrupt($"batch {id} is of job j{number}, which is not open");
        var batch = new OpenBatch(id, job, new DeviceId(r.Text()), checked((int)Math.Min(r.Unsigned(), int.MaxValue)))
        {
            ReservedMicro = r.Unsigned(),
            Closed = r.Bool(),
            DueMicro = r.Unsigned(),
            Posted = r.Bool(),
            Returned = r.Bool(),
        };
        return batch.DueMicro <= batch.ReservedMicro ? batch : throw r.Corrupt($"batch {id} is due more than it reserved");
    }
}
