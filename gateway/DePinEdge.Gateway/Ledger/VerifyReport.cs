namespace DePinEdge.Gateway.Ledger;

/// <summary>What <see cref="LedgerVerifier"/> found.</summary>
public sealed record VerifyReport
{
    /// <summary>True when nothing was wrong.</summary>
    public bool Ok => ErrorCount == 0;

    /// <summary>The first 20 errors, each naming turn, record and what is wrong.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>How many errors there were.</summary>
    public long ErrorCount { get; init; }

    public string LedgerId { get; init; } = "";
    public string Site { get; init; } = "";
    public long Turns { get; init; }
    public long Records { get; init; }
    public long Transfers { get; init; }

    /// <summary>Paid verdict lines.</summary>
    public long TasksPaid { get; init; }

    public long IssuedMicro { get; init; }
    public long PostedMicro { get; init; }

    /// <summary>Escrowed minus refunded, over the jobs that ended.</summary>
    public long ChargedMicro { get; init; }

    /// <summary>The record chain's head after the last record, 64 hexadecimal digits.</summary>
    public string HeadHex { get; init; } = "";

    /// <summary>Number of sealed epochs.</summary>
    public long Epochs { get; init; }

    /// <summary>How many of them are signed.</summary>
    public long EpochsSigned { get; init; }

    /// <summary>True when the last sealed epoch is signed.</summary>
    public bool LastEpochSigned { get; init; }

    /// <summary>The key that signs this ledger, SubjectPublicKeyInfo in hexadecimal; empty without a signature.</summary>
    public string SiteKeyHex { get; init; } = "";

    /// <summary>Root of the last sealed epoch, hexadecimal; empty without one.</summary>
    public string EpochRootHex { get; init; } = "";

    /// <summary>Head of the last sealed epoch, hexadecimal; empty without one.</summary>
    public string EpochHeadHex { get; init; } = "";

    /// <summary>Every account's balance at the end, sorted by id.</summary>
    public required IReadOnlyList<AccountBalance> Balances { get; init; }

    /// <summary>The leaves of the last sealed epoch, sorted: what <see cref="Statement.For"/> makes statements of.</summary>
    public required IReadOnlyList<EpochLeaf> Leaves { get; init; }
}
