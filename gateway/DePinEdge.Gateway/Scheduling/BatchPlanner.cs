using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Devices;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>
/// How much of a job one device gets, and for how long. A batch is about <see cref="GatewayOptions.BatchTargetMs"/> of the device's own
/// time, within what a frame and a report can carry; near the end of a job the rest is spread over the devices that are there.
/// </summary>
public static class BatchPlanner
{
    // Batch id, lease, hash, fuel limit, tail header and each task's own header in a Batch body.
    private const int BatchOverheadBytes = 80;
    private const int TaskOverheadBytes = 16;

    /// <summary>True when the device can run the program at all.</summary>
    public static bool Fits(Device device, StoredProgram program) =>
        device.Birth is { } birth && program.Image is { } image
        && program.Facts.MemoryBytes <= birth.MemoryBytesMax && image.Length <= birth.ImageBytesMax
        && (program.Facts.CapabilityBits & ~birth.CapabilityBits) == 0;

    /// <summary>How many tasks the device should get, at least 1.</summary>
    public static int TasksFor(Device device, Job job, StoredProgram program, int devicesOnline, GatewayOptions options)
    {
        var rate = Math.Max(1, device.Birth!.FuelPerSecond);
        var byTime = (long)Int128.Min(FrameLimits.TasksPerBatchMax, (Int128)rate * options.BatchTargetMs / 1000 / job.ExpectedFuel);
        var share = (job.Ready.Count + devicesOnline - 1) / Math.Max(1, devicesOnline);
        var tasks = Math.Min(Math.Min(byTime, share), FrameLimits.TasksThatFit(program.OutputBytesMax));
        return (int)Math.Clamp(tasks, 1, FrameLimits.TasksPerBatchMax);
    }

    /// <summary>How many of these tasks fit one Batch frame; at least 1, because a single input always does.</summary>
    public static int CountThatFits(Job job, List<long> tasks)
    {
        var bytes = BatchOverheadBytes + job.Spec.Tail.Length;
        for (var i = 0; i < tasks.Count; i++)
        {
            bytes += TaskOverheadBytes + (job.Spec.IsRange ? 8 : job.Inputs[tasks[i]].Length);
            if (bytes > FrameLimits.BodyBytesMax)
                return i;
        }
        return tasks.Count;
    }

    /// <summary>The lease: a multiple of the expected time, counting what the device has queued already, and longer for tasks whose
    /// leases ran out before: they may be the costly ones.</summary>
    public static int LeaseMs(Device device, Job job, List<long> tasks, int openBatches, GatewayOptions options)
    {
        var rate = Math.Max(1, device.Birth!.FuelPerSecond);
        var expectedMs = (Int128)job.ExpectedFuel * tasks.Count * 1000 / rate * (openBatches + 1);
        return (int)Int128.Clamp(expectedMs * options.LeaseFactor * (1 + job.TroubleOf(tasks)), options.LeaseFloorMs, 24 * 3_600_000);
    }

    /// <summary>The Batch body for a lease, whole inputs split into head and shared tail; returns its length.</summary>
    public static int Encode(Lease lease, Job job, StoredProgram program, int leaseMs, byte[] body)
    {
        var tasks = lease.Batch.Tasks;
        var frame = new Batch
        {
            BatchId = lease.Batch.Batch.Number,
            LeaseMs = leaseMs,
            ProgramHash = program.Facts.Hash.ToBytes(),
            FuelLimit = job.Spec.FuelLimit,
            Count = tasks.Length,
        };
        var data = new List<byte>(job.Spec.Tail);
        frame.TailCount = data.Count;
        for (var i = 0; i < tasks.Length; i++)
        {
            var input = job.InputOf(tasks[i]).AsSpan(..^job.Spec.Tail.Length);
            frame.TaskId[i] = tasks[i];
            frame.InputOffset[i] = data.Count;
            frame.InputCount[i] = input.Length;
            data.AddRange(input);
        }
        frame.Data = [.. data];
        return frame.Encode(body, 0);
    }
}
