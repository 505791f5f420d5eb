using Spectre.Console;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>A table for people: drawn on a terminal, plain aligned columns elsewhere. A column whose title starts with '#' holds numbers.</summary>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> rows = [];

    public void Add(string[] row) => rows.Add(row);

    public void Write(TextWriter output, bool isTerminal)
    {
        if (isTerminal)
            Draw();
        else
            Align(output);
    }

    private void Draw()
    {
        var table = new Table().RoundedBorder();
        foreach (var column in columns)
        {
            var drawn = new TableColumn(Markup.Escape(column.TrimStart('#')));
            table.AddColumn(column[0] == '#' ? drawn.RightAligned() : drawn);
        }
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    private void Align(TextWriter output)
    {
        string[] titles = [.. columns.Select(c => c.TrimStart('#'))];
        int[] widths = [.. titles.Select((title, i) => rows.Select(row => row[i].Length).Append(title.Length).Max())];
        foreach (var row in rows.Prepend(titles))
            output.WriteLine(string.Join("  ", row.Select((cell, i) => columns[i][0] == '#' ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
    }
}
