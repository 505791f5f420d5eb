namespace DePinEdge.Tasks.Wasm;

/// <summary>Holds the first thing found wrong with a module; later ones are consequences and are dropped.</summary>
internal sealed class Diagnosis
{
    /// <summary>The first error, or null.</summary>
    public ProgramError? Error { get; private set; }

    /// <summary>True once anything was wrong.</summary>
    public bool Failed => Error is not null;

    /// <summary>Notes an error unless there is one already; always false, to be returned.</summary>
    public bool Fail(ProgramErrorCode code, int byteOffset, string message)
    {
        Error ??= new ProgramError(code, byteOffset, message);
        return false;
    }
}
