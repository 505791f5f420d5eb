// The steady state of a board: batches, reports and telemetry without allocating.
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Session;

public class AllocationTests
{
    [Fact]
    public void An_agent_with_a_window_of_two_takes_about_forty_kilobytes()
    {
        var bench = new BoardBench();
        var before = GC.GetAllocatedBytesForCurrentThread();
        bench.Boot();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(AgentState.NeedsCode, bench.Agent.State);
        Assert.InRange(bytes, 38_000, 43_000);
    }

    [Fact]
    public void Batches_and_telemetry_in_the_steady_state_allocate_nothing()
    {
        var bench = BoardBench.Ready(o => o.ReportIntervalMs = 1000);
        var program = TestPrograms.Echo();
        bench.Gateway.Offer(program);
        var inputs = Enumerable.Range(0, 8).Select(i => new byte[] { (byte)i }).ToArray();
        long id = 1;
        Rounds(50);
        var warm = bench.Allocated;

        Rounds(200);

        Assert.Equal(250, bench.Agent.BatchesDone);
        Assert.Equal(0, bench.Allocated - warm);

        void Rounds(int count)
        {
            for (var i = 0; i < count; i++)
            {
                bench.Now += 700;
                bench.Gateway.SendBatch(id++, program, 1000, inputs);
                bench.Run();
                if (i % 100 == 0)
                    bench.Gateway.Send(FrameKind.Resend, new Resend { FromSeq = bench.Gateway.Chains!.Up.NextSeq - 1 }.Encode);
            }
        }
    }
}
