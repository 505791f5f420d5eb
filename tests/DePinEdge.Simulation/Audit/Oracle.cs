using System.Buffers.Binary;
using DePinEdge.Simulation.Plans;
using DePinEdge.Simulation.Site;

namespace DePinEdge.Simulation.Audit;

/// <summary>
/// What is true of a task: the answer from counting primes in plain C#, fuel and traps from a run on the engine. A run that ends well
/// must give the counted answer.
/// </summary>
public static class Oracle
{
    private const int CountedTo = 300_000;

    private static readonly int[] PrimesBelow = Count();

    /// <summary>The head of a task's input: its index, or one byte too few where the plan has a bad input.</summary>
    public static byte[] Head(JobPlan job, long task)
    {
        var head = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(head, job.From + task);
        return IsBad(job, task) ? head[..7] : head;
    }

    /// <summary>What all inputs of a job end with.</summary>
    public static byte[] Tail(JobPlan job)
    {
        var tail = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, job.Width);
        BinaryPrimitives.WriteUInt64LittleEndian(tail.AsSpan(4), job.Limit);
        return tail;
    }

    /// <summary>The only result of a task that may be paid.</summary>
    public static SentTask Truth(JobPlan job, long task, long fuelLimit)
    {
        var run = Workshop.Run([.. Head(job, task), .. Tail(job)], fuelLimit);
        if (run.Trap == 0)
        {
            var status = IsBad(job, task) ? 1 : 0;
            SimulationException.Require(run.Status == status, $"the engine gives status {run.Status} for task {task}, {status} is right");
            var output = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(output, Primes(job, task));
            SimulationException.Require(run.Output.AsSpan().SequenceEqual(status == 0 ? output : []), $"the engine's output for task {task} is wrong");
        }
        return new SentTask(task, run.Status, run.Trap, run.Fuel, run.Output);
    }

    /// <summary>Primes in a task's slice.</summary>
    public static int Primes(JobPlan job, long task)
    {
        var low = Math.Min((ulong)(job.From + task) * job.Width, job.Limit);
        var high = Math.Min(low + job.Width, job.Limit);
        return PrimesBelow[high] - PrimesBelow[low];
    }

    private static bool IsBad(JobPlan job, long task) => job.BadEvery > 0 && task % job.BadEvery == job.BadEvery - 1;

    private static int[] Count()
    {
        var below = new int[CountedTo + 1];
        for (var n = 0; n < CountedTo; n++)
            below[n + 1] = below[n] + (IsPrime(n) ? 1 : 0);
        return below;
    }

    private static bool IsPrime(int n)
    {
        for (var d = 2; d * d <= n; d++)
            if (n % d == 0)
                return false;
        return n >= 2;
    }
}
