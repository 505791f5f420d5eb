namespace DePinEdge.Client;

/// <summary>Kinds of <see cref="DepinException"/>.</summary>
public enum DepinFailure
{
    /// <summary>The gateway refused the request; its code says why.</summary>
    Refused,

    /// <summary>No gateway answered.</summary>
    Unreachable,

    /// <summary>Something answered that is not this API.</summary>
    BadAnswer,
}
