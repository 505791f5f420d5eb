namespace DePinEdge.Benchmarks.Soak;

/// <summary>A straight line through readings, by least squares.</summary>
internal static class Slope
{
    /// <summary>How much y grows for each x; 0 for fewer than two readings.</summary>
    public static double Of(IReadOnlyList<(double X, double Y)> readings)
    {
        if (readings.Count < 2)
            return 0;
        double meanX = readings.Average(r => r.X), meanY = readings.Average(r => r.Y);
        var spread = readings.Sum(r => (r.X - meanX) * (r.X - meanX));
        return spread == 0 ? 0 : readings.Sum(r => (r.X - meanX) * (r.Y - meanY)) / spread;
    }
}
