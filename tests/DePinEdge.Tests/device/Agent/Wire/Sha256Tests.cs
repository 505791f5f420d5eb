// The managed SHA-256 against the platform's, at every length around its blocks and in every cut.
using System.Security.Cryptography;
using Sha256 = DePinEdge.Agent.Wire.Sha256;

namespace DePinEdge.Tests.Device.Agent.Wire;

public class Sha256Tests
{
    [Fact]
    public void Every_length_up_to_three_blocks_agrees_with_the_platform()
    {
        var data = new byte[200];
        new Random(1).NextBytes(data);
        for (var count = 0; count <= 193; count++)
            Assert.Equal(SHA256.HashData(data.AsSpan(7, count)), Sha256.Of(data, 7, count));
    }

    [Fact]
    public void Pieces_of_any_size_give_the_hash_of_the_whole()
    {
        var random = new Random(2);
        var data = new byte[10000];
        random.NextBytes(data);
        var sha = new Sha256();
        for (var round = 0; round < 50; round++)
        {
            for (var at = 0; at < data.Length;)
            {
                var count = Math.Min(random.Next(300), data.Length - at);
                sha.Update(data, at, count);
                at += count;
            }
            var hash = new byte[40];
            sha.Finish(hash, 5);
            Assert.Equal(SHA256.HashData(data), hash[5..37]);
        }
    }

    [Fact]
    public void Reset_forgets_what_came_before()
    {
        var sha = new Sha256();
        sha.Update([1, 2, 3], 0, 3);
        sha.Reset();
        var hash = new byte[32];
        sha.Finish(hash, 0);

        Assert.Equal(SHA256.HashData([]), hash);
    }
}
