using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>What `ledger verify --json` prints.</summary>
internal sealed record LedgerCheck(
    bool Verified, long ErrorCount, IReadOnlyList<string> Errors, string LedgerId, string Site, long Turns, long Records, long Transfers, long TasksPaid,
    long IssuedMicro, long PostedMicro, long ChargedMicro, string Head, long Epochs, long EpochsSigned, bool LastEpochSigned, string EpochRoot, string EpochHead)
{
    public static LedgerCheck Of(VerifyReport r) => new(
        r.Ok, r.ErrorCount, r.Errors, r.LedgerId, r.Site, r.Turns, r.Records, r.Transfers, r.TasksPaid, r.IssuedMicro, r.PostedMicro, r.ChargedMicro,
        r.HeadHex, r.Epochs, r.EpochsSigned, r.LastEpochSigned, r.EpochRootHex, r.EpochHeadHex);
}
