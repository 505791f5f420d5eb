namespace DePinEdge.Gateway.Flow;

/// <summary>
/// A fact that a restart must remember: past tense, immutable, applied to the stages' tables exactly as it stands, both when it
/// happens and when it is replayed. A stage never changes durable state in any other way.
/// </summary>
public abstract record DurableRecord
{
    /// <summary>When it was handled, UTC milliseconds.</summary>
    public long UtcMs { get; init; }

    /// <summary>The record's kind as stored; see <see cref="RecordCodec"/>.</summary>
    public abstract RecordCode Code { get; }

    /// <summary>Writes the fields, without code, version and time.</summary>
    public abstract void WriteFields(RecordWriter w);
}

/// <summary>Kinds of durable records. Numbers are stored and never reused.</summary>
public enum RecordCode : byte
{
    LedgerOpened = 1,
    JoinCodeIssued = 2,
    JoinCodeFailed = 3,
    DeviceJoined = 4,
    DeviceLoggedIn = 5,
    DeviceBorn = 6,
    DeviceHeld = 7,
    KeyOffered = 8,
    KeyRotated = 9,
    ProgramAdded = 10,
    JobSubmitted = 11,
    BatchDispatched = 12,
    BatchJudged = 13,
    LeaseEnded = 14,
    JobEnded = 15,
    Transferred = 16,
    EpochSealed = 17,
    EpochSigned = 18,
    JobCancelled = 19,
}
