using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// What one account earned ever, with the proof that a sealed epoch says so: the leaf, its place, and the path to the root. Whoever
/// has the epoch's root (or its head and the fields beside it) checks it without the ledger.
/// </summary>
/// <param name="Leaf">The account's line.</param>
/// <param name="Index">Its place among the leaves.</param>
/// <param name="LeafCount">Number of leaves of the epoch.</param>
/// <param name="Path">Sibling hashes up to the root, 32 bytes each.</param>
public sealed record Statement(EpochLeaf Leaf, int Index, int LeafCount, byte[] Path)
{
    /// <summary>The statement for <paramref name="account"/> from an epoch's sorted leaves, or null when it has none.</summary>
    public static Statement? For(string account, IReadOnlyList<EpochLeaf> leaves)
    {
        var tree = MerkleTree.Of(leaves);
        for (var i = 0; i < leaves.Count; i++)
            if (leaves[i].Account == account)
                return new Statement(leaves[i], i, leaves.Count, tree.Proof(i));
        return null;
    }

    /// <summary>True when the root contains this statement's leaf at its place.</summary>
    public bool IsUnder(byte[] root) => MerkleTree.Verify(Leaf.Hash(), Index, LeafCount, Path, root);
}
