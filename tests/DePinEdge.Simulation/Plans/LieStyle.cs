namespace DePinEdge.Simulation.Plans;

/// <summary>What a board that has a valid key does with true answers before it sends them.</summary>
public enum LieStyle
{
    /// <summary>Nothing.</summary>
    Honest,

    /// <summary>Random outputs for every task.</summary>
    RandomOutput,

    /// <summary>More fuel than was used.</summary>
    WrongFuel,

    /// <summary>Another status or trap.</summary>
    WrongStatus,

    /// <summary>The result of another task of the batch, or of the batch before, instead of its own.</summary>
    Copies,

    /// <summary>A wrong output now and then, after a long row of right ones.</summary>
    Patient,

    /// <summary>The same wrong answer as all others of this style.</summary>
    Colluding,

    /// <summary>Right results for some tasks, none for the others.</summary>
    HalfAnswers,

    /// <summary>Right answers, sent several times.</summary>
    Duplicates,

    /// <summary>Right answers, long after their leases.</summary>
    Late,

    /// <summary>Answers on batches of others, and on tasks nobody asked for.</summary>
    NotAsked,
}
