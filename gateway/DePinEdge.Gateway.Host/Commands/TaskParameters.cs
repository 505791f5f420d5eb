using System.Globalization;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>NAME=NUMBER on a command line.</summary>
internal static class TaskParameters
{
    public static Dictionary<string, ulong> Parse(IEnumerable<string> texts)
    {
        var values = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !ulong.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw new HostException($"--param {text} is no parameter", "write NAME=NUMBER, for example width=500", ExitCodes.Usage);
            if (!values.TryAdd(text[..equals], value))
                throw new HostException($"--param {text[..equals]} is named twice", "name it once", ExitCodes.Usage);
        }
        return values;
    }
}
