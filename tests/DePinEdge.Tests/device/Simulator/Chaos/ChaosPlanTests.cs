using System.Text.Json;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Tests.Device.Simulator.Chaos;

public class ChaosPlanTests
{
    [Fact]
    public void One_seed_gives_one_plan_and_another_seed_another()
    {
        Assert.Equal(Text(ChaosPlan.Draw(1, 12)), Text(ChaosPlan.Draw(1, 12)));
        Assert.NotEqual(Text(ChaosPlan.Draw(1, 12)), Text(ChaosPlan.Draw(2, 12)));
        Assert.NotEqual(Text(ChaosPlan.Draw(1, 12)), Text(ChaosPlan.Draw(1, 13)));
    }

    [Theory]
    [InlineData(ChaosPlan.BoardsMin)]
    [InlineData(12)]
    [InlineData(40)]
    public void Every_plan_has_every_kind_and_a_victim_with_nothing_else_wrong(int boards)
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var plan = ChaosPlan.Draw(seed, boards);
            Assert.Equal(Enum.GetValues<FaultKind>(), plan.Kinds());
            Assert.Equal(boards, plan.Boards.Count);
            Assert.Null(plan.Boards[plan.Victim].Habit);
            Assert.Empty(plan.Boards[plan.Victim].Link);
            Assert.Contains(plan.Liars, liar => liar.Share == 1);
            Assert.Contains(plan.Liars, liar => liar.Share < 1);
            Assert.All(plan.Boards, board => Assert.Equal(board.Link.OrderBy(fault => fault.AtChunk), board.Link));
        }
    }

    [Fact]
    public void Fewer_boards_than_a_chaos_needs_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ChaosPlan.Draw(1, ChaosPlan.BoardsMin - 1));

    [Theory]
    [InlineData(2, 0, false)]
    [InlineData(3, 0, true)]
    [InlineData(6, 1, false)]
    [InlineData(7, 1, true)]
    [InlineData(99, 2, false)]
    public void A_habit_strikes_from_its_first_batch_on_so_far_apart_and_so_often(long batch, int before, bool strikes) =>
        Assert.Equal(strikes, new Habit(FaultKind.Death, 3, 4, 2).Strikes(batch, before));

    private static string Text(ChaosPlan plan) => JsonSerializer.Serialize(plan);
}
