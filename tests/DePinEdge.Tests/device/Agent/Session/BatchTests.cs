// Batches from arrival to answer: run right, run once, and every way not to be run.
using System.Buffers.Binary;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Tasks;
using DePinEdge.Agent.Wire;
using EngineRunner = DePinEdge.Tasks.TaskRunner;

namespace DePinEdge.Tests.Device.Agent.Session;

public class BatchTests
{
    [Fact]
    public void A_real_program_gives_what_the_engine_gives()
    {
        var bench = BoardBench.Ready();
        var program = TestPrograms.Primes();
        bench.Gateway.Offer(program);
        byte[] tail = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, 500);
        BinaryPrimitives.WriteUInt64LittleEndian(tail.AsSpan(4), 1_000_000);
        var inputs = Enumerable.Range(0, 32).Select(i => BitConverter.GetBytes((long)i * 7)).ToArray();
        bench.Gateway.SendBatch(1, program, 60000, inputs, tail, program.Manifest.FuelMax);
        bench.Run();

        var answer = bench.Gateway.Answers.Single();
        var engine = new EngineRunner(program);
        Assert.Equal(32, answer.Count);
        for (var i = 0; i < 32; i++)
        {
            var expected = engine.Run(inputs[i], tail, program.Manifest.FuelMax, TestContext.Current.CancellationToken);
            Assert.Equal(100 + i, answer.TaskId[i]);
            Assert.Equal(expected.Status, answer.Status[i]);
            Assert.Equal(expected.Trap, answer.Trap[i]);
            Assert.Equal(expected.Fuel, answer.Fuel[i]);
            Assert.Equal(expected.Output, answer.Output[answer.OutputOffset[i]..(answer.OutputOffset[i] + answer.OutputCount[i])]);
        }
        Assert.Equal(95u, BinaryPrimitives.ReadUInt32LittleEndian(answer.Output.AsSpan(answer.OutputOffset[0])));
        Assert.Equal(32, bench.Agent.TasksDone);
        Assert.Equal(1, bench.Agent.BatchesDone);
        Assert.Equal(2, answer.Window);
    }

    [Fact]
    public void A_redelivered_batch_is_answered_from_memory_until_its_lease_has_passed()
    {
        var (bench, program) = WithEcho();
        bench.Gateway.SendBatch(1, program, 1000, [[1], [2]]);
        bench.Run();
        Assert.Equal(2, bench.Agent.TasksDone);

        bench.Now += 999;
        bench.Gateway.SendBatch(1, program, 1000, [[1], [2]]);
        bench.Run();
        Assert.Equal(2, bench.Agent.TasksDone);
        Assert.Equal(1, bench.Agent.BatchesRepeated);
        Assert.Equal([1L, 1], bench.Gateway.Answers.Select(r => r.BatchId));
        Assert.Equal(Outputs(bench.Gateway.Answers.First()), Outputs(bench.Gateway.Answers.Last()));

        bench.Now++;
        bench.Gateway.SendBatch(1, program, 1000, [[1], [2]]);
        bench.Run();
        Assert.Equal(4, bench.Agent.TasksDone);
        Assert.Equal(3, bench.Gateway.Answers.Count());
    }

    [Fact]
    public void A_batch_redelivered_while_it_waits_is_run_once_under_the_new_lease()
    {
        var (bench, program) = WithEcho();
        bench.Gateway.SendBatch(1, program, 1000, [[1]]);
        bench.Pump();
        bench.Now += 900;
        bench.Gateway.SendBatch(1, program, 1000, [[1]]);
        bench.Pump();
        bench.Now += 500;
        bench.Run();

        Assert.Single(bench.Gateway.Answers);
        Assert.Equal(0, bench.Agent.BatchesExpired);
        Assert.Equal(1, bench.Agent.TasksDone);
    }

    [Theory]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    [InlineData(1001, 1)]
    public void A_batch_whose_lease_has_passed_is_dropped(int waitMs, int dropped)
    {
        var (bench, program) = WithEcho();
        bench.Gateway.SendBatch(1, program, 1000, [[1]]);
        bench.Pump();
        var before = bench.Gateway.Reports.Count;
        bench.Now += waitMs;
        bench.Run();
        bench.Agent.Work(1000, bench.Now);
        bench.Run();

        Assert.Equal(dropped, bench.Agent.BatchesExpired);
        Assert.Equal(1 - dropped, bench.Gateway.Answers.Count());
        Assert.Equal(before + 1, bench.Gateway.Reports.Count);
        Assert.Equal(2, bench.Gateway.Reports[^1].Window);
    }

    [Fact]
    public void A_batch_whose_lease_passes_during_its_run_is_dropped_at_once()
    {
        var bench = BoardBench.Ready();
        var program = TestPrograms.Endless();
        bench.Gateway.Offer(program);
        bench.Gateway.SendBatch(1, program, 1000, [[1]], fuelLimit: 1_000_000_000);
        bench.Pump();
        Assert.InRange(bench.Agent.Work(1000, bench.Now), 1000, 1100);
        bench.Now += 999;
        Assert.InRange(bench.Agent.Work(1000, bench.Now), 1000, 1100);
        bench.Now++;
        Assert.Equal(0, bench.Agent.Work(1000, bench.Now));
        Assert.Equal(1, bench.Agent.BatchesExpired);
        Assert.False(bench.Agent.HasWork);
    }

    [Fact]
    public void The_window_is_what_the_board_takes_and_one_more_is_abandoned()
    {
        var (bench, program) = WithEcho();
        for (var id = 1; id <= 3; id++)
            bench.Gateway.SendBatch(id, program, 1000, [[(byte)id]]);
        bench.Pump();
        Assert.Equal(2, bench.Agent.QueuedBatches);

        var refused = bench.Gateway.Answers.Single();
        Assert.Equal(3, refused.BatchId);
        Assert.Equal(TrapCode.Abandoned, refused.Trap[0]);
        Assert.Equal(300, refused.TaskId[0]);
        Assert.Equal(0, refused.Window);
        bench.Run();
        Assert.Equal([3L, 1, 2], bench.Gateway.Answers.Select(r => r.BatchId));
        Assert.Equal(1, bench.Agent.BatchesAbandoned);
    }

    [Fact]
    public void An_answer_that_was_not_acknowledged_goes_out_again_in_the_next_session()
    {
        var (bench, program) = WithEcho();
        bench.Gateway.SendBatch(1, program, 100000, [[42]]);
        bench.Pump();
        while (bench.Agent.HasWork)
            bench.Agent.Work(1000, bench.Now);
        Assert.NotNull(bench.Next());
        bench.Reconnect();

        Assert.Equal([FrameKind.Birth, FrameKind.Report], bench.Gateway.Kinds[^2..]);
        var answer = bench.Gateway.Answers.Single();
        Assert.Equal([42], Outputs(answer)[0]);
        bench.Reconnect();
        Assert.Single(bench.Gateway.Answers);
    }

    [Fact]
    public void An_acknowledged_resend_of_another_frame_does_not_settle_an_answer()
    {
        var (bench, program) = WithEcho();
        bench.Gateway.SendBatch(1, program, 100000, [[42]]);
        bench.Pump();
        while (bench.Agent.HasWork)
            bench.Agent.Work(1000, bench.Now);
        Assert.NotNull(bench.Next());
        bench.Agent.Sent(false, bench.Now);
        bench.Gateway.Send(FrameKind.Resend, new Resend { FromSeq = 1 }.Encode);
        bench.Deliver(bench.Gateway.Down.Dequeue());
        Assert.Equal(1u, FrameChain.SeqOf(bench.Next()!, 0));
        bench.Agent.Sent(true, bench.Now);
        bench.Reconnect();

        Assert.Equal([42], Outputs(bench.Gateway.Answers.Single())[0]);
    }

    [Fact]
    public void Work_goes_on_without_a_link()
    {
        var (bench, program) = WithEcho();
        bench.Gateway.SendBatch(1, program, 100000, [[1], [2]]);
        bench.Pump();
        bench.Agent.Disconnected(bench.Now);
        while (bench.Agent.HasWork)
            bench.Agent.Work(1000, bench.Now);
        Assert.Equal(2, bench.Agent.TasksDone);
        Assert.True(bench.Connect());
        Assert.Equal(2, bench.Gateway.Answers.Single().Count);
    }

    [Fact]
    public void Inputs_and_tail_reach_the_program_whole()
    {
        var (bench, program) = WithEcho();
        byte[] tail = [7, 8, 9];
        bench.Gateway.SendBatch(1, program, 1000, [[], [1], [.. Enumerable.Range(0, 253).Select(i => (byte)i)]], tail);
        bench.Run();

        var outputs = Outputs(bench.Gateway.Answers.Single());
        Assert.Equal(tail, outputs[0]);
        Assert.Equal([1, .. tail], outputs[1]);
        Assert.Equal(256, outputs[2].Length);
        Assert.Equal(tail, outputs[2][253..]);
    }

    [Fact]
    public void An_output_past_its_limit_is_the_programs_trap()
    {
        var (bench, program) = WithEcho();
        bench.Gateway.SendBatch(1, program, 1000, [new byte[256], new byte[257], new byte[1024]]);
        bench.Run();

        var answer = bench.Gateway.Answers.Single();
        Assert.Equal([TrapCode.None, TrapCode.Host, TrapCode.Host], answer.Trap[..3]);
        Assert.Equal(1, bench.Agent.TasksDone);
        Assert.Equal(2, bench.Agent.TasksFailed);
    }

    [Fact]
    public void Results_that_no_longer_fit_one_report_are_abandoned_and_the_rest_is_kept()
    {
        var (bench, program) = WithEcho();
        bench.Gateway.SendBatch(1, program, 1000, [.. Enumerable.Repeat(Array.Empty<byte>(), 32)], new byte[256]);
        bench.Run();
        var answer = bench.Gateway.Answers.Single();
        Assert.Equal(32, answer.Count);
        Assert.Equal(10, answer.Trap.Count(trap => trap == TrapCode.None));
        Assert.Equal(22, answer.Trap.Count(trap => trap == TrapCode.Abandoned));

        // As many as the packer is told to send are all kept.
        bench.Gateway.SendBatch(2, program, 1000, [.. Enumerable.Repeat(Array.Empty<byte>(), FrameLimits.TasksThatFit(256))], new byte[256]);
        bench.Run();
        Assert.All(bench.Gateway.Answers.Last().Trap[..13], trap => Assert.Equal(TrapCode.None, trap));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void Slices_of_any_size_give_the_same_answer(int slice)
    {
        var bench = BoardBench.Ready();
        var program = TestPrograms.Endless();
        bench.Gateway.Offer(program);
        bench.Gateway.SendBatch(1, program, 1000, [[1], [2]], fuelLimit: 5000);
        bench.Run(slice);

        var answer = bench.Gateway.Answers.Single();
        Assert.Equal([TrapCode.OutOfFuel, TrapCode.OutOfFuel], answer.Trap[..2]);
        Assert.Equal([5000L, 5000], answer.Fuel[..2]);
    }

    [Fact]
    public void A_batch_of_33_tasks_is_ignored_and_named()
    {
        var (bench, program) = WithEcho();
        var bytes = TestGateway.MessageBytes(TestGateway.MakeBatch(1, program, 1000, [.. Enumerable.Repeat(new byte[] { 1 }, 32)]).Encode);
        bench.Gateway.SendBytes(FrameKind.Batch, [.. bytes, 0x32, 2, 8, 1]);
        bench.Run();
        Assert.Equal(FrameStatus.BadBody, bench.Agent.LastIgnoredStatus);
        Assert.Empty(bench.Gateway.Answers);
        bench.Gateway.SendBytes(FrameKind.Batch, bytes);
        bench.Run();
        Assert.Equal(32, bench.Gateway.Answers.Single().Count);
    }

    [Fact]
    public void Answers_that_cannot_leave_hold_the_next_batch_and_lose_nothing()
    {
        var (bench, program) = WithEcho();
        // Three answers of nearly a frame each; the ring holds two.
        byte[] tail = new byte[250];
        var inputs = Enumerable.Repeat(Array.Empty<byte>(), 13).ToArray();
        bench.Gateway.SendBatch(1, program, 100000, inputs, tail);
        bench.Gateway.SendBatch(2, program, 100000, inputs, tail);
        bench.Pump();
        Drain(bench);
        bench.Gateway.SendBatch(3, program, 100000, inputs, tail);
        while (bench.Gateway.Down.TryDequeue(out var down))
            bench.Deliver(down);
        Drain(bench);
        Assert.Equal(2, bench.Agent.BatchesDone);
        Assert.Equal(39, bench.Agent.TasksDone);
        bench.Run();

        Assert.Equal([1L, 2, 3], bench.Gateway.Answers.Select(r => r.BatchId));
        Assert.Equal(3, bench.Agent.BatchesDone);
        Assert.Equal(0, bench.Agent.AnswersLost);

        static void Drain(BoardBench bench)
        {
            for (var i = 0; i < 1000 && bench.Agent.HasWork; i++)
                bench.Agent.Work(100000, bench.Now);
            Assert.False(bench.Agent.HasWork);
        }
    }

    private static (BoardBench Bench, DePinEdge.Tasks.LoadedProgram Program) WithEcho()
    {
        var bench = BoardBench.Ready();
        var program = TestPrograms.Echo();
        bench.Gateway.Offer(program);
        return (bench, program);
    }

    private static byte[][] Outputs(Report report) =>
        [.. Enumerable.Range(0, report.Count).Select(i => report.Output[report.OutputOffset[i]..(report.OutputOffset[i] + report.OutputCount[i])])];
}
