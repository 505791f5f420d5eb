// Everything that the chaos does to a gateway.
namespace DePinEdge.Simulator.Chaos;

/// <summary>One kind of lie, accident or attack.</summary>
public enum FaultKind
{
    /// <summary>A result with random bytes for its output.</summary>
    RandomOutput,

    /// <summary>The right output, with more fuel than it took.</summary>
    WrongFuel,

    /// <summary>A status or a trap that the program did not end with.</summary>
    WrongStatus,

    /// <summary>The result of another task of the same board.</summary>
    CopiedTask,

    /// <summary>A result that another board sent.</summary>
    CopiedBoard,

    /// <summary>Another board's whole answer, sent as one's own.</summary>
    ForeignAnswer,

    /// <summary>Power goes in the middle of a batch.</summary>
    Death,

    /// <summary>An answer that was acknowledged is sent again.</summary>
    AnsweredTwice,

    /// <summary>An answer is sent after its lease has ended.</summary>
    AnsweredLate,

    /// <summary>A batch that came later is answered first.</summary>
    OutOfOrder,

    /// <summary>A connection breaks.</summary>
    LinkCut,

    /// <summary>A connection carries nothing for a while, in either direction.</summary>
    LinkStall,

    /// <summary>A connection is slow for a while.</summary>
    LinkDelay,

    /// <summary>A connection ends on the board's side only; the gateway's side stays open and silent.</summary>
    LinkHalfOpen,

    /// <summary>A password that was used before.</summary>
    ReplayedLogin,

    /// <summary>A log-in with a copied key, while its owner is there.</summary>
    StolenLogin,

    /// <summary>A frame recorded in another session.</summary>
    ReplayedFrame,

    /// <summary>A frame whose MAC is made up.</summary>
    ForgedFrame,
}
