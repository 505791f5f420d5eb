using DePinEdge.Gateway;

namespace DePinEdge.Simulation;

/// <summary>What came into play in a run, counted by name: a checker that is never near what it checks proves nothing.</summary>
public sealed class Mechanisms
{
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, long> Counts => counts;

    public void Add(string name, long times = 1)
    {
        if (times != 0)
            counts[name] = counts.GetValueOrDefault(name) + times;
    }

    /// <summary>Everything of another run.</summary>
    public void Add(IReadOnlyDictionary<string, long> others)
    {
        foreach (var (name, times) in others)
            Add(name, times);
    }

    /// <summary>What a core counted in the life that ends.</summary>
    public void Add(GatewayCore core)
    {
        var seen = core.Views.Counters();
        Add("reports late", seen.LateResults);
        Add("reports twice", seen.DuplicateReports);
        Add("frames that do not fit", seen.FramesBad);
        Add("log-ins refused", seen.LoginsRefused);
        Add("joins refused", seen.JoinsRefused);
        Add("keep-alives missed", core.Broker.Counters.KeepAliveTimeouts);
        Add("connections", core.Broker.Counters.ConnectionsOpened);
    }
}
