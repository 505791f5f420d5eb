using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Telemetry;

namespace DePinEdge.Tests.Gateway.Telemetry;

public class RecentReceiptsTests
{
    private readonly RecentReceipts recent = new();

    [Fact]
    public void Lines_of_one_batch_and_reason_are_one_entry()
    {
        recent.Add(1, "a", "b1", "j1", ReasonCode.Paid, 10, 3);
        recent.Add(1, "a", "b1", "j1", ReasonCode.WrongFuel, 7, 0);
        recent.Add(2, "a", "b1", "j1", ReasonCode.Paid, 5, 2);
        Assert.Equal(
            [new BatchReceiptView(2, "a", "b1", "j1", "PAID", 2, 15, 5), new BatchReceiptView(1, "a", "b1", "j1", "WRONG_FUEL", 1, 7, 0)],
            recent.Newest());
    }

    [Fact]
    public void Past_the_limit_the_oldest_of_its_sort_goes_and_refusals_are_not_washed_away()
    {
        recent.Add(0, "liar", "b0", "j1", ReasonCode.WrongOutput, 1, 0);
        for (var i = 1; i <= RecentReceipts.EachMost; i++)
            recent.Add(i, "a", "b" + i, "j1", ReasonCode.Paid, 1, 1);
        Assert.Equal(RecentReceipts.EachMost + 1, recent.Newest().Count);
        Assert.Contains(recent.Newest(), entry => entry.Batch == "b1");
        recent.Add(99, "a", "b99", "j1", ReasonCode.Paid, 1, 1);
        Assert.Equal(RecentReceipts.EachMost + 1, recent.Newest().Count);
        Assert.DoesNotContain(recent.Newest(), entry => entry.Batch == "b1");
        Assert.Equal(("b99", "b0"), (recent.Newest()[0].Batch, recent.Newest()[^1].Batch));
    }
}
