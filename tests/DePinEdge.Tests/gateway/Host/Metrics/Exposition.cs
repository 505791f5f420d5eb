using System.Globalization;
using System.Text.RegularExpressions;

namespace DePinEdge.Tests.Gateway.Host.Metrics;

/// <summary>
/// A strict reader of the Prometheus text format 0.0.4: each family has HELP and TYPE once, then its samples together; names, labels and
/// numbers are well-formed; nothing comes twice; histograms are cumulative and end with +Inf.
/// </summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, double> samples = new(StringComparer.Ordinal);

    private Exposition()
    {
    }

    /// <summary>Types by family.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>The sample of that name, with its labels as written.</summary>
    public double this[string sample] => samples[sample];

    public IEnumerable<string> Samples => samples.Keys;

    public static Exposition Read(string text)
    {
        var page = new Exposition();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var (family, help) = ("", "");
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } helps)
            {
                help = helps.Groups[1].Value;
                Assert.False(page.Types.ContainsKey(help), $"{help} comes twice");
                continue;
            }
            if (Type().Match(line) is { Success: true } types)
            {
                family = types.Groups[1].Value;
                Assert.Equal(help, family); // HELP, then TYPE
                page.Types.Add(family, types.Groups[2].Value);
                continue;
            }
            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"not a line of the format: {line}");
            var name = sample.Groups["name"].Value;
            var type = page.Types[family];
            string[] names = type == "histogram" ? [family + "_bucket", family + "_sum", family + "_count"] : [family];
            Assert.True(names.Contains(name), $"{name} stands below {family}");
            Assert.Equal(type == "counter", family.EndsWith("_total", StringComparison.Ordinal));
            var value = double.Parse(sample.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
            Assert.True(page.samples.TryAdd(name + sample.Groups["labels"].Value, value), $"{line} comes twice");
        }
        foreach (var (name, _) in page.Types.Where(one => one.Value == "histogram"))
        {
            var buckets = page.samples.Where(one => one.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal)).Select(one => one.Value).ToArray();
            Assert.Equal(buckets.Order(), buckets);
            Assert.Equal(page[name + "_count"], page[name + "_bucket{le=\"+Inf\"}"]);
        }
        return page;
    }

    [GeneratedRegex(@"^# HELP ([a-z_][a-z0-9_]*) [^\\]+$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-z_][a-z0-9_]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-z_][a-z0-9_]*)(?<labels>\{[a-z_]+="[^"\\]*"\})? (?<value>-?\d+(\.\d+)?([eE][+-]?\d+)?)$""")]
    private static partial Regex Sample();
}
