using System.Globalization;

namespace DePinEdge.Benchmarks;

/// <summary>What Linux says of a process: resident bytes, processor seconds, bytes it caused to be written to storage.</summary>
internal readonly record struct ProcReading(double ResidentBytes, double CpuSeconds, double WrittenBytes)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    public static ProcReading Of(int process)
    {
        // After the name in parentheses: field 3 is the state, 14 and 15 are the ticks in user and kernel mode (proc(5)).
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcReading(Number($"/proc/{process}/status", "VmRSS:") * 1024, ticks / TicksPerSecond, Number($"/proc/{process}/io", "write_bytes:"));
    }

    private static double Number(string file, string key)
    {
        foreach (var line in File.ReadLines(file))
            if (line.StartsWith(key, StringComparison.Ordinal))
                return double.Parse(line[key.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        return double.NaN;
    }
}
