namespace DePinEdge.Gateway.Ledger;

/// <summary>What an account is for; it decides which transfers may touch it.</summary>
public enum AccountClass
{
    /// <summary>Not an account of this ledger.</summary>
    Unknown = 0,

    /// <summary><c>sys:treasury</c>: where credits come from, the only account that may be negative.</summary>
    Treasury,

    /// <summary><c>sys:escrow:jN</c>: what a requester set aside for one job.</summary>
    Escrow,

    /// <summary><c>sys:reserve:jN</c>: what that job's open batches may cost.</summary>
    Reserve,

    /// <summary><c>req:NAME</c>: a requester's credits.</summary>
    Requester,

    /// <summary><c>dev:ID:held</c>: earned in an epoch that is not sealed yet.</summary>
    Held,

    /// <summary><c>dev:ID</c>: earned and released.</summary>
    Available,
}
