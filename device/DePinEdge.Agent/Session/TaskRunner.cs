// Runs the tasks of one batch, a slice at a time, and collects their results.
using DePinEdge.Agent.Tasks;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>Holds at most one batch. Each call of Work runs the current task for about a slice of fuel, so that the runner can serve
/// its link in between. The interpreter is kept while batches of the same program follow each other. A task whose output no longer fits
/// the one report that answers the batch, or for which memory is short, comes back ABANDONED.</summary>
public sealed class TaskRunner
{
    /// <summary>Tasks that ran to their end.</summary>
    public int TasksOk;
    /// <summary>Tasks that trapped or were abandoned.</summary>
    public int TasksErr;

    private readonly Report results = new Report();
    private readonly byte[] outputs = new byte[FrameLimits.ResultsBytesMax];
    private BatchSlot slot;
    private RegisterImage image;
    private Interpreter interpreter;
    private bool begun;
    private int outputsUsed;
    private int outputsMax;

    public TaskRunner()
    {
        results.Output = outputs;
    }

    /// <summary>True while it holds a batch, finished or not.</summary>
    public bool Busy => slot != null;
    /// <summary>True when every task of its batch has a result: Collect is due.</summary>
    public bool Finished => slot != null && results.Count == slot.Batch.Count;
    /// <summary>The batch that it holds.</summary>
    public BatchSlot Slot => slot;

    /// <summary>Takes a batch whose program is at hand. frameBytesMax is the longest frame that the gateway takes.</summary>
    public void Start(BatchSlot batch, RegisterImage program, int frameBytesMax)
    {
        slot = batch;
        results.BatchId = batch.Batch.BatchId;
        results.Count = 0;
        outputsUsed = 0;
        outputsMax = FrameLimits.ResultsBytesMax - (FrameLimits.FrameBytesMax - frameBytesMax) - batch.Batch.Count * FrameLimits.EmptyResultBytesMax;
        begun = false;
        if (image == program && interpreter != null)
            return;
        image = program;
        interpreter = null;
        try
        {
            interpreter = new Interpreter(program);
        }
        catch (System.OutOfMemoryException)
        {
            // Without an interpreter every task of the batch comes back abandoned.
        }
    }

    /// <summary>Runs the current task for at most about fuelSlice; returns the fuel spent.</summary>
    public long Work(int fuelSlice)
    {
        if (slot == null || Finished)
            return 0;
        if (interpreter == null)
        {
            Abandon();
            return 0;
        }
        Batch batch = slot.Batch;
        int task = results.Count;
        if (!begun)
        {
            interpreter.Begin(batch.Data, batch.InputOffset[task], batch.InputCount[task],
                batch.Data, batch.TailOffset, batch.TailCount, batch.FuelLimit);
            begun = true;
        }
        long before = interpreter.FuelUsed;
        bool ended = false;
        bool shortOfMemory = false;
        try
        {
            ended = interpreter.Run(fuelSlice);
        }
        catch (System.OutOfMemoryException)
        {
            shortOfMemory = true;
        }
        long spent = interpreter.FuelUsed - before;
        if (shortOfMemory)
        {
            // Whatever state the run is in, it is not used again.
            interpreter = null;
            Abandon();
        }
        else if (ended)
            Keep();
        return spent;
    }

    /// <summary>Writes batch id and results as the first part of a report; the batch stays until Release.</summary>
    public int Collect(byte[] buffer, int offset) => results.EncodeResults(buffer, offset);

    /// <summary>Gives the batch's place back.</summary>
    public void Release()
    {
        if (slot != null)
            slot.Taken = false;
        slot = null;
        begun = false;
    }

    private void Keep()
    {
        int count = interpreter.OutputCount;
        if (interpreter.Trap == TrapCode.Abandoned || count > FrameLimits.OutputBytesMax || count > outputsMax - outputsUsed)
        {
            Abandon();
            return;
        }
        int i = results.Count;
        System.Array.Copy(interpreter.Output, 0, outputs, outputsUsed, count);
        Add(interpreter.Status, interpreter.Trap, interpreter.FuelUsed, outputsUsed, count);
        outputsUsed += count;
        if (results.Trap[i] == TrapCode.None)
            TasksOk++;
        else
            TasksErr++;
    }

    private void Abandon()
    {
        Add(0, TrapCode.Abandoned, 0, 0, 0);
        TasksErr++;
    }

    private void Add(int status, byte trap, long fuel, int outputOffset, int outputCount)
    {
        int i = results.Count;
        results.TaskId[i] = slot.Batch.TaskId[i];
        results.Status[i] = status;
        results.Trap[i] = trap;
        results.Fuel[i] = fuel;
        results.OutputOffset[i] = outputOffset;
        results.OutputCount[i] = outputCount;
        results.Count = i + 1;
        begun = false;
    }
}
