using DePinEdge.Agent.Tasks;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Tests.Device.Simulator.Chaos;

public class LiarTests
{
    private static readonly Answer Truth = new(7, [Task(0, 100, 1), Task(1, 200, 2), Task(2, 300, 3)]);

    [Theory]
    [InlineData(FaultKind.RandomOutput)]
    [InlineData(FaultKind.WrongFuel)]
    [InlineData(FaultKind.WrongStatus)]
    public void Every_task_is_lied_about_in_the_liars_one_way(FaultKind kind)
    {
        var (said, lies) = new Liar("liar-01", kind, 1, 5, new Market()).Instead(Truth);
        Assert.Equal((7, 3, 3), (said.Batch, said.Tasks.Length, lies.Count));
        foreach (var (task, lie, truth) in said.Tasks.Zip(lies, Truth.Tasks))
        {
            Assert.Equal(("liar-01", 7L, kind, false), (lie.Device, lie.Batch, lie.Kind, lie.Acknowledged));
            Assert.Same(task, lie.Said);
            Assert.Equal(truth.Task, task.Task);
            Assert.Equal(kind == FaultKind.RandomOutput, !truth.Output.AsSpan().SequenceEqual(task.Output));
            Assert.Equal(kind == FaultKind.WrongFuel, truth.Fuel < task.Fuel);
            Assert.Equal(kind == FaultKind.WrongStatus, (truth.Status, truth.Trap) != (task.Status, task.Trap));
            Assert.NotEqual(TrapCode.Abandoned, task.Trap);
        }
    }

    [Fact]
    public void A_copier_takes_the_task_before_and_a_copy_that_is_right_is_no_lie()
    {
        var liar = new Liar("liar-01", FaultKind.CopiedTask, 1, 5, new Market());
        // The first task of all has nothing before it.
        var (said, lies) = liar.Instead(Truth);
        Assert.Equal([100, 100, 200], said.Tasks.Select(task => task.Fuel));
        Assert.Equal([1, 2], lies.Select(lie => lie.Said.Task));
        // The next batch's first task has the last one of this; the second says the same as the first, so the copy is true.
        (said, lies) = liar.Instead(new Answer(8, [Task(3, 50, 4), Task(4, 50, 4)]));
        Assert.Equal([300, 50], said.Tasks.Select(task => task.Fuel));
        Assert.Equal(3, Assert.Single(lies).Said.Task);
    }

    [Fact]
    public void A_copier_of_boards_takes_from_others_only()
    {
        var market = new Market();
        var liar = new Liar("liar-01", FaultKind.CopiedBoard, 1, 5, market);
        market.Offer("liar-01", new Answer(6, [Task(9, 999, 9)]));
        Assert.Empty(liar.Instead(Truth).Lies);
        market.Offer("esp32-01", new Answer(5, [Task(8, 888, 8)]));
        var (said, lies) = liar.Instead(Truth with { Batch = 9 });
        Assert.Equal(3, lies.Count);
        Assert.All(said.Tasks, task => Assert.Equal((888L, 8), (task.Fuel, (int)task.Output[0])));
        Assert.Equal([0, 1, 2], said.Tasks.Select(task => task.Task));
    }

    [Fact]
    public void What_was_said_of_a_batch_is_said_again()
    {
        var market = new Market();
        market.Offer("esp32-01", new Answer(5, [Task(8, 888, 8)]));
        var liar = new Liar("liar-01", FaultKind.CopiedBoard, 1, 5, market);
        var first = liar.Instead(Truth);
        market.Offer("esp32-02", new Answer(6, [Task(9, 777, 9)]));
        Assert.Same(first.Said, liar.Instead(Truth).Said);
    }

    [Fact]
    public void A_task_that_was_given_up_is_not_lied_about()
    {
        var given = new Answer(7, [new TaskAnswer(0, 0, TrapCode.Abandoned, 0, [])]);
        Assert.Empty(new Liar("liar-01", FaultKind.RandomOutput, 1, 5, new Market()).Instead(given).Lies);
    }

    [Fact]
    public void A_patient_liar_lies_in_its_share_and_the_same_seed_lies_the_same()
    {
        int Lies(ulong seed) => Enumerable.Range(0, 1_000).Sum(
            batch => new Liar("liar-01", FaultKind.WrongFuel, 0.25, seed, new Market()).Instead(Truth with { Batch = batch }).Lies.Count);
        Assert.InRange(Lies(1), 650, 850);
        Assert.Equal(Lies(1), Lies(1));
        Assert.Empty(new Liar("liar-01", FaultKind.WrongFuel, 0, 5, new Market()).Instead(Truth).Lies);
    }

    private static TaskAnswer Task(long task, long fuel, byte output) => new(task, 0, TrapCode.None, fuel, [output, 0, 0, 0]);
}
