using System.Text.Json;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Host.Dashboard;

namespace DePinEdge.Interop.Browser;

/// <summary>
/// What the page makes of states that a healthy gateway does not show in a test's time: boards held and throttled, refusals, names and
/// titles that try to break it, a full house. The page is the gateway's own; only its stream comes from the test.
/// </summary>
public sealed class TroubleTests
{
    private const string Hostile = "<img src=x onerror=\"document.title='broken'\"> &amp; wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww";

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Theory(Timeout = 120_000)]
    [InlineData(360, false)]
    [InlineData(1280, true)]
    public async Task Boards_in_trouble_say_why_and_no_text_becomes_markup(int width, bool dark)
    {
        await using var site = await PageSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.LookAsync(width, 800, dark);
        await tab.BeforeAsync($$"""
            const whole = {{JsonSerializer.Serialize(JsonSerializer.Serialize(Trouble(), Snake))}};
            window.fetch = async () => new Response(new ReadableStream({ start(line) { line.enqueue(new TextEncoder().encode('event: state\nid: t-1\ndata: ' + whole + '\n\n')); } }));
            """);
        await tab.GoAsync(site.Url);
        await tab.UntilAsync("document.querySelectorAll('#devices-rows tr').length === 7");
        var devices = (await tab.EvaluateAsync("document.querySelector('#devices-rows').textContent")).GetString()!;
        Assert.Contains("CLONED: Two boards use one key.", devices, StringComparison.Ordinal);
        Assert.Contains("throttled to one task at a time: 4 strikes", devices, StringComparison.Ordinal);
        Assert.Contains("1 strike", devices, StringComparison.Ordinal);
        Assert.Contains("last refusal: LATE", devices, StringComparison.Ordinal);
        Assert.Contains("Another output than the gateway’s own run.", (await tab.EvaluateAsync("document.querySelector('#receipts-rows').textContent")).GetString()!, StringComparison.Ordinal);
        Assert.Contains("3 need attention", (await tab.EvaluateAsync("document.querySelector('#tiles').textContent")).GetString()!, StringComparison.Ordinal);
        Assert.Contains("the gateway's disk is full", (await tab.EvaluateAsync("document.querySelector('#notice').textContent")).GetString()!, StringComparison.Ordinal);
        Assert.Equal("books do not balance", (await tab.EvaluateAsync("document.querySelector('#balanced').textContent")).GetString());
        Assert.Equal(Hostile, (await tab.EvaluateAsync("document.querySelector('#jobs-list h3').textContent")).GetString());
        Assert.Equal("garden – DePinEdge", (await tab.EvaluateAsync("document.title")).GetString());
        Assert.Equal(0, (await tab.EvaluateAsync("document.querySelectorAll('main img').length")).GetInt32());
        await Readable.FitsAsync(tab);
        await Readable.ClearAsync(tab);
        await Readable.NamedAsync(tab);
        await tab.PictureAsync($"trouble-{width}");
        await tab.EvaluateAsync("document.querySelector('#which').value = 'attention'; document.querySelector('#which').dispatchEvent(new Event('input'))");
        Assert.Equal(3, (await tab.EvaluateAsync("document.querySelectorAll('#devices-rows tr').length")).GetInt32());
        Assert.Empty(tab.Complaints);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_full_house_is_said_in_the_gateways_own_words()
    {
        await using var site = await PageSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.LookAsync(360, 800, false);
        using var http = new HttpClient { BaseAddress = site.Url };
        var streams = new List<HttpResponseMessage>();
        while (streams.Count == 0 || streams[^1].IsSuccessStatusCode)
            streams.Add(await http.GetAsync("live", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken));
        await tab.GoAsync(site.Url);
        await tab.UntilAsync("document.querySelector('#badge')?.textContent === 'No free place'");
        Assert.Equal("32 pages are open on this gateway. This page tries again by itself.", (await tab.EvaluateAsync("document.querySelector('#notice').textContent")).GetString());
        await Readable.FitsAsync(tab);
        streams.ForEach(stream => stream.Dispose());
        await tab.UntilAsync("document.querySelector('#badge').dataset.line === 'live' && document.querySelector('#notice').hidden");
    }

    private static LiveState Trouble()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var board = new DeviceView(
            "esp32-01", "", "esp32-devkitc", "esp32", "sim", "esp32-devkitc-1", "ready", now - 7_500_000, true, "", 200_000, 32_768, now, 0, 1_234, 0, 1, 0, 5, 123_456,
            0, "", """{"temperature":21.2,"rssi":-61}""", 0);
        var job = new JobView(
            "j9", Hostile, "aa", "primes", "demo", "running", 2_000, 500, 0, 40, 3, 2, 500, "123", 1, 1, 1, 20_000_000, 1_234_567, now - 90_000, 0, 31.4, 47, "");
        return new LiveState(
            now, new LiveGateway("garden", "0.1.0", now - 86_400_000 * 3L, 1883, "the gateway's disk is full"), new LiveTotals(7, 4, 1, 4, 2, 1_234_567, 42),
            new LedgerView("x", "garden", 123_456, 1, new string('a', 64), 144, new string('b', 64), new string('c', 64), false, 123_456_789_012, 98_765_432_109, 1, 5, 3, false),
            [
                board,
                board with { Id = "greenhouse-north-window-temperat", Owner = "alice", Strikes = 4, TasksRefused = 9, LastRefusal = "WRONG_OUTPUT" },
                board with { Id = "liar-2", Strikes = 1, TasksRefused = 1, LastRefusal = "WRONG_FUEL" },
                board with { Id = "clone-3", State = "held", Online = false, HeldReason = "CLONED" },
                board with { Id = "gone-4", State = "lost", Online = false, LastSeenUtcMs = now - 190_000 },
                board with { Id = "new-5", State = "init", Online = false, Board = "", Unit = "", Telemetry = "" },
                board with { Id = "old-6", TasksRefused = 2, LastRefusal = "LATE", Telemetry = "not JSON" },
            ],
            [new UnitView("esp32-devkitc-1", "esp32-devkitc", 7, 4, 1_400_000, 3, 1_234, 0.987)],
            [
                job,
                job with { Id = "j8", Title = "waits for boards", Waits = "no device is online", Done = 0, Answer = null },
                job with { Id = "j7", Title = "broken", State = "failed", Done = 1_990, Failed = 10, EndedUtcMs = now },
                job with { Id = "j6", Title = "", State = "cancelled", Done = 100, EndedUtcMs = now - 80_000 },
            ],
            [new AccountView("req:a-requester-with-a-long-name-1", 99_999_999), new AccountView("sys:treasury", -123_456_789_012)],
            [
                new BatchReceiptView(now - 1_000, "esp32-01", "b9", "j9", "PAID", 32, 100, 1_234),
                new BatchReceiptView(now - 2_000, "greenhouse-north-window-temperat", "b8", "j9", "WRONG_OUTPUT", 1, 100, 0),
                new BatchReceiptView(now - 3_000, "old-6", "b7", "j9", "LEASE_EXPIRED", 4, 100, 0),
            ]);
    }
}
