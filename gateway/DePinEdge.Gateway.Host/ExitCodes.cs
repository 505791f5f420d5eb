namespace DePinEdge.Gateway.Host;

/// <summary>What `depin` exits with; part of the command line's contract. 64 and up follow BSD's sysexits.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The request was refused or failed; stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>No gateway answers at the URL.</summary>
    public const int Unreachable = 3;

    /// <summary>A ledger, an export or an answer does not verify.</summary>
    public const int VerificationFailed = 4;

    /// <summary>A file is missing, damaged, of a newer version, or in use by another process.</summary>
    public const int BadData = 5;

    /// <summary>A port or address cannot be listened on.</summary>
    public const int PortInUse = 6;

    /// <summary>A broken invariant: our bug. The gateway stopped rather than go on.</summary>
    public const int Bug = 70;

    /// <summary>A commit failed and nobody knows whether it is stored: start again, the store says what is there.</summary>
    public const int StoreUnknown = 74;
}
