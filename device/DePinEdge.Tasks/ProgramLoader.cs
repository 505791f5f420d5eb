namespace DePinEdge.Tasks;

public static class ProgramLoader
{
    public static LoadResult Load(ReadOnlyMemory<byte> wasm, ProgramLimits? limits = null)
    {
        limits ??= ProgramLimits.Default;
        return new LoadResult(null, new ProgramError(ProgramErrorCode.Malformed, 0, wasm.Length > limits.ProgramBytes ? "too large" : "empty"));
    }
}
