using System.Text.Json;
using DePinEdge.Simulator;

namespace DePinEdge.Interop.Browser;

/// <summary>The page as a person meets it, in Debian's Chromium on a real gateway. DEPIN_SCREENSHOTS names a folder for pictures.</summary>
public sealed class PageTests
{
    private const string Live = "document.querySelector('#badge').dataset.line === 'live'";

    /// <summary>Text below WCAG's 4.5:1 on what it stands on, as the browser computes both.</summary>
    private const string FaintText = """
        (() => {
          const parse = color => { const n = color.match(/[\d.]+/g).map(Number); return { r: n[0], g: n[1], b: n[2], a: n[3] ?? 1 }; };
          const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1 });
          const light = c => { const f = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b); };
          const ground = node => { const own = parse(getComputedStyle(node).backgroundColor); return own.a === 1 || !node.parentElement ? own : over(own, ground(node.parentElement)); };
          const faint = []; let seen = 0;
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const node = walk.currentNode.parentElement;
            if (!walk.currentNode.data.trim() || !node.checkVisibility() || node.closest('.unseen, noscript, button:disabled, .skip')) continue;
            seen++;
            const back = ground(node), front = over(parse(getComputedStyle(node).color), back);
            const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${node.tagName}.${node.className}: ${walk.currentNode.data.trim()}`);
          }
          return { seen, faint: [...new Set(faint)] };
        })()
        """;

    /// <summary>What sticks out of the window to the right.</summary>
    private const string Overflowing = """
        ({ width: document.documentElement.scrollWidth, window: document.documentElement.clientWidth,
           out: [...document.body.querySelectorAll('*')].filter(n => n.checkVisibility() && !n.closest('.unseen, .skip, thead') && n.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
             .map(n => n.tagName + '.' + n.className).slice(0, 5) })
        """;

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

        Fits(await tab.EvaluateAsync(Overflowing));
        var text = await tab.EvaluateAsync(FaintText);
        Assert.True(text.GetProperty("seen").GetInt32() > 100);
        Assert.Empty(text.GetProperty("faint").EnumerateArray().Select(line => line.GetString()));
        Assert.Empty(tab.Complaints);
        await NamedAsync(tab);
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
        var text = await tab.EvaluateAsync(FaintText);
        Assert.Empty(text.GetProperty("faint").EnumerateArray().Select(line => line.GetString()));

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
        Fits(await tab.EvaluateAsync(Overflowing));
        Assert.Empty((await tab.EvaluateAsync(FaintText)).GetProperty("faint").EnumerateArray().Select(line => line.GetString()));
        await NamedAsync(tab);
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
        Fits(await tab.EvaluateAsync(Overflowing));
        await tab.LookAsync(360, 800, true);
        await tab.EvaluateAsync("document.querySelector('#filter').value = ''; document.querySelector('#filter').dispatchEvent(new Event('input'))");
        Fits(await tab.EvaluateAsync(Overflowing));
        await tab.PictureAsync("many-360", whole: false);
        Assert.Empty(tab.Complaints);
    }

    /// <summary>No horizontal scrolling: neither the page nor anything in it is wider than the window.</summary>
    private static void Fits(JsonElement measured)
    {
        Assert.Empty(measured.GetProperty("out").EnumerateArray().Select(node => node.GetString()));
        Assert.Equal(measured.GetProperty("window").GetInt32(), measured.GetProperty("width").GetInt32());
    }

    /// <summary>Landmarks, tables and controls as a screen reader gets them.</summary>
    private static async Task NamedAsync(Tab tab)
    {
        var tree = await tab.TreeAsync();
        foreach (var landmark in new[] { "banner", "main", "navigation", "contentinfo", "status" })
            Assert.Contains(tree, node => node.Role == landmark);
        string[] named = ["button", "link", "searchbox", "combobox", "progressbar", "table", "region", "navigation", "columnheader", "rowheader", "heading"];
        Assert.All(tree.Where(node => named.Contains(node.Role)), node => Assert.True(node.Name.Length > 0, $"a {node.Role} has no name"));
        Assert.Equal(["Jobs", "Devices", "Compute units", "Credits"], tree.Where(node => node.Role == "region").Select(node => node.Name));
        var rows = (await tab.EvaluateAsync("[...document.querySelectorAll('tbody tr')].filter(row => row.checkVisibility()).length")).GetInt32();
        var heads = (await tab.EvaluateAsync("[...document.querySelectorAll('table')].filter(table => table.checkVisibility()).length")).GetInt32();
        Assert.Equal(rows + heads, tree.Count(node => node.Role == "row"));
    }
}
