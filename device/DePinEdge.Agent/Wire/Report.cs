// What a board sends back: results of a batch, its readings, and how much more work it will take.
namespace DePinEdge.Agent.Wire;

/// <summary>Up. One report answers one batch (or none: BatchId 0, telemetry only). Outputs are views: [offset, offset + count) of
/// <see cref="Output"/>. Decode points Output at the buffer handed in, so they hold as long as the caller leaves that alone.</summary>
public sealed class Report
{
    /// <summary>The batch that this answers; 0 when it carries no results.</summary>
    public long BatchId;
    /// <summary>Results, at most FrameLimits.TasksPerBatchMax.</summary>
    public int Count;
    public long[] TaskId = new long[FrameLimits.TasksPerBatchMax];
    /// <summary>What run returned; 0 is success.</summary>
    public int[] Status = new int[FrameLimits.TasksPerBatchMax];
    /// <summary>0, a trap code of the interpreter, or TrapCode.Abandoned.</summary>
    public byte[] Trap = new byte[FrameLimits.TasksPerBatchMax];
    public long[] Fuel = new long[FrameLimits.TasksPerBatchMax];
    public byte[] Output;
    public int[] OutputOffset = new int[FrameLimits.TasksPerBatchMax];
    public int[] OutputCount = new int[FrameLimits.TasksPerBatchMax];
    /// <summary>Readings of this wake; not written when nothing is present.</summary>
    public Telemetry Telemetry = new Telemetry();
    /// <summary>Batches that the board will take now.</summary>
    public int Window;
    /// <summary>Payloads that the board ignored since it started.</summary>
    public int FramesIgnored;
    /// <summary>The FrameStatus of the last of them.</summary>
    public int LastIgnoredStatus;

    private readonly ProtoReader reader = new ProtoReader();
    private readonly ProtoReader inner = new ProtoReader();
    private readonly byte[] packed = new byte[FrameLimits.TelemetryBytesMax];

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int count = EncodeResults(buffer, offset);
        int rest = count < 0 ? -1 : EncodeRest(buffer, offset + count);
        return rest < 0 || count + rest > FrameLimits.BodyBytesMax ? -1 : count + rest;
    }

    /// <summary>Writes batch id and results only: the part that stays the same when a report is sent again.</summary>
    public int EncodeResults(byte[] buffer, int offset)
    {
        if (Count < 0 || Count > FrameLimits.TasksPerBatchMax)
            return -1;
        int at = ProtoWriter.Unsigned(buffer, offset, 1, BatchId);
        for (int i = 0; i < Count; i++)
        {
            if (OutputCount[i] < 0 || OutputCount[i] > FrameLimits.OutputBytesMax)
                return -1;
            at = ProtoWriter.Length(buffer, at, 2, ResultBytes(i));
            at = ProtoWriter.Unsigned(buffer, at, 1, TaskId[i]);
            at = ProtoWriter.Signed(buffer, at, 2, Status[i]);
            at = ProtoWriter.Unsigned(buffer, at, 3, Trap[i]);
            at = ProtoWriter.Unsigned(buffer, at, 4, Fuel[i]);
            at = ProtoWriter.Bytes(buffer, at, 5, Output, OutputOffset[i], OutputCount[i]);
        }
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Writes what changes from one sending to the next: telemetry, window, ignored frames.</summary>
    public int EncodeRest(byte[] buffer, int offset)
    {
        int at = offset;
        if (Telemetry.Present != 0)
        {
            int count = Telemetry.Pack(packed, 0);
            if (count < 0)
                return -1;
            at = ProtoWriter.Bytes(buffer, at, 3, packed, 0, count);
        }
        at = ProtoWriter.Unsigned(buffer, at, 4, Window);
        at = ProtoWriter.Unsigned(buffer, at, 5, FramesIgnored);
        at = ProtoWriter.Unsigned(buffer, at, 6, LastIgnoredStatus);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed or past a limit. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        BatchId = 0;
        Count = 0;
        Output = buffer;
        Telemetry.Clear();
        Window = 0;
        FramesIgnored = 0;
        LastIgnoredStatus = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case 1 << 3: BatchId = reader.Long(); break;
                case (2 << 3) | 2: DecodeResult(buffer); break;
                case (3 << 3) | 2:
                    if (!Telemetry.Unpack(buffer, reader.Offset, reader.Count))
                        reader.Refuse();
                    break;
                case 4 << 3: Window = reader.Int(); break;
                case 5 << 3: FramesIgnored = reader.Int(); break;
                case 6 << 3: LastIgnoredStatus = reader.Int(); break;
            }
        }
        return !reader.Failed && (Count == 0 || BatchId > 0);
    }

    private int ResultBytes(int i)
    {
        int count = TaskId[i] == 0 ? 0 : 1 + ProtoWriter.VarintBytes(TaskId[i]);
        if (Status[i] != 0)
            count += 1 + ProtoWriter.VarintBytes(ProtoWriter.ZigZag(Status[i]));
        if (Trap[i] != 0)
            count += 1 + ProtoWriter.VarintBytes(Trap[i]);
        if (Fuel[i] != 0)
            count += 1 + ProtoWriter.VarintBytes(Fuel[i]);
        if (OutputCount[i] != 0)
            count += 1 + ProtoWriter.VarintBytes(OutputCount[i]) + OutputCount[i];
        return count;
    }

    private void DecodeResult(byte[] buffer)
    {
        if (Count == FrameLimits.TasksPerBatchMax)
        {
            reader.Refuse();
            return;
        }
        int i = Count++;
        TaskId[i] = 0;
        Status[i] = 0;
        Trap[i] = 0;
        Fuel[i] = 0;
        OutputOffset[i] = reader.Offset;
        OutputCount[i] = 0;
        inner.Begin(buffer, reader.Offset, reader.Count);
        while (inner.Next())
        {
            switch (inner.Tag)
            {
                case 1 << 3: TaskId[i] = inner.Long(); break;
                case 2 << 3: Status[i] = inner.SignedInt(); break;
                case 3 << 3:
                    if (inner.Value < 0 || inner.Value > byte.MaxValue)
                        inner.Refuse();
                    Trap[i] = (byte)inner.Value;
                    break;
                case 4 << 3: Fuel[i] = inner.Long(); break;
                case (5 << 3) | 2:
                    OutputOffset[i] = inner.Offset;
                    OutputCount[i] = inner.Count;
                    if (inner.Count > FrameLimits.OutputBytesMax)
                        inner.Refuse();
                    break;
            }
        }
        if (inner.Failed)
            reader.Refuse();
    }
}
