using System.Globalization;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>Numbers and times as people read them.</summary>
internal static class Show
{
    /// <summary>Micro-credits as credits.</summary>
    public static string Credits(long micro) => (micro / 1_000_000m).ToString("0.00####", CultureInfo.InvariantCulture);

    /// <summary>A count with thousands apart.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>UTC milliseconds as a moment, or "never".</summary>
    public static string Time(long utcMs) =>
        utcMs == 0 ? "never" : DateTimeOffset.FromUnixTimeMilliseconds(utcMs).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Seconds in words.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 0 => "unknown",
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
        < 6_000 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.#} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
    };

    /// <summary>A placeholder for nothing.</summary>
    public static string Or(string text, string otherwise = "-") => text.Length == 0 ? otherwise : text;
}
