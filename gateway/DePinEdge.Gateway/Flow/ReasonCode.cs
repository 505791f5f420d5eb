namespace DePinEdge.Gateway.Flow;

/// <summary>
/// Why a task was paid or not, and why a frame or a board was refused. Numbers are stored in the ledger and never change meaning;
/// new ones are added at the end of their group.
/// </summary>
public enum ReasonCode : byte
{
    /// <summary>The result equals the gateway's own; the reward was posted.</summary>
    Paid = 1,

    /// <summary>The output differs from the gateway's own run.</summary>
    WrongOutput = 10,

    /// <summary>The fuel reported differs from the gateway's own run.</summary>
    WrongFuel = 11,

    /// <summary>The status or the trap code differs from the gateway's own run.</summary>
    WrongStatus = 12,

    /// <summary>A frame's MAC does not fit its session.</summary>
    BadMac = 13,

    /// <summary>A login number or a frame that was seen before.</summary>
    Replayed = 14,

    /// <summary>Two different frames with one sequence number.</summary>
    Forked = 15,

    /// <summary>Two boards use one key; both are held until the key is changed.</summary>
    Cloned = 16,

    /// <summary>A client of another machine gave no credentials.</summary>
    NoCredentials = 17,

    /// <summary>The result came after its lease had ended.</summary>
    Late = 20,

    /// <summary>The batch was answered before.</summary>
    Duplicate = 21,

    /// <summary>The lease ended without an answer.</summary>
    LeaseExpired = 22,

    /// <summary>The board said that it could not run the task; no fault.</summary>
    Abandoned = 23,

    /// <summary>The job was cancelled.</summary>
    Cancelled = 24,

    /// <summary>The task was not in the batch that the report names.</summary>
    NotAsked = 25,

    /// <summary>The job's escrow does not cover another batch.</summary>
    OutOfBudget = 40,

    /// <summary>The device returned three wrong results; it gets single canary tasks until enough of them were right.</summary>
    Throttled = 41,

    /// <summary>The join code is not known on this site.</summary>
    UnknownCode = 60,

    /// <summary>The join code was used by another board.</summary>
    UsedCode = 61,

    /// <summary>The join code's time is over.</summary>
    ExpiredCode = 62,

    /// <summary>Five wrong answers burned the join code.</summary>
    BurnedCode = 63,

    /// <summary>The proof does not fit the join code's secret.</summary>
    WrongCode = 64,

    /// <summary>The join conversation is out of order; the board starts again with Hello.</summary>
    NoOffer = 65,

    /// <summary>A limit of the gateway is reached.</summary>
    LimitReached = 66,
}
