// What a person sees of a demo.
using System.Globalization;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// Lines for people on one writer, the moving bar on another. With --json both are standard error, so that standard output is the
/// one line of JSON.
/// </summary>
internal sealed class DemoScreen(TextWriter lines, TextWriter progress, bool progressIsTerminal)
{
    /// <summary>The bar of the running job.</summary>
    public ProgressBar Bar { get; } = new(progress, progressIsTerminal);

    /// <summary>Writes one line; numbers as everywhere, whatever the system's language.</summary>
    public void Line(FormattableString text)
    {
        lines.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        lines.Flush();
    }

    /// <summary>Micro-credits as credits with the digits that matter.</summary>
    public static string Credits(long micro) => (micro / 1_000_000m).ToString("0.00####", CultureInfo.InvariantCulture);

    /// <summary>Seconds for people: 0.4 s, 37 s, 2 min 10 s; null is unknown.</summary>
    public static string Duration(double? seconds) => seconds switch
    {
        null => "unknown",
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds.Value / 60):0} min {seconds.Value % 60:0} s"),
    };
}
