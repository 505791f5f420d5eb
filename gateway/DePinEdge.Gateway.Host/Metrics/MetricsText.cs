using System.Globalization;
using System.Text;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Metrics;

/// <summary>
/// Writes the Prometheus text exposition format 0.0.4: HELP, TYPE and samples of one family after the other. Names are checked here, so
/// that a family without its unit or written twice is a fault of ours and not of whoever reads it.
/// </summary>
internal sealed class MetricsText
{
    /// <summary>The format's content type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new();
    private readonly HashSet<string> families = new(StringComparer.Ordinal);

    /// <summary>What only grows since the start; the name ends with <c>_total</c>.</summary>
    public void Counter(string name, string help, double value)
    {
        Family(name, help, "counter");
        Sample(name, "", value);
    }

    /// <summary>The same, by one label of a small fixed set.</summary>
    public void Counter(string name, string help, string label, IEnumerable<KeyValuePair<string, long>> values)
    {
        Family(name, help, "counter");
        foreach (var (key, value) in values)
            Sample(name, Label(label, key), value);
    }

    /// <summary>What is so now.</summary>
    public void Gauge(string name, string help, double value)
    {
        Family(name, help, "gauge");
        Sample(name, "", value);
    }

    /// <summary>The same, by one label of a small fixed set.</summary>
    public void Gauge(string name, string help, string label, IEnumerable<KeyValuePair<string, long>> values)
    {
        Family(name, help, "gauge");
        foreach (var (key, value) in values)
            Sample(name, Label(label, key), value);
    }

    /// <summary>A distribution: counts of each bucket (one more than bounds, not cumulative) and the sum of what was observed.</summary>
    public void Histogram(string name, string help, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        Invariant.Require(counts.Count == bounds.Count + 1, $"{name} has a bucket more than bounds");
        Family(name, help, "histogram");
        long below = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            below += counts[i];
            Sample(name + "_bucket", Label("le", i < bounds.Count ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf"), below);
        }
        Sample(name + "_sum", "", sum);
        Sample(name + "_count", "", below);
    }

    public override string ToString() => text.ToString();

    private void Family(string name, string help, string type)
    {
        Invariant.Require(families.Add(name), $"{name} is written once");
        Invariant.Require(name.StartsWith("depin_", StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'),
            $"{name} is a name of ours");
        Invariant.Require(type == "counter" == name.EndsWith("_total", StringComparison.Ordinal), $"{name} says by its end whether it is a counter");
        Invariant.Require(!help.Contains('\n') && !help.Contains('\\'), $"the help of {name} needs no escapes");
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private static string Label(string name, string value)
    {
        Invariant.Require(!value.Contains('"') && !value.Contains('\\') && !value.Contains('\n'), $"the label {name} needs no escapes");
        return $"{{{name}=\"{value}\"}}";
    }

    private void Sample(string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
