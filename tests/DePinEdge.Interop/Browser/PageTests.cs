using System.Text.Json;
using DePinEdge.Simulator;

namespace DePinEdge.Interop.Browser;

/// <summary>The page as a person meets it, in Debian's Chromium on a real gateway. DEPIN_SCREENSHOTS names a folder for pictures.</summary>
public sealed class PageTests
{
    private const string Live = "document.querySelector('#badge').dataset.line === 'live'";

    [Theory(Timeout = 120_000)]
    [InlineData(360, 800, false)]
    [InlineData(360, 800, true)]
    [InlineData(1280, 900, false)]
    [InlineData(1280, 900, true)]
    public async Task Twelve_boards_and_four_jobs_are_readable_at_any_size_and_in_both_lights(int width, int height, bool dark)
    {
        await using var site = await PageSite.StartAsync();
        await site.JoinAsync(12, Pace.Board);
        await site.StockAsync();
        await site.Client.WaitAsync((await site.SubmitAsync(100_000, "primes below 100,000")).Id, TestContext.Current.CancellationToken);
        await site.Client.SealAsync(TestContext.Current.CancellationToken);
        await site.SubmitAsync(20_000_000, "primes below 20 million");
        await site.SubmitAsync(30_000_000, "primes below 30 million");
        await site.Client.CancelAsync((await site.SubmitAsync(40_000_000, "")).Id, TestContext.Current.CancellationToken);
        await using var browser = await Chromium.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.LookAsync(width, height, dark);
        await tab.GoAsync(site.Url);
        await tab.UntilAsync(Live + " && document.querySelectorAll('#jobs-list .job').length === 4 && document.querySelectorAll('#devices-rows tr').length === 12"
            + " && document.querySelectorAll('#jobs-list progress')[1].value > 0");
        await tab.PictureAsync($"busy-{width}-{(dark ? "dark" : "light")}");
        await tab.PictureAsync($"busy-{width}-{(dark ? "dark" : "light")}-first", whole: false);

        await Readable.FitsAsync(tab);
        await Readable.ClearAsync(tab);
        Assert.Empty(tab.Complaints);
        await Readable.NamedAsync(tab);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_happens_is_seen_without_reloading_and_nothing_is_rebuilt()
    {
        await using var site = await PageSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.LookAsync(1280, 900, false);
        await tab.GoAsync(site.Url);
        await tab.UntilAsync(Live);
        await site.JoinAsync(2, Pace.Board);
        await tab.UntilAsync("document.querySelectorAll('#devices-rows tr').length === 2 && document.querySelectorAll('#devices-rows [data-tone=good]').length === 2");
        await site.StockAsync();
        await site.SubmitAsync(2_000_000, "watched");
        await tab.UntilAsync("document.querySelector('#jobs-list progress')?.value > 0");
        await tab.EvaluateAsync("""
            window.bar = document.querySelector('#jobs-list progress'); window.first = document.querySelector('#devices-rows tr');
            window.steps = new Set();
            new MutationObserver(() => steps.add(bar.value)).observe(bar, { attributes: true });
            document.querySelector('#filter').focus();
            getSelection().selectAllChildren(document.querySelector('#jobs-list h3'));
            window.paid = document.querySelector('#devices-rows tr').children[6].textContent; true
            """);
        await tab.UntilAsync("steps.size >= 4 && document.querySelector('#devices-rows tr').children[6].textContent !== paid");
        var after = await tab.EvaluateAsync("""
            ({ bar: bar === document.querySelector('#jobs-list progress'), row: first === document.querySelector('#devices-rows tr'),
               selected: getSelection().toString(), steps: [...steps] })
            """);
        Assert.True(after.GetProperty("bar").GetBoolean());
        Assert.True(after.GetProperty("row").GetBoolean());
        Assert.Equal("watched", after.GetProperty("selected").GetString());
        var steps = after.GetProperty("steps").EnumerateArray().Select(step => step.GetDouble()).ToArray();
        Assert.Equal(steps.Order(), steps);

        await site.BoardsGoAsync();
        await tab.UntilAsync("document.querySelectorAll('#devices-rows [data-tone=off]').length === 2 && document.querySelector('#jobs-list .chip').textContent === 'waiting'");
        Assert.Equal("Waits: no device is online", (await tab.EvaluateAsync("document.querySelector('#jobs-list .waits').textContent")).GetString());
        await tab.PictureAsync("boards-gone");
        Assert.Empty(tab.Complaints);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_lost_line_is_said_and_a_gateway_that_is_back_is_found_by_the_page_itself()
    {
        await using var site = await PageSite.StartAsync();
        await site.StockAsync();
        await using var browser = await Chromium.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.LookAsync(1280, 900, false);
        await tab.GoAsync(site.Url);
        await tab.UntilAsync(Live + " && document.querySelectorAll('#accounts-rows tr').length === 2");
        await site.GoAwayAsync();
        await tab.UntilAsync("document.querySelector('#badge').textContent === 'Reconnecting' && !document.querySelector('#notice').hidden");
        Assert.Matches("^Not live. What is shown is from [0-9:]+\\.$", (await tab.EvaluateAsync("document.querySelector('#notice').textContent")).GetString()!);
        Assert.False((await tab.EvaluateAsync("document.querySelector('#again').hidden")).GetBoolean());
        await tab.PictureAsync("lost");
        await tab.UntilAsync("document.querySelector('#badge').textContent === 'Gateway unreachable'");
        await Readable.ClearAsync(tab);

        await site.ComeBackAsync();
        await site.Client.IssueAsync("late", 1, TestContext.Current.CancellationToken);
        await tab.EvaluateAsync("document.querySelector('#again').click()");
        await tab.UntilAsync(Live + " && document.querySelector('#notice').hidden && document.querySelectorAll('#accounts-rows tr').length === 3");
        Assert.True((await tab.EvaluateAsync("document.querySelector('#again').hidden")).GetBoolean());
        // The browser itself says that loads failed; the script complains of nothing.
        Assert.All(tab.Complaints, complaint => Assert.Contains("\"source\":\"network\"", complaint, StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_keyboard_reaches_everything_in_reading_order_and_shows_where_it_is()
    {
        await using var site = await PageSite.StartAsync();
        await site.JoinAsync(30, Pace.None);
        await using var browser = await Chromium.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.LookAsync(1280, 900, false);
        await tab.GoAsync(site.Url);
        await tab.UntilAsync(Live + " && document.querySelectorAll('#devices-rows tr').length === 25");
        var order = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            await tab.PressAsync("Tab", 9);
            var at = await tab.EvaluateAsync("""
                (() => { const n = document.activeElement, s = getComputedStyle(n); const r = n.getBoundingClientRect();
                  return { id: n.id || n.getAttribute('href'), ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, seen: r.width > 0 && r.left >= 0 && r.right <= innerWidth }; })()
                """);
            order.Add(at.GetProperty("id").GetString()!);
            Assert.True(at.GetProperty("ring").GetBoolean(), $"the focus on {order[^1]} is not seen");
            Assert.True(at.GetProperty("seen").GetBoolean(), $"{order[^1]} has the focus outside of the window");
        }
        Assert.Equal(["#jobs", "#jobs", "#devices", "#units", "#credits", "filter", "which", "page-on", "verify"], order);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(360, false)]
    [InlineData(1280, true)]
    public async Task An_empty_gateway_says_what_to_do_next(int width, bool dark)
    {
        await using var site = await PageSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.LookAsync(width, 800, dark);
        await tab.GoAsync(site.Url);
        await tab.UntilAsync(Live);
        var text = (await tab.EvaluateAsync("document.body.innerText")).GetString()!;
        Assert.Contains("depin device invite", text, StringComparison.Ordinal);
        Assert.Contains("depin submit", text, StringComparison.Ordinal);
        await Readable.FitsAsync(tab);
        await Readable.ClearAsync(tab);
        await Readable.NamedAsync(tab);
        await tab.PictureAsync($"empty-{width}");
        Assert.Empty(tab.Complaints);
    }

    [Fact(Timeout = 180_000)]
    public async Task Three_hundred_devices_come_in_pages_and_the_filter_keeps_its_focus_while_they_report()
    {
        await using var site = await PageSite.StartAsync(reportMs: 1_000);
        await site.JoinAsync(300, Pace.None);
        await using var browser = await Chromium.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.LookAsync(1280, 900, false);
        await tab.GoAsync(site.Url);
        await tab.UntilAsync(Live + " && document.querySelector('#page-at').textContent === '1–25 of 300'");
        Assert.Equal(25, (await tab.EvaluateAsync("document.querySelectorAll('#devices-rows tr').length")).GetInt32());
        await tab.PictureAsync("many-1280");
        await tab.EvaluateAsync("document.querySelector('#page-on').click()");
        Assert.Equal("26–50 of 300", (await tab.EvaluateAsync("document.querySelector('#page-at').textContent")).GetString());
        await tab.EvaluateAsync("document.querySelector('#filter').focus()");
        await tab.TypeAsync("picow-0");
        await tab.UntilAsync("document.querySelectorAll('#devices-rows tr').length === 9");
        await tab.EvaluateAsync("window.reports = new Set(); window.row = document.querySelector('#devices-rows tr'); true");
        // Three different readings of one board go by: the focus, its place in the text and the row are what they were.
        await tab.UntilAsync("reports.add(row.children[4].textContent + row.children[5].textContent).size >= 3");
        var after = await tab.EvaluateAsync("""
            ({ focus: document.activeElement.id, caret: document.activeElement.selectionStart, kept: row.isConnected })
            """);
        Assert.Equal(("filter", 7, true), (after.GetProperty("focus").GetString(), after.GetProperty("caret").GetInt32(), after.GetProperty("kept").GetBoolean()));
        await tab.TypeAsync("?");
        await tab.UntilAsync("document.querySelector('#page-at').textContent === 'No device fits.'");
        await Readable.FitsAsync(tab);
        await tab.LookAsync(360, 800, true);
        await tab.EvaluateAsync("document.querySelector('#filter').value = ''; document.querySelector('#filter').dispatchEvent(new Event('input'))");
        await Readable.FitsAsync(tab);
        await tab.PictureAsync("many-360", whole: false);
        Assert.Empty(tab.Complaints);
    }
}
