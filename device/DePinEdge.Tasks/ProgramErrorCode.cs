namespace DePinEdge.Tasks;

/// <summary>Kinds of refusal of a module.</summary>
public enum ProgramErrorCode
{
    /// <summary>The bytes are no WebAssembly binary.</summary>
    Malformed,

    /// <summary>A binary, but it breaks a rule of WebAssembly's validation.</summary>
    Invalid,

    /// <summary>Valid WebAssembly outside this engine's profile.</summary>
    Unsupported,

    /// <summary>Past a stated limit.</summary>
    Limit,

    /// <summary>An import the host does not have, or with another type.</summary>
    Import,

    /// <summary>A required export is missing or has another type.</summary>
    Export,

    /// <summary>The manifest is missing or wrong.</summary>
    Manifest,
}
