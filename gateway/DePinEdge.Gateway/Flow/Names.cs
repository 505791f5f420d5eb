using DePinEdge.Agent.Wire;

namespace DePinEdge.Gateway.Flow;

/// <summary>The one rule for names that stand in topics and accounts: sites, devices, owners, requesters, units.</summary>
public static class Names
{
    /// <summary>Longest name, in characters.</summary>
    public const int CharsMax = FrameLimits.IdBytesMax;

    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule = "1 to 32 of a-z, 0-9 and '-'";

    /// <summary>True when <paramref name="name"/> matches <c>[a-z0-9-]{1,32}</c>.</summary>
    public static bool IsValid(string? name) => Topics.IsId(name);
}
