// A session under bad conditions: forged, repeated, missing and unexpected frames; resends, telemetry, commands, Goodbye.
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Session;

public class SessionTests
{
    [Fact]
    public void A_forged_down_frame_is_ignored_counted_and_reported()
    {
        var bench = BoardBench.Ready();
        var program = TestPrograms.Echo();
        bench.Gateway.Offer(program);
        bench.Gateway.SendBatch(1, program, 10000, [[1, 2, 3]]);
        var genuine = bench.Gateway.Down.Dequeue();
        var forged = (byte[])genuine.Clone();
        forged[^1] ^= 1;
        bench.Deliver(forged);
        Assert.Equal(1, bench.Agent.FramesIgnored);
        Assert.Equal(FrameStatus.BadMac, bench.Agent.LastIgnoredStatus);

        bench.Deliver(genuine);
        bench.Run();
        var answer = bench.Gateway.Answers.Single();
        Assert.Equal(1, answer.FramesIgnored);
        Assert.Equal(FrameStatus.BadMac, answer.LastIgnoredStatus);
        Assert.False(bench.Agent.ReconnectWanted);
    }

    [Fact]
    public void Frames_of_a_recorded_session_are_ignored_in_the_next()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.SendCommand(1, CommandName.Reboot);
        var recorded = bench.Gateway.Down.Dequeue();
        bench.Reconnect();
        bench.Deliver(recorded);

        Assert.Equal(1, bench.Agent.FramesIgnored);
        Assert.Equal(FrameStatus.BadMac, bench.Agent.LastIgnoredStatus);
        Assert.Empty(bench.Gateway.Replies);
        Assert.False(bench.Agent.RebootWanted);
    }

    [Fact]
    public void A_frame_delivered_twice_counts_once()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.SendCommand(1, CommandName.Identify);
        var frame = bench.Gateway.Down.Dequeue();
        bench.Deliver(frame);
        bench.Deliver(frame);
        bench.Pump();

        Assert.Equal(FrameStatus.Duplicate, bench.Agent.LastIgnoredStatus);
        Assert.Single(bench.Gateway.Replies);
    }

    [Fact]
    public void A_gap_asks_for_a_new_session()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.SendCommand(1, CommandName.Identify);
        bench.Gateway.Down.Clear();
        bench.Gateway.SendCommand(2, CommandName.Identify);
        bench.Pump();

        Assert.Equal(FrameStatus.Gap, bench.Agent.LastIgnoredStatus);
        Assert.True(bench.Agent.ReconnectWanted);
        Assert.Empty(bench.Gateway.Replies);
        bench.Reconnect();
        Assert.False(bench.Agent.ReconnectWanted);
    }

    [Fact]
    public void Only_a_genuine_Welcome_opens_a_session()
    {
        var bench = new BoardBench().Join();
        Assert.True(bench.Agent.PrepareConnect());
        Assert.True(bench.Gateway.Login(bench.Agent.UserName, bench.Agent.Password));
        bench.Agent.Connected(bench.Now);
        bench.Gateway.OpenSession();
        var welcome = bench.Gateway.Down.Dequeue();
        var forged = (byte[])welcome.Clone();
        forged[^1] ^= 1;

        bench.Deliver(forged);
        Assert.Equal(FrameStatus.BadMac, bench.Agent.LastIgnoredStatus);
        bench.Gateway.SendCommand(1, CommandName.Identify);
        bench.Deliver(bench.Gateway.Down.Dequeue());
        Assert.Equal(FrameStatus.Unexpected, bench.Agent.LastIgnoredStatus);
        Assert.Equal(AgentState.Opening, bench.Agent.State);
        Assert.Null(bench.Next());
        bench.Deliver(welcome);
        Assert.Equal(AgentState.Ready, bench.Agent.State);
        bench.Deliver(welcome);
        Assert.Equal(FrameStatus.Duplicate, bench.Agent.LastIgnoredStatus);
    }

    [Fact]
    public void Without_a_Welcome_within_30_seconds_the_board_connects_anew()
    {
        var bench = new BoardBench().Join();
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        Assert.Equal(bench.Now + 30000, bench.Agent.NextWakeMs);
        bench.Now += 29999;
        bench.Next();
        Assert.False(bench.Agent.ReconnectWanted);
        bench.Now++;
        bench.Next();
        Assert.True(bench.Agent.ReconnectWanted);
    }

    [Fact]
    public void A_publish_that_was_not_acknowledged_is_repeated_byte_for_byte()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.SendCommand(1, CommandName.Identify);
        bench.Deliver(bench.Gateway.Down.Dequeue());
        var first = bench.Next();
        Assert.Null(bench.Next());
        bench.Agent.Sent(false, bench.Now);
        var second = bench.Next();

        Assert.Equal(first, second);
        bench.Gateway.Receive(first!);
        bench.Gateway.Receive(second!);
        Assert.Equal([FrameStatus.Ok, FrameStatus.Duplicate], bench.Gateway.Statuses[^2..]);
        bench.Agent.Sent(true, bench.Now);
        Assert.Null(bench.Next());
    }

    [Fact]
    public void Missing_frames_are_sent_again_as_they_were()
    {
        var bench = BoardBench.Ready();
        var lost = new List<byte[]>();
        for (var id = 1; id <= 3; id++)
        {
            bench.Gateway.SendCommand(id, CommandName.Identify);
            bench.Deliver(bench.Gateway.Down.Dequeue());
            lost.Add(bench.Next()!);
            bench.Agent.Sent(true, bench.Now);
        }
        bench.Gateway.Receive(lost[2]);
        Assert.Equal(FrameStatus.Gap, bench.Gateway.Statuses[^1]);
        var from = bench.Gateway.Chains!.Up.NextSeq;

        bench.Gateway.Send(FrameKind.Resend, new Resend { FromSeq = from }.Encode);
        bench.Pump();

        Assert.Equal(lost, bench.Gateway.Received[^3..]);
        Assert.Equal([1L, 2, 3], bench.Gateway.Replies.Select(r => r.Id));
    }

    [Fact]
    public void A_resend_names_its_last_frame_and_what_lies_ahead_is_left_out()
    {
        var bench = BoardBench.Ready();
        var before = bench.Gateway.Received.Count;
        bench.Gateway.Send(FrameKind.Resend, new Resend { FromSeq = 1, ToSeq = 1 }.Encode);
        bench.Pump();
        Assert.Equal(before + 1, bench.Gateway.Received.Count);
        bench.Gateway.Send(FrameKind.Resend, new Resend { FromSeq = 2, ToSeq = 1000 }.Encode);
        bench.Pump();
        Assert.Equal(before + 2, bench.Gateway.Received.Count);
        bench.Gateway.Send(FrameKind.Resend, new Resend { FromSeq = 1000, ToSeq = 2000 }.Encode);
        bench.Pump();
        Assert.Equal(before + 2, bench.Gateway.Received.Count);
        Assert.False(bench.Agent.ReconnectWanted);
    }

    [Fact]
    public void A_frame_that_is_no_longer_kept_needs_a_new_session()
    {
        var bench = BoardBench.Ready();
        for (var id = 1; id <= 32; id++)
        {
            bench.Gateway.SendCommand(id, CommandName.Identify);
            bench.Pump();
        }
        bench.Gateway.Send(FrameKind.Resend, new Resend { FromSeq = 3, ToSeq = 3 }.Encode);
        bench.Pump();
        Assert.False(bench.Agent.ReconnectWanted);

        bench.Gateway.Send(FrameKind.Resend, new Resend { FromSeq = 2, ToSeq = 3 }.Encode);
        bench.Pump();
        Assert.True(bench.Agent.ReconnectWanted);
        Assert.Equal(1, bench.Agent.ResendsMissed);
        bench.Reconnect();
        Assert.Equal(AgentState.Ready, bench.Agent.State);
    }

    [Fact]
    public void Telemetry_leaves_on_its_tick()
    {
        var bench = BoardBench.Ready(o => o.ReportIntervalMs = 5000);
        Assert.NotEqual(0, bench.Gateway.Reports.Single().Telemetry.Present);
        Assert.Equal(bench.Now + 5000, bench.Agent.NextWakeMs);
        bench.Now += 4999;
        bench.Pump();
        Assert.Single(bench.Gateway.Reports);
        bench.Now++;
        bench.Pump();

        var report = bench.Gateway.Reports[1];
        Assert.Equal(0, report.BatchId);
        Assert.Equal(2143, report.Telemetry.TemperatureCentiC);
        Assert.Equal(0, report.Telemetry.Queue);
        Assert.Equal(TelemetryField.Temperature | TelemetryField.Humidity | TelemetryField.Uptime | TelemetryField.Queue
            | TelemetryField.TasksOk | TelemetryField.TasksErr, report.Telemetry.Present);
        Assert.Equal(2, bench.Sensors.Reads);
    }

    [Fact]
    public void The_gateway_may_ask_for_telemetry_more_often_but_not_less()
    {
        var often = new BoardBench(o => o.ReportIntervalMs = 5000).Join();
        often.Gateway.WelcomeReportIntervalMs = 1000;
        often.Connect();
        Assert.Equal(often.Now + 1000, often.Agent.NextWakeMs);
        often.Gateway.WelcomeReportIntervalMs = 60000;
        often.Reconnect();
        Assert.Equal(often.Now + 5000, often.Agent.NextWakeMs);
    }

    [Fact]
    public void A_reading_out_of_range_does_not_keep_a_report()
    {
        var bench = BoardBench.Ready(o => o.ReportIntervalMs = 5000);
        bench.Sensors.HumidityDeciPercent = -1;
        bench.Now += 5000;
        bench.Pump();

        Assert.Equal(0, bench.Gateway.Reports[1].Telemetry.Present);
        Assert.Equal(1, bench.Agent.ReadingsRefused);
    }

    [Fact]
    public void An_order_is_obeyed_once_and_answered_each_time_until_it_expires()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.SendCommand(9, CommandName.Identify, expiresMs: 1000);
        bench.Pump();
        Assert.True(bench.Agent.IdentifyWanted);
        bench.Agent.IdentifyWanted = false;
        bench.Now += 999;
        bench.Gateway.SendCommand(9, CommandName.Identify, expiresMs: 1000);
        bench.Pump();
        Assert.False(bench.Agent.IdentifyWanted);
        Assert.Equal([9L, 9], bench.Gateway.Replies.Select(r => r.Id));
        bench.Now++;
        bench.Gateway.SendCommand(9, CommandName.Identify, expiresMs: 1000);
        bench.Pump();
        Assert.True(bench.Agent.IdentifyWanted);
    }

    [Fact]
    public void A_restart_waits_until_its_answer_has_arrived()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.SendCommand(1, CommandName.Reboot);
        bench.Deliver(bench.Gateway.Down.Dequeue());
        bench.Next();
        Assert.False(bench.Agent.RebootWanted);
        // Lost with the connection: it is answered in the next session.
        bench.Reconnect();
        Assert.True(bench.Agent.RebootWanted);
        Assert.Equal(CommandStatus.Done, bench.Gateway.Replies.Single().Status);
    }

    [Theory]
    [InlineData("dance", 0, CommandStatus.Unknown)]
    [InlineData(CommandName.NewKey, 15, CommandStatus.BadPayload)]
    [InlineData(CommandName.NewKey, 17, CommandStatus.BadPayload)]
    [InlineData(CommandName.NewKey, 16, CommandStatus.Done)]
    public void An_order_that_cannot_be_obeyed_says_so(string name, int payload, int status)
    {
        var bench = BoardBench.Ready();
        bench.Gateway.SendCommand(1, name, new byte[payload]);
        bench.Pump();

        Assert.Equal(status, bench.Gateway.Replies.Single().Status);
    }

    [Fact]
    public void Goodbye_leaves_after_everything_else()
    {
        var bench = BoardBench.Ready();
        bench.Agent.Leave(GoodbyeReason.Sleep, 600000);
        bench.Gateway.SendCommand(1, CommandName.Identify);
        bench.Pump();

        Assert.Equal([FrameKind.CommandReply, FrameKind.Goodbye], bench.Gateway.Kinds[^2..]);
        Assert.Equal(600000, bench.Gateway.Goodbye!.NextWakeMs);
        Assert.True(bench.Agent.GoodbyeArrived);
    }

    [Fact]
    public void Noise_in_a_session_changes_nothing()
    {
        var bench = BoardBench.Ready();
        var random = new Random(20261128);
        for (var i = 0; i < 5000; i++)
        {
            var noise = new byte[random.Next(120)];
            random.NextBytes(noise);
            if (noise.Length > 6 && i % 2 == 0)
            {
                noise[0] = 1;
                noise[2] = 2;
                noise[3] = noise[4] = noise[5] = 0;
            }
            bench.Deliver(noise);
        }

        Assert.Equal(5000, bench.Agent.FramesIgnored);
        // A number that lies ahead asked for a new session; nothing else came of it.
        bench.Gateway.SendCommand(1, CommandName.Identify);
        bench.Pump();
        Assert.Single(bench.Gateway.Replies);
    }

    [Fact]
    public void A_genuine_frame_with_a_malformed_body_is_ignored_and_the_chain_goes_on()
    {
        var bench = BoardBench.Ready();
        foreach (var kind in new[] { FrameKind.Batch, FrameKind.ProgramChunk, FrameKind.Resend, FrameKind.Command })
        {
            bench.Gateway.SendBytes(kind, [0xff]);
            bench.Pump();
            Assert.Equal(FrameStatus.BadBody, bench.Agent.LastIgnoredStatus);
        }
        bench.Gateway.SendBytes(FrameKind.TapeRequest, []);
        bench.Pump();
        Assert.Equal(FrameStatus.Unexpected, bench.Agent.LastIgnoredStatus);
        bench.Gateway.SendCommand(1, CommandName.Identify);
        bench.Pump();
        Assert.Single(bench.Gateway.Replies);
        Assert.Equal(5, bench.Agent.FramesIgnored);
    }

    [Fact]
    public void Options_out_of_range_are_refused_at_construction()
    {
        Action<AgentOptions>[] bad =
        [
            o => o.Window = 0, o => o.Window = 9, o => o.ProgramSlots = 1, o => o.Board = new('b', 25), o => o.Chip = "naïve",
            o => o.SentRingBytes = FrameLimits.FrameBytesMax - 1, o => o.ResultRingBytes = FrameLimits.BodyBytesMax - 1, o => o.FuelPerSecond = -1,
        ];
        foreach (var configure in bad)
            Assert.Throws<ArgumentException>(() => new BoardBench(configure));
        Assert.Equal(8, BoardBench.Ready(o => o.Window = 8).Gateway.Reports[0].Window);
    }
}
