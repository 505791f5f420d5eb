using DePinEdge.Gateway.Flow;

namespace DePinEdge.Tests.Gateway.Flow;

public sealed class InvariantTests
{
    [Fact]
    public void Broken_invariant_throws_with_its_message()
    {
        var number = 7;
        Assert.Equal("seven is 7, 0x7", Assert.Throws<InvariantException>(() => Invariant.Require(number == 8, $"seven is {number}, 0x{number:x}")).Message);
        Assert.Equal("plain", Assert.Throws<InvariantException>(() => Invariant.Require(number == 8, "plain")).Message);
    }

    [Fact]
    public void Message_of_an_invariant_that_holds_is_not_put_together()
    {
        var asked = 0;
        Invariant.Require(asked == 0, $"{++asked}");
        Assert.Equal(0, asked);
        Invariant.Require(asked == 0, "plain");
    }
}
