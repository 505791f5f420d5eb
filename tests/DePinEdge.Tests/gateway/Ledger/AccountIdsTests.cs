using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;

namespace DePinEdge.Tests.Gateway.Ledger;

public sealed class AccountIdsTests
{
    [Fact]
    public void Accounts_are_named_as_documented()
    {
        Assert.Equal("sys:treasury", AccountIds.Treasury);
        Assert.Equal("sys:escrow:j7", AccountIds.Escrow(new JobId(7)));
        Assert.Equal("sys:reserve:j7", AccountIds.Reserve(new JobId(7)));
        Assert.Equal("req:ada", AccountIds.Requester("ada"));
        Assert.Equal("dev:esp32-01:held", AccountIds.Held(new DeviceId("esp32-01")));
        Assert.Equal("dev:esp32-01", AccountIds.Available(new DeviceId("esp32-01")));
    }

    [Theory]
    [InlineData("sys:treasury", AccountClass.Treasury)]
    [InlineData("sys:escrow:j7", AccountClass.Escrow)]
    [InlineData("sys:reserve:j7", AccountClass.Reserve)]
    [InlineData("req:ada", AccountClass.Requester)]
    [InlineData("dev:esp32-01", AccountClass.Available)]
    [InlineData("dev:esp32-01:held", AccountClass.Held)]
    [InlineData("dev:held", AccountClass.Available)] // a board named held
    [InlineData("dev:held:held", AccountClass.Held)]
    [InlineData("", AccountClass.Unknown)]
    [InlineData("sys:fee", AccountClass.Unknown)]
    [InlineData("sys:treasury ", AccountClass.Unknown)]
    [InlineData("sys:escrow:7", AccountClass.Unknown)]
    [InlineData("sys:escrow:j07", AccountClass.Unknown)]
    [InlineData("sys:escrow:j0", AccountClass.Unknown)]
    [InlineData("sys:reserve:", AccountClass.Unknown)]
    [InlineData("req:", AccountClass.Unknown)]
    [InlineData("req:Ada", AccountClass.Unknown)]
    [InlineData("dev:", AccountClass.Unknown)]
    [InlineData("dev::held", AccountClass.Unknown)]
    [InlineData("dev:a:held:held", AccountClass.Unknown)]
    [InlineData("own:ada", AccountClass.Unknown)]
    public void Class_is_read_from_the_name_alone(string account, AccountClass expected)
    {
        Assert.Equal(expected, AccountIds.ClassOf(account));
        Assert.Equal(expected is AccountClass.Held or AccountClass.Available, AccountIds.TryGetDevice(account, out var device));
        if (expected == AccountClass.Held)
            Assert.Equal(account, AccountIds.Held(device));
    }
}
