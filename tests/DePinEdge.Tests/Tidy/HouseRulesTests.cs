using System.Text.RegularExpressions;

namespace DePinEdge.Tests.Tidy;

/// <summary>Rules of the house that a reader relies on: nothing unfinished, no file that outgrew its idea, documents that say what is there.</summary>
public partial class HouseRulesTests
{
    /// <summary>Past this a second idea has moved in.</summary>
    private const int LinesMax = 600;

    [Fact]
    public void Nothing_in_the_sources_is_unfinished()
    {
        foreach (var file in Sources.Files("*.cs"))
            Assert.False(Unfinished().IsMatch(File.ReadAllText(file)), $"{file} holds something unfinished");
    }

    [Fact]
    public void No_source_file_outgrows_its_idea()
    {
        foreach (var file in Sources.Files("*.cs"))
            Assert.True(File.ReadLines(file).Count() <= LinesMax, $"{file} has more than {LinesMax} lines");
    }

    [Fact]
    public void Every_link_in_a_document_leads_somewhere()
    {
        foreach (var file in Sources.Files("*.md"))
            foreach (Match match in Link().Matches(File.ReadAllText(file)))
            {
                var target = match.Groups[1].Value;
                if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith('#'))
                    continue;
                var path = Path.Combine(Path.GetDirectoryName(file)!, target.Split('#')[0]);
                Assert.True(File.Exists(path) || Directory.Exists(path), $"{file} links to {target}, which is not there");
            }
    }

    [Fact]
    public void The_top_level_holds_what_the_layout_names()
    {
        string[] folders = ["device", "gateway", "hardware", "tests"];
        Assert.Equal(folders, Sources.Folders("").Order());
    }

    [Theory]
    [InlineData("README.md", "")]
    [InlineData("gateway/README.md", "gateway")]
    [InlineData("device/README.md", "device")]
    public void A_readme_names_every_folder_beside_it(string readme, string folder)
    {
        var text = File.ReadAllText(RepositoryRoot.Of(readme));
        foreach (var child in Sources.Folders(folder))
            Assert.True(text.Contains(child, StringComparison.Ordinal), $"{readme} does not name {child}");
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(RepositoryRoot.Of("DePinEdge.sln"));
        foreach (var file in Sources.Files("*.csproj"))
            Assert.Contains(Path.GetFileName(file), solution);
    }

    [GeneratedRegex(@"NotImplementedException\(|\bTO" + @"DO\b|\bFIX" + @"ME\b|\bSkip\s*=\s*""")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
