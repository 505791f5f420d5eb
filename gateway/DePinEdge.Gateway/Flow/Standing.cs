namespace DePinEdge.Gateway.Flow;

/// <summary>How far a device's results can be trusted, from what its last ones were. Greater is better.</summary>
public enum Standing : byte
{
    /// <summary>Three strikes or more: single tasks on trial (canaries) until enough of them were right.</summary>
    Throttled,

    /// <summary>One or two strikes.</summary>
    Marked,

    /// <summary>No strike, but few results yet.</summary>
    Fresh,

    /// <summary>No strike and a row of right results.</summary>
    Proven,
}
