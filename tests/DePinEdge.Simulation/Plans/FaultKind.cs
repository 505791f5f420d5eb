namespace DePinEdge.Simulation.Plans;

/// <summary>What goes wrong at a moment.</summary>
public enum FaultKind
{
    /// <summary>A board's connection breaks; each side hears of it in its own time, or not at all.</summary>
    Cut,

    /// <summary>Nothing passes on a board's connection for a while, one way.</summary>
    Stall,

    /// <summary>A group of boards is cut off from the gateway for a while; packets arrive afterwards.</summary>
    Partition,

    /// <summary>A board loses power and has it again; its memory is gone.</summary>
    Reboot,

    /// <summary>A board opens another connection while bytes of its old one are still on their way.</summary>
    Overlap,

    /// <summary>The gateway dies between two rounds; a turn that is not stored is lost.</summary>
    Crash,

    /// <summary>The gateway dies at its next commit, which is lost.</summary>
    CrashTurnLost,

    /// <summary>The gateway dies at its next commit, which is stored; nothing of what it caused was sent.</summary>
    CrashTurnStored,

    /// <summary>The gateway's wall clock is set to another time.</summary>
    ClockJump,

    /// <summary>The disk is full for a while: the turn waits, and nothing new is given out.</summary>
    DiskFull,

    /// <summary>A board's key store does not save for a while.</summary>
    FlashFails,

    /// <summary>Somebody copies a board's key, and a second board runs with it for a while.</summary>
    Clone,

    /// <summary>Somebody without a key says again what a board said: its log-in, then frames.</summary>
    Replay,

    /// <summary>Answers of the gateway's own runs take very long for a while.</summary>
    SlowWork,
}
