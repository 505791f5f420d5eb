using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Host;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Tidy;

/// <summary>The tables of gateway/README.md against the code: routes, options with their defaults, exit codes, topics.</summary>
public partial class GatewayReadmeTests
{
    /// <summary>Members of GatewayHostOptions that are seams of code and tests, not settings.</summary>
    private static readonly string[] Seams = ["Gateway", "Logs", "Clock", "Entropy", "StoreDecorator", "AfterFlush", "Broker"];

    [Fact]
    public void The_route_table_is_what_the_API_maps()
    {
        var mapped = new List<string>();
        foreach (var file in new[] { "Api", "Dashboard" }.SelectMany(folder => Sources.Files("*.cs", "gateway", "DePinEdge.Gateway.Host", folder)))
            foreach (Match match in Route().Matches(File.ReadAllText(file)))
            {
                var below = match.Groups["api"].Value == "api" || match.Groups["root"].Success;
                mapped.Add($"{match.Groups["verb"].Value.ToUpperInvariant()} {(below ? "/api/v1" : "")}{match.Groups["path"].Value}");
            }
        Assert.True(mapped.Count >= 10, "the routes were not found in the sources");
        Assert.Equal(mapped.Order(), MarkdownTable.Rows(Readme(), "| route | what |").Select(row => MarkdownTable.Code(row[0])).Order());
    }

    [Fact]
    public void The_option_tables_name_every_key_with_its_default()
    {
        Check(new GatewayHostOptions { DataFolder = "" }, "| key | default | what |", Seams);
        Check(new GatewayOptions(), "| key | default | what, and what happens at the limit |");
        Check(new BrokerOptions(), "| key | default | at the limit |");
    }

    [Fact]
    public void The_exit_code_table_is_the_programs_own()
    {
        var codes = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.GetRawConstantValue()} {field.Name}");
        Assert.Equal(codes, MarkdownTable.Rows(Readme(), "| code | name | when |").Select(row => $"{row[0]} {MarkdownTable.Code(row[1])}"));
    }

    [Fact]
    public void The_topic_table_names_every_topic_that_people_may_read()
    {
        var names = File.ReadAllText(RepositoryRoot.Of("gateway", "DePinEdge.Gateway", "Telemetry", "TopicNames.cs"));
        var written = Topic().Matches(names).Select(match => "depin/v1/{site}" + Hole().Replace(match.Groups[1].Value, "{}")).ToArray();
        Assert.True(written.Length >= 5, "the topics were not found in the sources");
        var listed = Hole().Replace(string.Join('\n', MarkdownTable.Rows(Readme(), "| topic | payload |").Select(row => row[0])), "{}")
            .Replace("telemetry/env", "telemetry/{}").Replace("...", "depin/v1/{}");
        foreach (var topic in written)
            Assert.Contains(Hole().Replace(topic, "{}"), listed);
    }

    private static void Check(object options, string header, params string[] seams)
    {
        var expected = options.GetType().GetProperties().Where(key => !seams.Contains(key.Name)).Select(key => $"{key.Name} {Text(key.GetValue(options))}".TrimEnd());
        var listed = MarkdownTable.Rows(Readme(), header).Select(row => $"{MarkdownTable.Code(row[0])} {row[1]}".TrimEnd());
        Assert.Equal(expected.Order(), listed.Order());
    }

    private static string? Text(object? value) => value is IFormattable number and (int or long or uint) ? number.ToString("N0", CultureInfo.InvariantCulture) : value?.ToString();

    private static string Readme() => File.ReadAllText(RepositoryRoot.Of("gateway", "README.md"));

    [GeneratedRegex(@"(?<api>\w+)\.Map(?<verb>Get|Post|Put|Delete|Patch)\((?<root>ApiServer\.Root \+ )?""(?<path>[^""]+)""")]
    private static partial Regex Route();

    [GeneratedRegex(@"\{root\}([^""]+)""")]
    private static partial Regex Topic();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Hole();
}
