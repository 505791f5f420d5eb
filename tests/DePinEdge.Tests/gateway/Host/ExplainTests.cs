using System.Text.Json;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host;
using DePinEdge.Gateway.Host.Commands;

namespace DePinEdge.Tests.Gateway.Host;

/// <summary>`depin explain` needs no gateway and says the same to people and programs.</summary>
public sealed class ExplainTests
{
    [Fact]
    public async Task Explain_lists_every_reason_or_says_all_about_one()
    {
        var (code, output, error) = await RunAsync("explain");
        Assert.Equal((ExitCodes.Ok, ""), (code, error));
        foreach (var reason in ReasonBook.All)
            Assert.Contains($" {reason.Name} ", output, StringComparison.Ordinal);

        (code, output, error) = await RunAsync("explain", "lease_expired");
        Assert.Equal((ExitCodes.Ok, ""), (code, error));
        Assert.StartsWith("reason          LEASE_EXPIRED (22)", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 110, line));
    }

    [Fact]
    public async Task Explain_json_is_a_line_for_each_reason()
    {
        var (code, output, _) = await RunAsync("explain", "--json");
        Assert.Equal(ExitCodes.Ok, code);
        var lines = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(ReasonBook.All.Select(reason => (reason.Name, (int)reason.Code)), lines.Select(line => (line.GetProperty("code").GetString()!, line.GetProperty("number").GetInt32())));
        Assert.True(lines.Single(line => line.GetProperty("code").GetString() == "WRONG_FUEL").GetProperty("costs_credits").GetBoolean());
    }

    [Fact]
    public async Task An_unknown_reason_is_wrong_usage_with_a_hint()
    {
        var (code, output, error) = await RunAsync("explain", "frobnicated");
        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.Contains("hint: depin explain", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RootCommands.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
