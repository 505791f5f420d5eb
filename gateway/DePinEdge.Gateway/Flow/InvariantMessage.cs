using System.Runtime.CompilerServices;

namespace DePinEdge.Gateway.Flow;

/// <summary>
/// The message of an invariant that holds is never read, and invariants stand on the path of every record: the compiler asks this
/// handler before it formats anything.
/// </summary>
[InterpolatedStringHandler]
public ref struct InvariantMessage
{
    private DefaultInterpolatedStringHandler text;

    /// <summary>Called by the compiler; <paramref name="wanted"/> says whether the parts are appended at all.</summary>
    public InvariantMessage(int literalLength, int formattedCount, bool holds, out bool wanted)
    {
        wanted = !holds;
        text = wanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string part) => text.AppendLiteral(part);

    public void AppendFormatted<T>(T part) => text.AppendFormatted(part);

    public void AppendFormatted<T>(T part, string? format) => text.AppendFormatted(part, format);

    public override string ToString() => text.ToStringAndClear();
}
