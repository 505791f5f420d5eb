using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Storage;

/// <summary>Turns a storage failure into what a person reads: the sentence, and what to do about it.</summary>
internal static class StoreHints
{
    public static HostException Explain(StoreException failure) => new(
        failure.Message,
        failure.Kind switch
        {
            StoreFailure.Full => "make room on that disk and start again; nothing is lost",
            StoreFailure.Corrupt => "keep a copy of the folder, run 'depin ledger verify' on it, and restore the folder from a backup",
            StoreFailure.Unusable => "name the right folder with --data; a gateway that runs on it has to stop first; a newer ledger needs a newer depin",
            _ => "start again: the store says what is there",
        },
        ExitCodes.BadData,
        failure);
}
