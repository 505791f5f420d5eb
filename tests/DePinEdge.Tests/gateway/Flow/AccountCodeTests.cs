using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Flow;

public class AccountCodeTests
{
    [Theory]
    [InlineData("sys:treasury", 1)]
    [InlineData("sys:escrow:j7", 2)]
    [InlineData("sys:reserve:j127", 2)]
    [InlineData("sys:reserve:j128", 3)]
    [InlineData("req:alice", 7)]
    [InlineData("dev:porch", 7)]
    [InlineData("dev:porch:held", 7)]
    [InlineData("own:bob", 9)]
    [InlineData("sys:escrow:j07", 16)]
    [InlineData("sys:escrow:j", 14)]
    [InlineData("dev::held", 2)]
    [InlineData("", 2)]
    public void Every_name_comes_back_and_the_common_ones_are_short(string account, int bytes)
    {
        var w = new RecordWriter();
        new Transferred(TransferKind.Post, 0, account, "sys:treasury", 0).WriteFields(w);
        Assert.Equal(4 + bytes, w.Count);
        var r = new RecordReader(w.Written);
        Assert.Equal(account, Transferred.Read(ref r).Debit);
        r.End();
    }

    [Theory]
    [InlineData("00-0C-7379733A7472656173757279", "a whole name that has a tag")]
    [InlineData("06-08-6162633A68656C64", "an available account under a held one's name")]
    [InlineData("07-00", "an unknown tag")]
    public void A_name_in_another_encoding_is_refused(string hex, string why)
    {
        var field = Convert.FromHexString(hex.Replace("-", ""));
        byte[] record = [4, 0, .. field, 1, 1];
        Assert.Throws<CorruptRecordException>(() =>
        {
            var r = new RecordReader(record);
            Transferred.Read(ref r);
        });
        Assert.NotEmpty(why);
    }
}
