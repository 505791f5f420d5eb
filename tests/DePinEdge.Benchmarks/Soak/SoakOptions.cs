namespace DePinEdge.Benchmarks.Soak;

/// <summary>What a soak run is asked for.</summary>
internal sealed record SoakOptions
{
    /// <summary>Simulated boards, default 50.</summary>
    public int Boards { get; set; } = 50;

    /// <summary>Minutes of measuring after all boards are online, default 5.</summary>
    public double Minutes { get; set; } = 5;

    /// <summary>Boards run as fast as this machine lets them, instead of at their own pace.</summary>
    public bool FlatOut { get; set; }

    /// <summary>Data folder; empty: a temporary one.</summary>
    public string Data { get; set; } = "";

    /// <summary>One line of JSON at the end.</summary>
    public bool Json { get; set; }
}
