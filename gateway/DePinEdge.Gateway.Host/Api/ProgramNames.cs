using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>How people name programs: by hash, by a prefix of it (6 digits or more), or by name where only one has it.</summary>
internal static class ProgramNames
{
    private const int PrefixMin = 6;

    /// <summary>Names listed in a refusal.</summary>
    private const int NamesShown = 8;

    /// <summary>The one program that is meant, or a problem that lists what there is.</summary>
    public static Outcome<ProgramView> Find(IReadOnlyList<ProgramView> programs, string? name)
    {
        if (string.IsNullOrEmpty(name))
            return new Problem("unknown-program", "no program is named", Existing(programs));
        var hits = programs.Where(p => p.Hash == name).ToList();
        if (hits.Count == 0)
            hits = [.. programs.Where(p => p.Name == name)];
        if (hits.Count == 0 && name.Length >= PrefixMin)
            hits = [.. programs.Where(p => p.Hash.StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return hits.Count switch
        {
            1 => hits[0],
            0 => new Problem("unknown-program", $"no program is called '{name}'", Existing(programs)),
            _ => new Problem(
                "ambiguous-program", $"{hits.Count} programs are called '{name}'",
                "name one by its hash: " + string.Join(", ", hits.Take(NamesShown).Select(p => p.Hash[..12] + " (" + p.Version + ")"))),
        };
    }

    private static string Existing(IReadOnlyList<ProgramView> programs) => programs.Count == 0
        ? "the library is empty: add one with 'depin program add FILE'"
        : "there are: " + string.Join(", ", programs.Take(NamesShown).Select(p => p.Name + " " + p.Hash[..12])) + (programs.Count > NamesShown ? ", ..." : "");
}
