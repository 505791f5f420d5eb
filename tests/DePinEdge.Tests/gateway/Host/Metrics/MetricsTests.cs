using System.Net;
using System.Reflection;
using DePinEdge.Gateway.Host.Loop;
using DePinEdge.Gateway.Host.Metrics;
using DePinEdge.Mqtt.Broker;

namespace DePinEdge.Tests.Gateway.Host.Metrics;

/// <summary>GET /metrics: its form, its completeness, and that it tells when the loop does not answer.</summary>
public sealed class MetricsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_needs_no_token_and_keeps_the_format()
    {
        using var temp = new TempFolder();
        await using var gateway = await TestGateway.StartAsync(temp);
        await gateway.Client.InviteAsync("porch", cancel: Cancel);
        using var stranger = new HttpClient { BaseAddress = gateway.Url };
        using var response = await stranger.GetAsync("metrics", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync(Cancel);
        var page = Exposition.Read(text);
        Assert.Equal(1, page["depin_core_answers"]);
        Assert.Equal(1, page["depin_limit_used{name=\"OpenJoinCodesMax\"}"]);
        Assert.Equal(10_000, page["depin_limit{name=\"OpenJoinCodesMax\"}"]);
        Assert.True(page["depin_store_commit_seconds_count"] >= 2); // the ledger was opened, a code was made
        Assert.Equal(page["depin_store_commits_total"], page["depin_store_commit_seconds_count"]);
        Assert.True(page["depin_store_written_bytes_total{kind=\"turn\"}"] > 0);
        Assert.True(page["depin_process_resident_memory_bytes"] > 1e6);
        Assert.True(page["depin_http_requests_total{status=\"2xx\"}"] >= 1);
        // Numbers only: nothing says which device.
        Assert.DoesNotContain("porch", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_that_is_busy_is_told_and_hides_nothing_else()
    {
        using var temp = new TempFolder();
        using var store = new HeldStore();
        await using var gateway = await TestGateway.StartAsync(temp, options => options with { StoreDecorator = store.Around });
        store.Hold();
        var invite = gateway.Client.InviteAsync(cancel: Cancel);
        try
        {
            store.WaitUntilHeld(Cancel);
            using var http = new HttpClient { BaseAddress = gateway.Url };
            var page = Exposition.Read(await http.GetStringAsync("metrics", Cancel));
            Assert.Equal(0, page["depin_core_answers"]);
            Assert.DoesNotContain("depin_devices_online", page.Samples);
            Assert.True(page["depin_limit_used{name=\"AsksMax\"}"] >= 0);
        }
        finally
        {
            store.Release();
        }
        await invite;
    }

    [Fact]
    public void Every_counter_of_the_broker_is_written()
    {
        var counters = new BrokerCounters();
        var expected = Fill(counters);
        var text = new MetricsText();
        BrokerMetrics.Write(text, counters);
        var values = Values(text);
        Assert.True(expected.Count > 25);
        Assert.All(expected, one => Assert.True(values.Contains(one.Value), $"{one.Key} is not on /metrics"));
    }

    [Theory]
    [InlineData("Depin_x", "help")]
    [InlineData("other_x", "help")]
    [InlineData("depin_x_total", "help")] // a gauge that looks like a counter
    [InlineData("depin_x", "two\nlines")]
    public void A_family_that_breaks_the_rules_is_a_fault_of_ours(string name, string help) =>
        Assert.ThrowsAny<Exception>(() => new MetricsText().Gauge(name, help, 1));

    [Fact]
    public void A_family_is_written_once()
    {
        var text = new MetricsText();
        text.Gauge("depin_x", "x", 1);
        Assert.ThrowsAny<Exception>(() => text.Gauge("depin_x", "x", 1));
    }

    [Fact]
    public void Buckets_add_up()
    {
        var text = new MetricsText();
        text.Histogram("depin_x_seconds", "x", [0.5, 1], [3, 0, 2], 7.25);
        Assert.Equal(
            "# HELP depin_x_seconds x\n# TYPE depin_x_seconds histogram\ndepin_x_seconds_bucket{le=\"0.5\"} 3\ndepin_x_seconds_bucket{le=\"1\"} 3\n"
            + "depin_x_seconds_bucket{le=\"+Inf\"} 5\ndepin_x_seconds_sum 7.25\ndepin_x_seconds_count 5\n", text.ToString());
        Exposition.Read(text.ToString());
    }

    [Fact]
    public void A_commit_is_counted_in_the_bucket_of_its_time()
    {
        var counters = new LoopCounters();
        var turn = new DePinEdge.Gateway.Flow.Turn(1, 1, 2, 0, new byte[32], new byte[10], [new("k", new byte[5]), new("gone", null)], new byte[7], null);
        counters.Committed(turn, 500); // at the first bound
        counters.Committed(turn, 501);
        counters.Committed(turn, 2_000_000);
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], counters.CommitBuckets);
        Assert.Equal((3L, 6L, 30L, 15L, 21L, 2_000_000L), (counters.Commits, counters.Records, counters.TurnBytes, counters.BlobBytes, counters.SnapshotBytes, counters.LongestCommitMicroseconds));
    }

    private static Dictionary<string, double> Fill(object counters)
    {
        var expected = new Dictionary<string, double>();
        var next = 1_000_001L;
        foreach (var property in counters.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(one => one.PropertyType == typeof(long)))
        {
            property.SetValue(counters, next);
            expected[property.Name] = next++;
        }
        return expected;
    }

    private static HashSet<double> Values(MetricsText text)
    {
        var page = Exposition.Read(text.ToString());
        return [.. page.Samples.Select(sample => page[sample])];
    }
}
