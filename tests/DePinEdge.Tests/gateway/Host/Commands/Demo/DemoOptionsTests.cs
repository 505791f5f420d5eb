using DePinEdge.Gateway.Host.Commands.Demo;
using DePinEdge.Simulator;

namespace DePinEdge.Tests.Gateway.Host.Commands.Demo;

public class DemoOptionsTests
{
    [Fact]
    public void The_defaults_are_the_documented_demo()
    {
        var options = new DemoOptions();
        Assert.Null(options.Problem());
        Assert.Equal((12, 2_000, 500, 1883, 8080), (options.Boards, options.TaskCount, options.Width, options.MqttPort, options.HttpPort));
        Assert.Equal(Pace.Board, options.PaceInForce);
        Assert.Equal(Pace.None, (options with { Once = true }).PaceInForce);
        Assert.Equal(Pace.None, (options with { Chaos = true }).PaceInForce);
        Assert.Equal(Pace.Board, (options with { Once = true, Pace = Pace.Board }).PaceInForce);
    }

    [Theory]
    [InlineData(1_000_000, 2_000, 500, 2_000)]
    [InlineData(1_000_000, 3, 333_334, 3)]
    [InlineData(10, 4, 3, 4)]
    [InlineData(10, 6, 2, 5)]
    [InlineData(10, 10, 1, 10)]
    public void Tasks_cover_the_range_and_no_task_is_empty(long limit, long tasks, long width, long count)
    {
        var options = new DemoOptions { Limit = limit, Tasks = tasks };
        Assert.Equal((width, count), (options.Width, options.TaskCount));
        Assert.True(width * count >= limit && width * (count - 1) < limit);
    }

    [Fact]
    public void Every_limit_is_held_at_its_edge_and_its_option_is_named()
    {
        var good = new DemoOptions();
        foreach (var (at, past, option) in (IEnumerable<(DemoOptions, DemoOptions, string)>)
            [
                (good with { Boards = 1 }, good with { Boards = 0 }, "--boards"),
                (good with { Boards = 1_000 }, good with { Boards = 1_001 }, "--boards"),
                (good with { Chaos = true, Boards = 6 }, good with { Chaos = true, Boards = 5 }, "--boards"),
                (good with { Limit = 2 }, good with { Limit = 1 }, "--limit"),
                (good with { Limit = 1_000_000_000, Tasks = 1_000 }, good with { Limit = 1_000_000_001, Tasks = 1_000 }, "--limit"),
                (good with { Tasks = 1 }, good with { Tasks = 0 }, "--tasks"),
                (good with { Limit = 1_000_001, Tasks = 2 }, good with { Limit = 1_000_001, Tasks = 1 }, "--tasks"),
                (good with { Limit = 10, Tasks = 10 }, good with { Limit = 10, Tasks = 11 }, "--tasks"),
                (good with { Limit = 500_000_000 }, good with { Limit = 500_000_001 }, "--tasks"),
                (good with { MqttPort = 0 }, good with { MqttPort = -1 }, "--mqtt-port"),
                (good with { HttpPort = 65_535 }, good with { HttpPort = 65_536 }, "--http-port"),
            ])
        {
            Assert.Null(at.Problem());
            Assert.Contains(option, past.Problem(), StringComparison.Ordinal);
        }
    }
}
