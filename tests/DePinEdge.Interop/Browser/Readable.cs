namespace DePinEdge.Interop.Browser;

/// <summary>What makes a page readable for everybody, measured in the browser.</summary>
internal static class Readable
{
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

    /// <summary>Every text stands out from its ground.</summary>
    public static async Task ClearAsync(Tab tab)
    {
        var text = await tab.EvaluateAsync(FaintText);
        Assert.True(text.GetProperty("seen").GetInt32() > 20, "there is hardly any text");
        Assert.Empty(text.GetProperty("faint").EnumerateArray().Select(line => line.GetString()));
    }

    /// <summary>No horizontal scrolling: neither the page nor anything in it is wider than the window.</summary>
    public static async Task FitsAsync(Tab tab)
    {
        var measured = await tab.EvaluateAsync(Overflowing);
        Assert.Empty(measured.GetProperty("out").EnumerateArray().Select(node => node.GetString()));
        Assert.Equal(measured.GetProperty("window").GetInt32(), measured.GetProperty("width").GetInt32());
    }

    /// <summary>Landmarks, tables and controls as a screen reader gets them.</summary>
    public static async Task NamedAsync(Tab tab)
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
