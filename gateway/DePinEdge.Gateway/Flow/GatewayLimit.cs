namespace DePinEdge.Gateway.Flow;

/// <summary>The domain's limits at which somebody meets something else than service: each member has its option's name, or its constant's,
/// and <see cref="Tally"/> counts how often it was met.</summary>
public enum GatewayLimit
{
    /// <summary>A join was refused.</summary>
    DevicesMax,

    /// <summary>A submission was refused.</summary>
    RunningJobsMax,

    /// <summary>A submission was refused.</summary>
    TasksPerJobMax,

    /// <summary>An invitation was refused.</summary>
    OpenJoinCodesMax,

    /// <summary>A join message was refused: its code's time is over.</summary>
    JoinCodeLifetimeMs,

    /// <summary>A join message was refused: its code is burned.</summary>
    JoinFailuresMax,

    /// <summary>A join message was refused.</summary>
    JoinAttemptsPerAddress,

    /// <summary>A task failed for good; counted when its job ends.</summary>
    AttemptsMax,

    /// <summary>A device waited for work because too many results wait for their verdicts.</summary>
    RecomputeQueueMax,

    /// <summary>A frame was ignored: it is too long.</summary>
    FrameBytesMax,

    /// <summary>A session ended: too many of its frames did not fit.</summary>
    BadFramesMax,

    /// <summary>A program was refused: the library is full.</summary>
    ProgramsMax,
}
