using System.Globalization;
using System.Text;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>The file gateway/REASONS.md, written from <see cref="ReasonBook"/>; a test holds the two together.</summary>
internal static class ReasonPage
{
    /// <summary>The command that writes the file anew, from the repository's folder.</summary>
    public const string Command = "depin explain --markdown > gateway/REASONS.md";

    public static string Markdown()
    {
        var page = new StringBuilder();
        page.Append("# Reasons\n\n");
        page.Append("Whatever the gateway pays or refuses has one of these reasons: in receipts (`depin device show ID --receipts`), in the ledger, in the log, in the\n");
        page.Append("topic `event/{type}` and in the answer to a board that joins or logs in. `depin explain CODE` prints the same.\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Written by `{Command}`; the source is [ReasonBook](DePinEdge.Gateway/Flow/ReasonBook.cs).\n");
        foreach (var group in ReasonBook.All.GroupBy(entry => entry.Group))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n");
            foreach (var entry in group)
            {
                page.Append(CultureInfo.InvariantCulture, $"\n### {entry.Name} ({(int)entry.Code})\n\n{entry.What}\n\n");
                page.Append(CultureInfo.InvariantCulture, $"* Numbers: {entry.Numbers}\n* What changes it: {entry.Change}\n* Cost: {entry.Cost}\n");
            }
        }
        return page.ToString();
    }
}
