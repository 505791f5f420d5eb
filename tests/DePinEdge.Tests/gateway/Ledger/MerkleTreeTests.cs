using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

public sealed class MerkleTreeTests
{
    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, 21)];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Root_is_that_of_a_naive_recomputation_and_every_leaf_has_a_proof(int count)
    {
        var leaves = Enumerable.Range(0, count).Select(i => SHA256.HashData([(byte)i])).ToArray();
        var tree = new MerkleTree(leaves);
        Assert.Equal(count, tree.Count);
        Assert.Equal(Naive(leaves), tree.Root);
        for (var i = 0; i < count; i++)
        {
            var path = tree.Proof(i);
            Assert.True(MerkleTree.Verify(leaves[i], i, count, path, tree.Root));
            for (var other = 0; other < count; other++)
                Assert.Equal(other == i, MerkleTree.Verify(leaves[i], other, count, path, tree.Root));
            for (var at = 0; at < path.Length; at++)
            {
                path[at] ^= 1;
                Assert.False(MerkleTree.Verify(leaves[i], i, count, path, tree.Root));
                path[at] ^= 1;
            }
            Assert.False(MerkleTree.Verify(leaves[i], i, count, [.. path, .. new byte[32]], tree.Root));
            if (path.Length > 0)
                Assert.False(MerkleTree.Verify(leaves[i], i, count, path.AsSpan(32), tree.Root));
        }
    }

    [Fact]
    public void Proof_bytes_are_those_promised()
    {
        var hash = SHA256.HashData("leaf"u8);
        var tree = new MerkleTree([.. Enumerable.Repeat(hash, 10_000)]);
        Assert.Equal(448, tree.Proof(0).Length);
        Assert.Equal(448, Enumerable.Range(0, 10_000).Max(i => tree.Proof(i).Length));
        Assert.Equal(640, new MerkleTree([.. Enumerable.Repeat(hash, 1_000_000)]).Proof(0).Length);
    }

    [Fact]
    public void Malformed_proofs_are_refused_without_an_exception()
    {
        var leaf = SHA256.HashData("leaf"u8);
        var root = new MerkleTree([leaf, leaf]).Root;
        Assert.True(MerkleTree.Verify(leaf, 0, 2, leaf, root));
        Assert.False(MerkleTree.Verify(leaf, -1, 2, leaf, root));
        Assert.False(MerkleTree.Verify(leaf, 2, 2, leaf, root));
        Assert.False(MerkleTree.Verify(leaf, 0, 0, leaf, root));
        Assert.False(MerkleTree.Verify(leaf, 0, 2, leaf.AsSpan(1), root));
        Assert.False(MerkleTree.Verify(leaf.AsSpan(1), 0, 2, leaf, root));
        Assert.False(MerkleTree.Verify(leaf, 0, 2, leaf, root.AsSpan(1)));
        Assert.False(MerkleTree.Verify(leaf, 0, int.MaxValue, leaf, root));
    }

    [Fact]
    public void Leaf_bytes_are_those_of_the_specification()
    {
        var receipt = SHA256.HashData("receipt"u8);
        var leaf = new EpochLeaf("dev:a", 0x0102030405060708, 0x1112131415161718, 3, receipt);
        byte[] bytes = [0, 5, .. "dev:a"u8, 1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0, 0, 0, 0, 0, 0, 0, 3, .. receipt];
        Assert.Equal(SHA256.HashData(bytes), leaf.Hash());
    }

    [Fact]
    public void Head_bytes_are_those_of_the_specification()
    {
        byte[][] h = [SHA256.HashData([1]), SHA256.HashData([2]), SHA256.HashData([3]), SHA256.HashData([4])];
        byte[] bytes = [2, 4, .. "abcd"u8, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0, 0, .. h[0], .. h[1], .. h[2], .. h[3]];
        Assert.Equal(SHA256.HashData(bytes), EpochHead.Compute("abcd", 9, 65_536, h[0], h[1], h[2], h[3]));
    }

    [Fact]
    public void Statement_is_under_its_root_and_under_no_other()
    {
        var leaves = Enumerable.Range(10, 7).Select(i => new EpochLeaf($"dev:d{i}", i, i, 1, new byte[32])).ToArray();
        var root = MerkleTree.Of(leaves).Root;
        foreach (var leaf in leaves)
        {
            var statement = Statement.For(leaf.Account, leaves)!;
            Assert.True(statement.IsUnder(root));
            Assert.False((statement with { Leaf = leaf with { Cumulative = leaf.Cumulative + 1 } }).IsUnder(root));
            Assert.False((statement with { LeafCount = 9 }).IsUnder(root));
        }
        Assert.Null(Statement.For("dev:nobody", leaves));
    }

    [Fact]
    public void Leaves_out_of_order_are_our_bug()
    {
        EpochLeaf[] leaves = [new("dev:b", 0, 0, 1, new byte[32]), new("dev:a", 0, 0, 1, new byte[32])];
        Assert.Throws<InvariantException>(() => MerkleTree.Of(leaves));
        Assert.Throws<InvariantException>(() => MerkleTree.Of([leaves[0], leaves[0]]));
    }

    private static byte[] Naive(byte[][] level)
    {
        if (level.Length == 0)
            return new byte[32];
        if (level.Length == 1)
            return level[0];
        var above = new List<byte[]>();
        for (var i = 0; i + 1 < level.Length; i += 2)
            above.Add(SHA256.HashData([1, .. level[i], .. level[i + 1]]));
        if (level.Length % 2 == 1)
            above.Add(level[^1]);
        return Naive([.. above]);
    }
}
