using System.Globalization;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>FROM..TO on a command line, without TO.</summary>
internal static class NumberRange
{
    public static JobRange Parse(string text, string option)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots > 0
            && long.TryParse(text.AsSpan(0, dots), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && long.TryParse(text.AsSpan(dots + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var to) && from < to)
            return new JobRange(from, to);
        throw new HostException($"{option} {text} is no range", "write FROM..TO with FROM below TO, for example 0..1000", ExitCodes.Usage);
    }
}
