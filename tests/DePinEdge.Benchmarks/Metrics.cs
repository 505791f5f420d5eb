using System.Globalization;

namespace DePinEdge.Benchmarks;

/// <summary>One reading of /metrics: samples by name with their labels as written.</summary>
internal sealed class Metrics(Dictionary<string, double> samples)
{
    /// <summary>The sample of that name (with labels, if it has any); 0 when it is not there.</summary>
    public double this[string name] => samples.GetValueOrDefault(name);

    /// <summary>All samples of one family, by their labels.</summary>
    public IEnumerable<(string Labels, double Value)> Family(string name) =>
        samples.Where(sample => sample.Key.StartsWith(name + "{", StringComparison.Ordinal)).Select(sample => (sample.Key[name.Length..], sample.Value));

    public static Metrics Parse(string text)
    {
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line[0] != '#' && line.LastIndexOf(' ') is > 0 and var space)
                samples[line[..space]] = double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
        return new Metrics(samples);
    }

    /// <summary>
    /// A quantile of what a histogram observed between two readings, from its buckets: within a bucket taken as evenly spread, so it is
    /// good to the bucket's width.
    /// </summary>
    public static double Quantile(Metrics before, Metrics after, string histogram, double quantile)
    {
        var buckets = after.Family(histogram + "_bucket")
            .Select(one => (Bound: Bound(one.Labels), Count: one.Value - before[histogram + "_bucket" + one.Labels])).OrderBy(one => one.Bound).ToArray();
        if (buckets.Length == 0 || buckets[^1].Count == 0)
            return double.NaN;
        var rank = quantile * buckets[^1].Count;
        double lower = 0, below = 0;
        foreach (var (bound, count) in buckets)
        {
            if (count >= rank)
                return double.IsInfinity(bound) ? lower : lower + ((bound - lower) * (rank - below) / Math.Max(1, count - below));
            (lower, below) = (bound, count);
        }
        return lower;
    }

    private static double Bound(string labels)
    {
        var text = labels["{le=\"".Length..^2];
        return text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
