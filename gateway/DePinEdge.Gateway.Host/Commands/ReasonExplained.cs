using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>A reason as `explain --json` prints it.</summary>
/// <param name="CostsCredits">True when work that was done is not paid for.</param>
/// <param name="CostsStanding">True when it counts against the board in what it gets to do next.</param>
internal sealed record ReasonExplained(
    string Code, int Number, string Group, string What, string Numbers, string Change, string Cost, bool CostsCredits, bool CostsStanding)
{
    public static ReasonExplained Of(ReasonEntry entry) => new(
        entry.Name, (int)entry.Code, entry.Group, Plain(entry.What), Plain(entry.Numbers), Plain(entry.Change), Plain(entry.Cost),
        entry.CostsCredits, entry.CostsStanding);

    // Backticks mark commands on the page.
    private static string Plain(string text) => text.Replace("`", "", StringComparison.Ordinal);
}
