using System.Globalization;

namespace DePinEdge.Simulation;

/// <summary>
/// Everything that happens in a run, as one hash: the same seed must give the same. Signatures, and what is hashed over them, are left
/// out: they are random by nature.
/// </summary>
/// <param name="lines">Where to write each event in words; null: nowhere.</param>
public sealed class Trace(TextWriter? lines)
{
    private const ulong Prime = 0x100000001B3;

    private ulong hash = 0xCBF29CE484222325;

    /// <summary>16 hexadecimal digits over everything so far.</summary>
    public string Hash => hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>An event of somebody, with a number and bytes.</summary>
    public void Add(long atMs, string kind, string who, long number = 0, ReadOnlySpan<byte> bytes = default)
    {
        Number(atMs);
        Text(kind);
        Text(who);
        Number(number);
        foreach (var one in bytes)
            hash = (hash ^ one) * Prime;
        lines?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{atMs,8} {kind,-14} {who} {number}{(bytes.IsEmpty ? "" : $" ({bytes.Length} bytes)")}"));
    }

    private void Number(long number) => hash = (((hash ^ (ulong)number) * Prime) ^ (hash >> 29)) * Prime;

    private void Text(string text)
    {
        foreach (var c in text)
            hash = (hash ^ c) * Prime;
    }
}
