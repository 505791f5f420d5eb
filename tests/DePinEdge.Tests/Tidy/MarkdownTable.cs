namespace DePinEdge.Tests.Tidy;

/// <summary>Reads a table of a Markdown document: what a document lists is held against what is there.</summary>
internal static class MarkdownTable
{
    /// <summary>The cells of the rows under a header row that starts as given, the first such table after <paramref name="after"/>.</summary>
    public static IReadOnlyList<string[]> Rows(string document, string header, string after = "")
    {
        var start = document.IndexOf(after, StringComparison.Ordinal);
        Assert.True(start >= 0, $"the document has no '{after}'");
        start = document.IndexOf(header, start, StringComparison.Ordinal);
        Assert.True(start >= 0, $"the document has no table '{header}'");
        var rows = document[start..].Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|')).Select(Cells).ToArray();
        Assert.NotEmpty(rows);
        return rows;
    }

    /// <summary>The text of a cell's first code span; the whole cell when it has none.</summary>
    public static string Code(string cell)
    {
        var from = cell.IndexOf('`', StringComparison.Ordinal);
        var to = from < 0 ? -1 : cell.IndexOf('`', from + 1);
        return to < 0 ? cell : cell[(from + 1)..to];
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
}
