// Work for a board: tasks of one program.
namespace DePinEdge.Agent.Wire;

/// <summary>Down. One batch holds tasks of one program of one job; the program's hash, the fuel limit and the tail (the job's
/// parameters, appended to every task's input) stand in it once. Inputs and tail are views: [offset, offset + count) of <see cref="Data"/>.
/// Decode points Data at the buffer handed in, so they hold as long as the caller leaves that alone.</summary>
public sealed class Batch
{
    public long BatchId;
    /// <summary>How long the tasks are leased to this board, ms since the frame was sent.</summary>
    public int LeaseMs;
    /// <summary>SHA-256 of the .wasm.</summary>
    public byte[] ProgramHash = new byte[FrameLimits.HashBytes];
    /// <summary>Fuel that each task may use.</summary>
    public long FuelLimit;
    public byte[] Data;
    public int TailOffset;
    public int TailCount;
    /// <summary>Tasks, 1 to FrameLimits.TasksPerBatchMax.</summary>
    public int Count;
    public long[] TaskId = new long[FrameLimits.TasksPerBatchMax];
    public int[] InputOffset = new int[FrameLimits.TasksPerBatchMax];
    public int[] InputCount = new int[FrameLimits.TasksPerBatchMax];

    private readonly ProtoReader reader = new ProtoReader();
    private readonly ProtoReader inner = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        if (Count < 1 || Count > FrameLimits.TasksPerBatchMax || !InputsFit())
            return -1;
        int at = ProtoWriter.Unsigned(buffer, offset, 1, BatchId);
        at = ProtoWriter.Unsigned(buffer, at, 2, LeaseMs);
        at = ProtoWriter.Exact(buffer, at, 3, ProgramHash, FrameLimits.HashBytes);
        at = ProtoWriter.Unsigned(buffer, at, 4, FuelLimit);
        at = ProtoWriter.Bytes(buffer, at, 5, Data, TailOffset, TailCount);
        for (int i = 0; i < Count; i++)
        {
            if (TaskId[i] < 0)
                return -1;
            int count = TaskId[i] == 0 ? 0 : 1 + ProtoWriter.VarintBytes(TaskId[i]);
            if (InputCount[i] > 0)
                count += 1 + ProtoWriter.VarintBytes(InputCount[i]) + InputCount[i];
            at = ProtoWriter.Length(buffer, at, 6, count);
            at = ProtoWriter.Unsigned(buffer, at, 1, TaskId[i]);
            at = ProtoWriter.Bytes(buffer, at, 2, Data, InputOffset[i], InputCount[i]);
        }
        return at < 0 || at - offset > FrameLimits.BodyBytesMax ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed or past a limit. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        BatchId = 0;
        LeaseMs = 0;
        FuelLimit = 0;
        Data = buffer;
        TailOffset = offset;
        TailCount = 0;
        Count = 0;
        bool hash = false;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case 1 << 3: BatchId = reader.Long(); break;
                case 2 << 3: LeaseMs = reader.Int(); break;
                case (3 << 3) | 2: reader.Exact(ProgramHash); hash = true; break;
                case 4 << 3: FuelLimit = reader.Long(); break;
                case (5 << 3) | 2: TailOffset = reader.Offset; TailCount = reader.Count; break;
                case (6 << 3) | 2: DecodeTask(buffer); break;
            }
        }
        return !reader.Failed && hash && BatchId > 0 && Count > 0 && InputsFit();
    }

    private void DecodeTask(byte[] buffer)
    {
        if (Count == FrameLimits.TasksPerBatchMax)
        {
            reader.Refuse();
            return;
        }
        int i = Count++;
        TaskId[i] = 0;
        InputOffset[i] = reader.Offset;
        InputCount[i] = 0;
        inner.Begin(buffer, reader.Offset, reader.Count);
        while (inner.Next())
        {
            switch (inner.Tag)
            {
                case 1 << 3: TaskId[i] = inner.Long(); break;
                case (2 << 3) | 2: InputOffset[i] = inner.Offset; InputCount[i] = inner.Count; break;
            }
        }
        if (inner.Failed)
            reader.Refuse();
    }

    private bool InputsFit()
    {
        if (TailCount < 0 || TailCount > FrameLimits.InputBytesMax)
            return false;
        for (int i = 0; i < Count; i++)
        {
            if (InputCount[i] < 0 || InputCount[i] > FrameLimits.InputBytesMax - TailCount)
                return false;
        }
        return true;
    }
}
