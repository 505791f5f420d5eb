// Opens a session from the gateway's side.
namespace DePinEdge.Agent.Wire;

/// <summary>Down, the first frame of a session. Its own mac depends on the nonce in it: SessionChains.FromWelcome reads first and verifies then.</summary>
public sealed class Welcome
{
    /// <summary>16 random bytes, fresh for every session.</summary>
    public byte[] NonceG = new byte[FrameLimits.NonceBytes];
    /// <summary>The gateway's wall clock, ms since 1970, for people and logs only.</summary>
    public long UtcMs;
    /// <summary>The n of the log-in that this session belongs to.</summary>
    public long LoginNumber;
    /// <summary>Longest up frame that the gateway takes; 0 means FrameLimits.FrameBytesMax.</summary>
    public int FrameBytesMax;
    /// <summary>Most tasks that the gateway will put into a batch; 0 means FrameLimits.TasksPerBatchMax.</summary>
    public int TasksPerBatchMax;
    /// <summary>How often telemetry is wanted at least, ms; 0 leaves it to the board.</summary>
    public int ReportIntervalMs;

    private readonly ProtoReader reader = new ProtoReader();

    /// <summary>Writes the body; returns its length, -1 when it does not fit or breaks a limit.</summary>
    public int Encode(byte[] buffer, int offset)
    {
        int at = ProtoWriter.Exact(buffer, offset, 1, NonceG, FrameLimits.NonceBytes);
        at = ProtoWriter.Unsigned(buffer, at, 2, UtcMs);
        at = ProtoWriter.Unsigned(buffer, at, 3, LoginNumber);
        at = ProtoWriter.Unsigned(buffer, at, 4, FrameBytesMax);
        at = ProtoWriter.Unsigned(buffer, at, 5, TasksPerBatchMax);
        at = ProtoWriter.Unsigned(buffer, at, 6, ReportIntervalMs);
        return at < 0 ? -1 : at - offset;
    }

    /// <summary>Reads a body; false, with undefined fields, on anything malformed. Unknown fields are skipped.</summary>
    public bool Decode(byte[] buffer, int offset, int count)
    {
        bool hasNonceG = false;
        UtcMs = 0;
        LoginNumber = 0;
        FrameBytesMax = 0;
        TasksPerBatchMax = 0;
        ReportIntervalMs = 0;
        reader.Begin(buffer, offset, count);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1 << 3) | 2: reader.Exact(NonceG); hasNonceG = true; break;
                case 2 << 3: UtcMs = reader.Long(); break;
                case 3 << 3: LoginNumber = reader.Long(); break;
                case 4 << 3: FrameBytesMax = reader.Int(); break;
                case 5 << 3: TasksPerBatchMax = reader.Int(); break;
                case 6 << 3: ReportIntervalMs = reader.Int(); break;
            }
        }
        return !reader.Failed && hasNonceG;
    }
}
