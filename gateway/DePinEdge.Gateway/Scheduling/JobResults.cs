using System.Buffers.Binary;
using DePinEdge.Agent.Tasks;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Scheduling;

/// <summary>
/// The verified results of one job in the order they were judged: about 10 bytes a task. While a job runs they are part of the
/// core's state; when it ends they become the blob <c>result/jN</c> and leave memory.
/// </summary>
public sealed class JobResults
{
    private RecordWriter log = new();

    /// <summary>Bytes held.</summary>
    public int Count => log.Count;

    public void Add(TaskVerdict line)
    {
        log.Unsigned(line.Task);
        log.Byte((byte)line.Reason);
        log.Signed(line.Status);
        log.Byte(line.Trap);
        log.Unsigned(line.Fuel);
        log.Bytes(line.Output);
    }

    /// <summary>A copy of the log, as it stands in the blob.</summary>
    public byte[] ToBytes() => log.Written.ToArray();

    /// <summary>Lets go of the log.</summary>
    public void Clear() => log = new RecordWriter();

    public void WriteSnapshot(RecordWriter w) => w.Bytes(log.Written);

    public void ReadSnapshot(ref RecordReader r)
    {
        Clear();
        log.Raw(r.Bytes());
    }

    /// <summary>Reads a log into lines sorted by task. Throws <see cref="CorruptRecordException"/> when it is damaged.</summary>
    public static TaskResultView[] Decode(ReadOnlySpan<byte> bytes, OutputKind output)
    {
        var reader = new RecordReader(bytes);
        var lines = new List<TaskResultView>();
        while (!reader.AtEnd)
        {
            var task = reader.Unsigned();
            var reason = (ReasonCode)reader.Byte();
            var status = (int)reader.Signed();
            var trap = reader.Byte();
            var fuel = reader.Unsigned();
            var content = reader.Bytes();
            lines.Add(new TaskResultView(task, ReasonNames.Of(reason), status, trap == 0 ? "" : TrapCode.Name(trap), fuel,
                Convert.ToHexStringLower(content), ValueOf(content, output)));
        }
        lines.Sort((a, b) => a.Task.CompareTo(b.Task));
        return [.. lines];
    }

    /// <summary>The number in an output, or null when the program's output is not a number or has another length.</summary>
    public static long? ValueOf(ReadOnlySpan<byte> output, OutputKind kind) => kind switch
    {
        OutputKind.U32 when output.Length == 4 => BinaryPrimitives.ReadUInt32LittleEndian(output),
        OutputKind.I64 when output.Length == 8 => BinaryPrimitives.ReadInt64LittleEndian(output),
        _ => null,
    };
}
