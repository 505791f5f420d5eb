// How a board comes by its programs: in pieces, checked, bounded, asked for again, given up.
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Tasks;
using DePinEdge.Agent.Wire;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Agent.Session;

public class ProgramTests
{
    [Fact]
    public void An_image_of_several_pieces_is_put_together_and_run()
    {
        var (bench, program) = With(TestPrograms.Echo(padding: 9000));
        bench.Gateway.SendBatch(1, program, 1000, [[5]]);
        bench.Run();

        Assert.Equal(0, bench.Gateway.Answers.Single().Trap[0]);
        var pieces = (program.Image.Length + FrameLimits.ChunkBytesMax - 1) / FrameLimits.ChunkBytesMax;
        Assert.Equal(3, pieces);
        Assert.Equal([0, 3840, 7680], bench.Gateway.Requests.Select(r => r.Offset));
        Assert.Equal(program.Image.Length - 7680, bench.Gateway.Requests[2].Count);
        // The next batch of the program needs no request.
        bench.Gateway.SendBatch(2, program, 1000, [[6]]);
        bench.Run();
        Assert.Equal(3, bench.Gateway.Requests.Count);
        Assert.Equal(2, bench.Gateway.Answers.Count());
    }

    [Fact]
    public void A_corrupt_piece_is_noticed_by_the_hash_and_the_image_fetched_again()
    {
        var (bench, program) = With(TestPrograms.Echo(padding: 9000));
        var chunks = 0;
        bench.Gateway.Tamper = chunk =>
        {
            if (++chunks == 2)
                chunk.Data[0] ^= 1;
        };
        bench.Gateway.SendBatch(1, program, 1000, [[5]]);
        bench.Run();

        Assert.Equal(1, bench.Agent.ImagesCorrupt);
        Assert.Equal(6, bench.Gateway.Requests.Count);
        Assert.Equal(TrapCode.None, bench.Gateway.Answers.Single().Trap[0]);
    }

    [Fact]
    public void An_image_that_stays_corrupt_is_given_up_and_its_batches_abandoned()
    {
        var (bench, program) = With(TestPrograms.Echo());
        bench.Gateway.Tamper = chunk => chunk.Data[^1] ^= 1;
        bench.Gateway.SendBatch(1, program, 1000, [[5], [6]]);
        bench.Gateway.SendBatch(2, program, 1000, [[7]]);
        bench.Run();

        Assert.Equal(3, bench.Agent.ImagesCorrupt);
        Assert.Equal([1L, 2], bench.Gateway.Answers.Select(r => r.BatchId));
        Assert.All(bench.Gateway.Answers, a => Assert.All(a.Trap[..a.Count], trap => Assert.Equal(TrapCode.Abandoned, trap)));
        Assert.Equal(2, bench.Gateway.Reports[^1].Window);
        // It is not held against the program for ever.
        bench.Gateway.Tamper = null;
        bench.Gateway.SendBatch(3, program, 1000, [[8]]);
        bench.Run();
        Assert.Equal(TrapCode.None, bench.Gateway.Answers.Last().Trap[0]);
    }

    [Fact]
    public void An_image_that_is_no_image_is_refused_although_its_hash_is_right()
    {
        var (bench, program) = With(TestPrograms.Echo());
        bench.Gateway.Tamper = chunk =>
        {
            chunk.Data = new byte[100];
            chunk.DataCount = chunk.Total = 100;
            chunk.ImageHash = Sha256.Of(chunk.Data, 0, 100);
        };
        bench.Gateway.SendBatch(1, program, 1000, [[5]]);
        bench.Run();

        Assert.Equal(1, bench.Agent.ImagesRefused);
        Assert.Equal(TrapCode.Abandoned, bench.Gateway.Answers.Single().Trap[0]);
    }

    [Fact]
    public void A_program_that_the_gateway_does_not_have_is_abandoned()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.SendBatch(1, TestPrograms.Echo(), 1000, [[5]]);
        bench.Run();

        Assert.Equal(TrapCode.Abandoned, bench.Gateway.Answers.Single().Trap[0]);
        Assert.Single(bench.Gateway.Requests);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 0)]
    public void An_image_may_be_as_large_as_the_board_said(int more, int runs)
    {
        var program = TestPrograms.Echo(padding: 500);
        var bench = BoardBench.Ready(o => o.ImageBytesMax = program.Image.Length + more);
        bench.Gateway.Offer(program);
        bench.Gateway.SendBatch(1, program, 1000, [[5]]);
        bench.Run();

        Assert.Equal(runs, bench.Agent.TasksDone);
        Assert.Equal(1 - runs, bench.Agent.ImagesRefused);
    }

    [Theory]
    [InlineData(16384, 1)]
    [InlineData(16383, 0)]
    public void A_program_may_ask_for_as_much_memory_as_the_board_said(int memoryBytesMax, int runs)
    {
        var bench = BoardBench.Ready(o => o.MemoryBytesMax = memoryBytesMax);
        var program = TestPrograms.Echo(memoryBytes: 16384);
        bench.Gateway.Offer(program);
        bench.Gateway.SendBatch(1, program, 1000, [[5]]);
        bench.Run();

        Assert.Equal(runs, bench.Agent.TasksDone);
        Assert.Equal(runs == 1 ? TrapCode.None : TrapCode.Abandoned, bench.Gateway.Answers.Single().Trap[0]);
    }

    [Fact]
    public void A_request_without_an_answer_is_repeated_and_then_given_up()
    {
        var (bench, program) = With(TestPrograms.Echo(), o => o.FetchRetryMs = 1000);
        bench.Gateway.ServesPrograms = false;
        bench.Gateway.SendBatch(1, program, 1_000_000, [[5]]);
        bench.Run();
        for (var asked = 1; asked < 3; asked++)
        {
            Assert.Equal(asked, bench.Gateway.Requests.Count);
            Assert.Equal(bench.Now + 1000, bench.Agent.NextWakeMs);
            bench.Now += 999;
            bench.Run();
            Assert.Equal(asked, bench.Gateway.Requests.Count);
            bench.Now++;
            bench.Run();
        }
        Assert.Equal(3, bench.Gateway.Requests.Count);
        Assert.Empty(bench.Gateway.Answers);
        bench.Now += 1000;
        bench.Run();
        Assert.Equal(3, bench.Gateway.Requests.Count);
        Assert.Equal(TrapCode.Abandoned, bench.Gateway.Answers.Single().Trap[0]);
    }

    [Fact]
    public void A_fetch_goes_on_in_the_next_session_where_it_stood()
    {
        var (bench, program) = With(TestPrograms.Echo(padding: 9000));
        bench.Gateway.SendBatch(1, program, 100000, [[5]]);
        bench.Deliver(bench.Gateway.Down.Dequeue());
        bench.Gateway.Receive(bench.Next()!);
        bench.Agent.Sent(true, bench.Now);
        bench.Deliver(bench.Gateway.Down.Dequeue());
        bench.Next();
        bench.Reconnect();
        bench.Run();

        Assert.Equal([0, 3840, 7680], bench.Gateway.Requests.Select(r => r.Offset));
        Assert.Equal(TrapCode.None, bench.Gateway.Answers.Single().Trap[0]);
    }

    [Fact]
    public void A_piece_that_nobody_asked_for_is_ignored_and_counted()
    {
        var (bench, program) = With(TestPrograms.Echo());
        bench.Gateway.Send(FrameKind.ProgramChunk, new ProgramChunk
        {
            ProgramHash = program.Hash,
            Total = 10,
            Data = new byte[10],
            DataCount = 10,
        }.Encode);
        bench.Pump();

        Assert.Equal(FrameStatus.Unexpected, bench.Agent.LastIgnoredStatus);
    }

    [Fact]
    public void The_least_recently_used_program_makes_room()
    {
        var bench = BoardBench.Ready();
        var programs = Enumerable.Range(0, 3).Select(i => TestPrograms.Echo(number: i)).ToArray();
        Assert.Equal(3, programs.Select(p => p.HashHex).Distinct().Count());
        foreach (var program in programs)
            bench.Gateway.Offer(program);
        var id = 1;
        int[] uses = [0, 1, 0, 2, 0, 1, 2];
        int[] fetches = [1, 2, 2, 3, 3, 4, 5];
        for (var i = 0; i < uses.Length; i++)
        {
            bench.Gateway.SendBatch(id++, programs[uses[i]], 1000, [[5]]);
            bench.Run();
            Assert.Equal(fetches[i], bench.Gateway.Requests.Count);
        }
        Assert.Equal(7, bench.Agent.TasksDone);
    }

    [Fact]
    public void A_batch_that_waits_for_its_program_does_not_hold_up_the_others()
    {
        var (bench, held) = With(TestPrograms.Echo());
        bench.Gateway.SendBatch(1, held, 100000, [[1]]);
        bench.Run();
        bench.Gateway.ServesPrograms = false;
        bench.Gateway.SendBatch(2, TestPrograms.Echo(number: 1), 100000, [[2]]);
        bench.Gateway.SendBatch(3, held, 100000, [[3]]);
        bench.Run();

        Assert.Equal([1L, 3], bench.Gateway.Answers.Select(r => r.BatchId));
    }

    [Fact]
    public void More_programs_than_places_take_turns()
    {
        var bench = BoardBench.Ready(o => o.Window = 8);
        var programs = Enumerable.Range(0, 8).Select(i => TestPrograms.Echo(number: i, padding: 4000)).ToArray();
        for (var i = 0; i < 8; i++)
        {
            bench.Gateway.Offer(programs[i]);
            bench.Gateway.SendBatch(i + 1, programs[i], 1000, [[(byte)i]]);
        }
        bench.Run();

        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), bench.Gateway.Answers.Select(r => r.BatchId));
        Assert.Equal(16, bench.Gateway.Requests.Count);
    }

    [Fact]
    public void A_fetch_ends_with_the_lease_of_the_last_batch_that_needs_it()
    {
        var (bench, program) = With(TestPrograms.Echo(), o => o.FetchRetryMs = 1000);
        bench.Gateway.ServesPrograms = false;
        bench.Gateway.SendBatch(1, program, 500, [[5]]);
        bench.Run();
        bench.Now += 500;
        bench.Agent.Work(1000, bench.Now);
        bench.Now += 1000;
        bench.Run();

        Assert.Single(bench.Gateway.Requests);
        Assert.Equal(1, bench.Agent.BatchesExpired);
    }

    private static (BoardBench Bench, LoadedProgram Program) With(LoadedProgram program, Action<AgentOptions>? configure = null)
    {
        var bench = BoardBench.Ready(configure);
        bench.Gateway.Offer(program);
        return (bench, program);
    }
}
