using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DePinEdge.Tests.Tidy;

/// <summary>Who may use whom: the architecture's table as constants, held against project files and using lines.</summary>
public partial class ReferenceTableTests
{
    private static readonly string[] AspNet = ["Microsoft.AspNetCore.App"];

    /// <summary>Every project: the projects it references and the packages it takes, exactly.</summary>
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Allowed = new()
    {
        ["DePinEdge.Agent"] = ([], []),
        ["DePinEdge.Agent.Nano"] = ([], []),
        ["DePinEdge.Tasks"] = (["DePinEdge.Agent"], []),
        ["DigitsTraining"] = ([], []),
        ["DePinEdge.Simulator"] = (["DePinEdge.Agent", "DePinEdge.Tasks", "DePinEdge.Mqtt"], []),
        ["DePinEdge.Client"] = ([], []),
        ["DePinEdge.Mqtt"] = ([], []),
        ["DePinEdge.Gateway"] = (["DePinEdge.Agent", "DePinEdge.Mqtt"], ["Microsoft.Extensions.Logging.Abstractions"]),
        ["DePinEdge.Gateway.Host"] = (
            ["DePinEdge.Agent", "DePinEdge.Tasks", "DePinEdge.Simulator", "DePinEdge.Mqtt", "DePinEdge.Gateway", "DePinEdge.Client"],
            ["SQLitePCLRaw.bundle_e_sqlite3", "Spectre.Console", "System.CommandLine"]),
    };

    /// <summary>The simulator must not know the host: what it runs is the core alone.</summary>
    private static readonly Dictionary<string, string[]> Tests = new()
    {
        ["DePinEdge.Simulation"] = ["DePinEdge.Agent", "DePinEdge.Tasks", "DePinEdge.Simulator", "DePinEdge.Mqtt", "DePinEdge.Gateway"],
    };

    /// <summary>Inside the gateway's domain: which folders a folder's files may name. Configuration and Flow are everybody's.</summary>
    private static readonly Dictionary<string, string[]> Folders = new()
    {
        ["Flow"] = [],
        ["Configuration"] = ["Flow"],
        ["Devices"] = ["Flow", "Configuration"],
        ["Scheduling"] = ["Flow", "Configuration", "Devices"],
        ["Verification"] = ["Flow", "Configuration", "Devices", "Scheduling"],
        ["Ledger"] = ["Flow"],
        ["Telemetry"] = ["Flow", "Configuration"],
    };

    [Fact]
    public void Every_project_references_what_the_table_allows_and_nothing_else()
    {
        var found = new HashSet<string>();
        foreach (var file in Sources.Files("*.csproj"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (Tests.TryGetValue(name, out var listed))
                Assert.Equal(listed.Order(), References(file));
            if (file.Contains($"{Path.DirectorySeparatorChar}tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                continue;
            Assert.True(Allowed.TryGetValue(name, out var allowed), $"{name} is not in the reference table");
            found.Add(name);
            var project = XDocument.Load(file);
            string[] Items(string kind) => [.. project.Descendants(kind).Select(item => item.Attribute("Include")!.Value)];
            Assert.Equal(allowed.Projects.Order(), References(file));
            Assert.Equal(allowed.Packages.Order(), Items("PackageReference").Order());
            Assert.Empty(Items("FrameworkReference").Except(AspNet));
        }
        Assert.Equal(Allowed.Keys.Order(), found.Order());
    }

    private static IOrderedEnumerable<string> References(string file) => XDocument.Load(file).Descendants("ProjectReference")
        .Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/'))).Order();

    [Fact]
    public void Test_projects_are_used_by_nobody()
    {
        foreach (var file in Sources.Files("*.csproj"))
            foreach (var reference in XDocument.Load(file).Descendants("ProjectReference").Select(item => item.Attribute("Include")!.Value))
                Assert.False(reference.Contains("tests", StringComparison.Ordinal), $"{file} references {reference}");
    }

    [Fact]
    public void Stages_of_the_gateway_name_only_the_folders_below_them()
    {
        foreach (var (folder, allowed) in Folders)
            foreach (var file in Sources.Files("*.cs", "gateway", "DePinEdge.Gateway", folder))
                foreach (Match match in GatewayName().Matches(File.ReadAllText(file)))
                    Assert.True(match.Groups[1].Value == folder || allowed.Contains(match.Groups[1].Value),
                        $"{file} names DePinEdge.Gateway.{match.Groups[1].Value}; {folder} may use {string.Join(", ", allowed)}");
    }

    [Fact]
    public void The_table_covers_every_folder_of_the_gateway() =>
        Assert.Equal(Folders.Keys.Order(), Directory.GetDirectories(RepositoryRoot.Of("gateway", "DePinEdge.Gateway")).Select(path => Path.GetFileName(path)!)
            .Except(["bin", "obj"]).Order());

    [GeneratedRegex(@"\bDePinEdge\.Gateway\.(Flow|Configuration|Devices|Scheduling|Verification|Ledger|Telemetry)\b")]
    private static partial Regex GatewayName();
}
