namespace DePinEdge.Tasks;

/// <summary>The outcome of loading: a program or an error, never both and never neither.</summary>
public readonly struct LoadResult
{
    internal LoadResult(LoadedProgram? program, ProgramError? error)
    {
        Program = program;
        Error = error;
    }

    /// <summary>The program, when it was accepted.</summary>
    public LoadedProgram? Program { get; }

    /// <summary>The reason, when it was refused.</summary>
    public ProgramError? Error { get; }
}
