namespace DePinEdge.Benchmarks.Hostile;

/// <summary>What a hostile run is asked for.</summary>
internal sealed record HostileOptions
{
    /// <summary>Mutated packets, frames, join messages and requests together, default 100,000.</summary>
    public int Count { get; set; } = 100_000;

    /// <summary>Where all mutations come from; a failure says it.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Data folder; empty: a temporary one.</summary>
    public string Data { get; set; } = "";

    /// <summary>One line of JSON at the end.</summary>
    public bool Json { get; set; }
}
