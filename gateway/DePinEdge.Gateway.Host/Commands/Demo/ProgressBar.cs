// The line that moves while a job runs.
using System.Globalization;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// Draws a job's progress: on a terminal one line that is written over, elsewhere a plain line at each tenth, so that a log stays
/// short. Not thread-safe.
/// </summary>
internal sealed class ProgressBar(TextWriter writer, bool terminal)
{
    private const int Cells = 28;

    private int drawnTenth = -1;
    private int drawnChars;

    /// <summary>Shows where the job stands.</summary>
    /// <param name="done">Tasks that ended.</param>
    /// <param name="total">Tasks of the job, at least 1.</param>
    /// <param name="tasksPerSecond">Rate so far.</param>
    /// <param name="etaSeconds">Time left; negative or not finite when unknown.</param>
    /// <param name="retried">Tasks leased again.</param>
    /// <param name="refused">Results refused.</param>
    public void Show(long done, long total, double tasksPerSecond, double etaSeconds, long retried, long refused)
    {
        var tenth = (int)(done * 10 / total);
        if (!terminal && tenth == drawnTenth)
            return;
        drawnTenth = tenth;

        var full = (int)(done * Cells / total);
        var eta = done >= total ? "0 s" : double.IsFinite(etaSeconds) && etaSeconds >= 0 ? Text($"{Math.Ceiling(etaSeconds):0} s") : "?";
        var line = Text($"  [{new string('#', full)}{new string('-', Cells - full)}] {done * 100 / total,3}%  {done}/{total}  {tasksPerSecond:0.0}/s  eta {eta}  retried {retried}  refused {refused}");
        if (!terminal)
        {
            writer.WriteLine(line);
            return;
        }

        writer.Write('\r' + line.PadRight(drawnChars));
        writer.Flush();
        drawnChars = line.Length;
    }

    /// <summary>Leaves the line as it stands; what is written next starts below it.</summary>
    public void End()
    {
        if (terminal && drawnChars > 0)
            writer.WriteLine();
        drawnChars = 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
