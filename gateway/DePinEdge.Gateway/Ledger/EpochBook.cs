using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>The last sealed epoch, the promise it made about the next audit secret, and who signed.</summary>
internal sealed class EpochBook
{
    private byte[] nextDrawHash = new byte[32];
    private byte[] siteKey = [];
    private long signedEpoch;

    public long Epoch { get; private set; }

    public byte[] Root { get; private set; } = new byte[32];

    public byte[] Head { get; private set; } = new byte[32];

    /// <summary>True when the last sealed epoch is signed.</summary>
    public bool Signed => Epoch > 0 && signedEpoch == Epoch;

    public void Seal(EpochSealed r, string ledgerId, int leafCount, byte[] root)
    {
        Invariant.Require(r.Epoch == Epoch + 1, $"epoch {r.Epoch} is sealed after epoch {Epoch}");
        Invariant.Require(r.Accounts == leafCount && r.Root.AsSpan().SequenceEqual(root), $"epoch {r.Epoch} is sealed over other balances");
        Invariant.Require(r.PreviousHead.AsSpan().SequenceEqual(Head), $"epoch {r.Epoch} names another head before it");
        // The first epoch has no head before it that could have promised its secret.
        Invariant.Require(Epoch == 0 || SHA256.HashData(r.DrawSecret).AsSpan().SequenceEqual(nextDrawHash),
            $"the audit secret of epoch {r.Epoch} is not the one promised");
        var head = EpochHead.Compute(ledgerId, r.Epoch, leafCount, root, r.PreviousHead, r.ChainHead, r.NextDrawHash);
        Invariant.Require(r.Head.AsSpan().SequenceEqual(head), $"the head of epoch {r.Epoch} is not the hash of its parts");
        Epoch = r.Epoch;
        Root = root;
        Head = head;
        nextDrawHash = r.NextDrawHash;
    }

    /// <summary>The signature itself is checked before the record is made (<see cref="EpochSignature"/>) and by the verifier.</summary>
    public void Sign(EpochSigned r)
    {
        Invariant.Require(r.Epoch > signedEpoch && r.Epoch <= Epoch, $"epoch {r.Epoch} is signed after {signedEpoch}, {Epoch} is sealed");
        Invariant.Require(r.Signature.Length == 64 && r.PublicKey.Length > 0, $"the signature of epoch {r.Epoch} has r, s and a key");
        Invariant.Require(siteKey.Length == 0 || r.PublicKey.AsSpan().SequenceEqual(siteKey), "a ledger is signed with one key");
        siteKey = r.PublicKey;
        signedEpoch = r.Epoch;
    }

    public void WriteSnapshot(RecordWriter w)
    {
        w.Unsigned(Epoch);
        w.Raw(Root);
        w.Raw(Head);
        w.Raw(nextDrawHash);
        w.Bytes(siteKey);
        w.Unsigned(signedEpoch);
    }

    public void ReadSnapshot(ref RecordReader r)
    {
        Epoch = r.Unsigned();
        Root = r.Raw(32).ToArray();
        Head = r.Raw(32).ToArray();
        nextDrawHash = r.Raw(32).ToArray();
        siteKey = r.Bytes();
        signedEpoch = r.Unsigned();
        if (signedEpoch > Epoch)
            throw r.Corrupt($"epoch {signedEpoch} is signed, {Epoch} is the last one");
    }
}
