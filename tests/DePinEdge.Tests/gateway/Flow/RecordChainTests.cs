using System.Security.Cryptography;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Flow;

public sealed class RecordChainTests
{
    [Fact]
    public void Head_is_the_hash_of_the_head_before_and_the_record()
    {
        var chain = new RecordChain();
        Assert.Equal(new byte[32], chain.Head);
        chain.Append([1, 2]);
        var first = SHA256.HashData([.. new byte[32], 1, 2]);
        Assert.Equal(first, chain.Head);
        chain.Append([]);
        Assert.Equal(SHA256.HashData(first), chain.Head);
        Assert.Equal(2, chain.Count);
    }

    [Fact]
    public void Resumed_chain_goes_on_as_if_it_had_never_stopped()
    {
        var whole = new RecordChain();
        whole.Append([1]);
        var resumed = new RecordChain();
        resumed.Resume(whole.Count, whole.Head);
        whole.Append([2]);
        resumed.Append([2]);
        Assert.Equal((whole.Count, Convert.ToHexString(whole.Head)), (resumed.Count, Convert.ToHexString(resumed.Head)));
        Assert.Throws<InvariantException>(() => resumed.Resume(0, new byte[31]));
    }

    [Fact]
    public void Head_that_was_handed_out_is_a_copy()
    {
        var chain = new RecordChain();
        chain.Head[0] = 1;
        Assert.Equal(new byte[32], chain.Head);
    }
}
