using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DePinEdge.Gateway.Host.Commands;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

/// <summary>The command as a person runs it, in this process: real gateway, real sockets, real ledger.</summary>
public sealed class DemoCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_small_demo_holds_every_invariant_and_again_on_the_folder_it_kept()
    {
        string[] args = ["demo", "--once", "--json", "--program", "primes", "--limit", "20000", "--boards", "6", "--mqtt-port", "0", "--http-port", "0", "--data", folder.At("data")];
        for (var run = 1; run <= 2; run++)
        {
            var (code, output, error) = await RunAsync(args);
            Assert.True(code == 0, error + output);
            var lines = output.TrimEnd('\n').Split('\n');
            using var json = JsonDocument.Parse(Assert.Single(lines));
            var root = json.RootElement;
            foreach (var (name, value) in (IEnumerable<(string, long)>)
                [
                    ("devices", 6), ("jobs", 1), ("tasks_total", 40), ("tasks_ok", 40), ("recomputed_equal", 40), ("false_sent", 0), ("false_refused", 0),
                    ("false_paid", 0),
                ])
                Assert.Equal(value, root.GetProperty(name).GetInt64());
            var answer = Assert.Single(root.GetProperty("answers").EnumerateArray());
            Assert.Equal(
                ("primes", 40, "2262", "2262", true),
                (answer.GetProperty("program").GetString(), answer.GetProperty("tasks").GetInt32(), answer.GetProperty("answer").GetString(),
                    answer.GetProperty("expected").GetString(), answer.GetProperty("match").GetBoolean()));
            Assert.True(root.GetProperty("units").GetInt32() >= 3);
            Assert.True(root.GetProperty("credits_posted_micro").GetInt64() > 0);
            Assert.Equal(root.GetProperty("credits_posted_micro").GetInt64(), root.GetProperty("credits_charged_micro").GetInt64());
            Assert.Equal("verified", root.GetProperty("chain").GetString());
            Assert.True(root.GetProperty("answers_match").GetBoolean());
            Assert.Equal(0, root.GetProperty("broken").GetArrayLength());
            Assert.True(root.GetProperty("late").GetInt64() >= 0 && root.GetProperty("duplicates").GetInt64() >= 0);
            Assert.InRange(root.GetProperty("seconds").GetDouble(), 0.01, 60);
            Assert.Contains("devices 6/6 online (4 esp32, 1 picow, 1 pi: simulated boards, real agent)", error, StringComparison.Ordinal);
            Assert.Equal(6, Directory.GetFiles(Path.Combine(folder.At("data"), "boards"), "*.key").Length);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Chaos_changes_no_answer_and_pays_no_lie_and_again_on_the_folder_it_kept()
    {
        string[] args =
            ["demo", "--once", "--chaos", "--json", "--program", "primes", "--seed", "5", "--boards", "8", "--limit", "200000", "--mqtt-port", "0", "--http-port", "0", "--data", folder.At("data")];
        for (var run = 1; run <= 2; run++)
            await CheckChaosAsync(args);
    }

    private static async Task CheckChaosAsync(string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.True(code == 0, error + output);
        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        long Number(string name) => root.GetProperty(name).GetInt64();
        Assert.True(Number("false_sent") > 0);
        Assert.Equal((Number("false_sent"), 0), (Number("false_refused"), Number("false_paid")));
        Assert.Equal(Number("false_sent"), root.GetProperty("false_refusals").EnumerateObject().Sum(one => one.Value.GetInt64()));
        Assert.Equal((1, 14), (Number("clones_held"), Number("devices")));
        foreach (var name in (string[])["late", "duplicates", "deaths", "link_drops", "stalls", "retried"])
            Assert.True(Number(name) > 0, name);
        foreach (var reason in (string[])["WRONG_OUTPUT", "WRONG_FUEL", "WRONG_STATUS", "LATE", "DUPLICATE", "REPLAYED", "CLONED", "BAD_MAC"])
            Assert.True(root.GetProperty("refusals").GetProperty(reason).GetInt64() > 0, reason);
        Assert.Equal(18, root.GetProperty("faults").EnumerateObject().Count());
        Assert.All(root.GetProperty("answers").EnumerateArray(), answer => Assert.Equal("17984", answer.GetProperty("answer").GetString()));
        Assert.Equal((Number("tasks_total"), Number("credits_charged_micro")), (Number("tasks_ok"), Number("credits_posted_micro")));
        Assert.Equal(("verified", 0), (root.GetProperty("chain").GetString(), root.GetProperty("broken").GetArrayLength()));
        foreach (var line in (string[])["  lies    ", "  boards  ", "  links   ", "  thief   ", "  refused "])
            Assert.Contains('\n' + line, error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_taken_port_is_named_with_the_options_that_help()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (mqtt, http) in (IEnumerable<(string, string)>)[(port, "0"), ("0", port)])
        {
            var (code, output, error) = await RunAsync(["demo", "--once", "--mqtt-port", mqtt, "--http-port", http]);
            Assert.Equal(6, code);
            Assert.Equal("", output);
            Assert.Contains(port, error, StringComparison.Ordinal);
            Assert.Contains("--mqtt-port 0 --http-port 0", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_option_out_of_range_is_a_usage_error()
    {
        var (code, output, error) = await RunAsync(["demo", "--boards", "0"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--boards is 0; it must be 1 to 1000", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_program_is_a_usage_error_that_names_the_known_ones()
    {
        var (code, output, error) = await RunAsync(["demo", "--program", "primes", "--program", "doom"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--program is doom; there is no such sample program", error, StringComparison.Ordinal);
        Assert.Contains("there are: primes", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await RootCommands.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
