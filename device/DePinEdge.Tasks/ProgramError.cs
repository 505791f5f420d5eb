namespace DePinEdge.Tasks;

/// <summary>Why a module was refused: a stable code, where in the file, and a sentence for people.</summary>
public sealed class ProgramError(ProgramErrorCode code, int byteOffset, string message)
{
    /// <summary>The kind of refusal.</summary>
    public ProgramErrorCode Code { get; } = code;

    /// <summary>Offset in the .wasm file of the byte that decided it.</summary>
    public int ByteOffset { get; } = byteOffset;

    /// <summary>What is wrong, without the offset.</summary>
    public string Message { get; } = message;

    /// <inheritdoc/>
    public override string ToString() => $"{Code} at byte {ByteOffset}: {Message}";
}
