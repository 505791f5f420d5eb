using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Telemetry;
using DePinEdge.Tests.Gateway.Core;

namespace DePinEdge.Tests.Gateway.Telemetry;

/// <summary>gateway/asyncapi.yaml against the code: the same topics, and every message of a run fits what the file says.</summary>
public sealed class AsyncApiTests
{
    private readonly AsyncApi api = new();

    [Fact]
    public void The_file_has_every_topic_and_no_other()
    {
        var names = new TopicNames("{site}");
        var written = new List<string>();
        foreach (var property in typeof(TopicNames).GetProperties())
            written.Add((string)property.GetValue(names)!);
        foreach (var method in typeof(TopicNames).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName))
        {
            var topic = (string)method.Invoke(names, [.. method.GetParameters().Select(parameter => $"{{{parameter.Name}}}")])!;
            written.AddRange(topic.EndsWith("{group}", StringComparison.Ordinal) ? new[] { "env", "power", "system" }.Select(group => topic.Replace("{group}", group)) : [topic]);
        }
        written.AddRange([Topics.JoinUp("{code}"), Topics.JoinDown("{code}"), Topics.DeviceUp("{site}", "{device}"), Topics.DeviceDown("{site}", "{device}")]);
        Assert.Equal(written.Order(StringComparer.Ordinal), api.Channels.Select(channel => channel.Address).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_channel_names_the_parameters_of_its_address_and_has_one_operation()
    {
        foreach (var channel in api.Channels)
            Assert.Equal(Regex.Matches(channel.Address, @"\{(\w+)\}").Select(match => match.Groups[1].Value), channel.Node["parameters"]!.AsObject().Select(parameter => parameter.Key));
        Assert.Equal(api.Channels.Count, api.Root["operations"]!.AsObject().Count);
        Assert.Equal("3.0.0", api.Root["asyncapi"]!.ToString());
    }

    [Fact]
    public void The_file_lists_every_type_of_event() => Assert.Equal(
        EventTests.Types.Order(StringComparer.Ordinal),
        api.Root["channels"]!["event"]!["parameters"]!["type"]!["enum"]!.AsArray().Select(type => type!.ToString()).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_message_of_a_run_fits_its_schema_and_comes_as_its_operation_says()
    {
        var bench = new CoreBench();
        var live = new Dashboard(bench);
        var program = bench.AddPrimes();
        bench.Join();
        bench.Join(DePinEdge.Simulator.Hardware.BoardProfile.PicoW);
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 100_000), bench.Now).Problem);
        bench.AdvanceUntil(() => bench.Core.Views.Job("j1", bench.Now).Value!.State == "completed");
        Assert.Null(bench.Core.SealEpoch(bench.Now).Problem);
        bench.Advance(20_000);

        // Reading Last checks every payload.
        var retained = live.Last.Keys.Where(topic => !topic.Contains("/event/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        foreach (var ((topic, _), (qos, _)) in live.All.Zip(live.Flags))
            Assert.Equal((topic, api.Of(topic).QoS), (topic, (int)qos));
        // Who comes late sees every topic but the events, at once.
        var late = new Dashboard(bench, "late");
        bench.Settle();
        Assert.Equal(retained, late.Last.Keys.Order(StringComparer.Ordinal));
        Assert.All(late.Flags, flags => Assert.True(flags.Retain));
        Assert.All(late.Last, message => Assert.Equal(live.Last[message.Key], message.Value));
        Assert.All(api.Channels.Where(channel => channel.Retain), channel => Assert.Contains(late.Last.Keys, channel.Has));
    }

    [Theory]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: { b: 1, b: 2 }")]
    [InlineData("a: { b: one: two }")]
    [InlineData("a: [1, 2")]
    [InlineData("a: 'open")]
    [InlineData("a:\nb: 1")]
    [InlineData("a: 1\n  b: 2")]
    [InlineData("a: \"double\"")]
    public void The_reader_takes_no_yaml_that_it_does_not_know(string text) => Assert.ThrowsAny<Exception>(() => PlainYaml.Read(text));

    [Fact]
    public void The_reader_reads_what_the_file_uses()
    {
        var node = PlainYaml.Read("# note\na:\n  b: { c: [x, 'y, z'], d: { e: true } }\n  f: >-\n    one\n    two\nl:\n  - p\n  - 'it''s'\nn: -3\n");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"a":{"b":{"c":["x","y, z"],"d":{"e":true}},"f":"one two"},"l":["p","it's"],"n":-3}"""), node));
    }
}
