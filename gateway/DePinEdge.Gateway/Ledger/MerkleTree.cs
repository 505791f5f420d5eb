using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Ledger;

/// <summary>
/// A Merkle tree over leaf hashes in account order: node = SHA-256(0x01 | left | right), the odd node at the end of a level moves up
/// as it is. Leaves begin with 0x00 (<see cref="EpochLeaf"/>), so that no node can pass for a leaf. The root of no leaves is 32 zero
/// bytes. A proof names its leaf's index and the count and has 32 bytes a level: 448 for 10,000 accounts, 640 for 1,000,000.
/// </summary>
public sealed class MerkleTree
{
    private readonly List<byte[]> levels = []; // each level's hashes, one after the other

    /// <summary>Builds the tree over <paramref name="leafHashes"/>, 32 bytes each.</summary>
    public MerkleTree(IReadOnlyList<byte[]> leafHashes)
    {
        Count = leafHashes.Count;
        var level = new byte[32 * Count];
        for (var i = 0; i < Count; i++)
        {
            Invariant.Require(leafHashes[i].Length == 32, "a leaf hash has 32 bytes");
            leafHashes[i].CopyTo(level, 32 * i);
        }
        levels.Add(level);
        while (level.Length > 32)
            levels.Add(level = Above(level));
    }

    /// <summary>Number of leaves.</summary>
    public int Count { get; }

    /// <summary>The 32-byte root; a copy.</summary>
    public byte[] Root => Count == 0 ? new byte[32] : (byte[])levels[^1].Clone();

    /// <summary>Builds the tree over leaves that are sorted by account (ordinal).</summary>
    public static MerkleTree Of(IReadOnlyList<EpochLeaf> leaves)
    {
        var hashes = new byte[leaves.Count][];
        for (var i = 0; i < hashes.Length; i++)
        {
            var sorted = i == 0 || string.CompareOrdinal(leaves[i - 1].Account, leaves[i].Account) < 0;
            Invariant.Require(sorted, "leaves are sorted by account");
            hashes[i] = leaves[i].Hash();
        }
        return new MerkleTree(hashes);
    }

    /// <summary>The sibling hashes from leaf <paramref name="index"/> up to the root, one after the other, 32 bytes each.</summary>
    public byte[] Proof(int index)
    {
        Invariant.Require(index >= 0 && index < Count, "a proof is for a leaf of the tree");
        var path = new List<byte>();
        foreach (var level in levels)
        {
            var sibling = 32 * (index ^ 1);
            if (sibling < level.Length)
                path.AddRange(level.AsSpan(sibling, 32));
            index /= 2;
        }
        return [.. path];
    }

    /// <summary>
    /// True when <paramref name="path"/> leads from <paramref name="leafHash"/> at <paramref name="index"/> of
    /// <paramref name="count"/> leaves to <paramref name="root"/>. False for any malformed argument.
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> leafHash, int index, int count, ReadOnlySpan<byte> path, ReadOnlySpan<byte> root)
    {
        if (leafHash.Length != 32 || index < 0 || index >= count)
            return false;
        Span<byte> node = stackalloc byte[32];
        leafHash.CopyTo(node);
        for (; count > 1; count = (count / 2) + (count % 2), index /= 2)
        {
            if ((index ^ 1) >= count)
                continue; // promoted
            if (path.Length < 32)
                return false;
            if (index % 2 == 0)
                Join(node, path[..32], node);
            else
                Join(path[..32], node, node);
            path = path[32..];
        }
        return path.IsEmpty && node.SequenceEqual(root);
    }

    private static byte[] Above(byte[] level)
    {
        var pairs = level.Length / 64;
        var above = new byte[(32 * pairs) + (level.Length % 64)];
        for (var i = 0; i < pairs; i++)
            Join(level.AsSpan(64 * i, 32), level.AsSpan((64 * i) + 32, 32), above.AsSpan(32 * i, 32));
        level.AsSpan(64 * pairs).CopyTo(above.AsSpan(32 * pairs));
        return above;
    }

    private static void Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> into)
    {
        Span<byte> bytes = stackalloc byte[65];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[33..]);
        SHA256.HashData(bytes, into);
    }
}
