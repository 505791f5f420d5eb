// A join from the board's side, against a gateway made of the shared wire classes.
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Session;

public class JoinTests
{
    [Fact]
    public void A_board_joins_logs_in_and_grants_its_window()
    {
        var bench = new BoardBench();
        Assert.Equal(AgentState.NeedsCode, bench.Agent.State);
        Assert.False(bench.Agent.PrepareConnect());
        Assert.Equal(long.MaxValue, bench.Agent.NextWakeMs);

        bench.Agent.UseJoinCode(TestGateway.Code);
        Assert.Equal(AgentState.Joining, bench.Agent.State);
        Assert.True(bench.Agent.PrepareConnect());
        Assert.Equal("join-k7q2mx", bench.Agent.ClientId);
        Assert.Equal("join-k7q2mx", bench.Agent.UserName);
        Assert.Equal("", bench.Agent.Password);
        Assert.Equal("depin/v1/join/k7q2mx/up", bench.Agent.PublishTopic);
        Assert.Equal("depin/v1/join/k7q2mx/down", bench.Agent.SubscribeTopic);
        bench.Agent.Connected(bench.Now);
        bench.Pump();
        Assert.True(bench.Agent.ReconnectWanted);
        Assert.Equal([FrameKind.Hello, FrameKind.Accept], bench.Gateway.Received.Select(p => p[1]));
        bench.Agent.Disconnected(bench.Now);
        Assert.Equal(AgentState.NeedsLogin, bench.Agent.State);
        Assert.Equal(bench.Now, bench.Agent.ReconnectAtMs);

        Assert.True(bench.Connect());
        Assert.Equal("dev-1", bench.Agent.ClientId);
        Assert.Equal("depin/v1/home/device/dev-1/up", bench.Agent.PublishTopic);
        Assert.Equal("depin/v1/home/device/dev-1/down", bench.Agent.SubscribeTopic);
        Assert.Equal(AgentState.Ready, bench.Agent.State);
        Assert.Equal([FrameKind.Birth, FrameKind.Report], bench.Gateway.Kinds);
        Assert.Equal("bench", bench.Gateway.Birth!.Board);
        Assert.Equal(5, bench.Gateway.Birth.CapabilityBits);
        Assert.Equal(2, bench.Gateway.Reports[0].Window);
        Assert.Equal(1795330000000 - bench.Now, bench.Agent.UtcOffsetMs);
    }

    [Fact]
    public void An_offer_without_the_secret_is_ignored_and_nothing_is_saved()
    {
        var bench = new BoardBench();
        bench.Gateway.ForgesOffer = true;
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        bench.Pump();

        Assert.False(bench.Gateway.Joined);
        Assert.Null(bench.Keys.Saved);
        Assert.Equal(1, bench.Agent.FramesIgnored);
        Assert.Equal(FrameStatus.BadMac, bench.Agent.LastIgnoredStatus);
        Assert.Equal(AgentState.Joining, bench.Agent.State);
    }

    [Fact]
    public void A_mistyped_secret_is_shown_while_the_board_tries_on_slowly()
    {
        var bench = new BoardBench();
        bench.Gateway.ForgesOffer = true;
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        Assert.Equal("", bench.Agent.JoinRefusedReason);
        bench.Pump();
        Assert.Equal(("WRONG_CODE", AgentState.Joining), (bench.Agent.JoinRefusedReason, bench.Agent.State));
        Assert.Contains("type it again", bench.Agent.JoinRefusedHint);

        // It listens on for the true Offer until nothing came for the greeting's time, then it waits minutes.
        Assert.False(bench.Agent.ReconnectWanted);
        bench.Now += 30_000;
        Assert.Null(bench.Next());
        Assert.True(bench.Agent.ReconnectWanted);
        bench.Agent.Disconnected(bench.Now);
        Assert.InRange(bench.Agent.ReconnectAtMs - bench.Now, 300_000, 375_000);

        bench.Gateway.ForgesOffer = false;
        bench.Agent.UseJoinCode(TestGateway.Code);
        Assert.Equal(0, bench.Agent.ReconnectAtMs);
        Assert.True(bench.Agent.PrepareConnect());
        bench.Agent.Connected(bench.Now);
        bench.Pump();
        Assert.Equal(("", "", AgentState.NeedsLogin), (bench.Agent.JoinRefusedReason, bench.Agent.JoinRefusedHint, bench.Agent.State));
    }

    [Theory]
    [InlineData("NO_OFFER")]
    [InlineData("LIMIT_REACHED")]
    public void A_refusal_of_the_moment_is_shown_and_the_join_tried_again(string reason)
    {
        var bench = new BoardBench();
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        bench.Gateway.SendJoin(FrameKind.JoinRefused, TestGateway.MessageBytes(new JoinRefused { ReasonCode = reason, Hint = "start again" }.Encode));
        bench.Deliver(bench.Gateway.Down.Dequeue());
        Assert.Equal((reason, "start again", AgentState.Joining), (bench.Agent.JoinRefusedReason, bench.Agent.JoinRefusedHint, bench.Agent.State));
        Assert.True(bench.Agent.ReconnectWanted);
        bench.Agent.Disconnected(bench.Now);
        Assert.InRange(bench.Agent.ReconnectAtMs - bench.Now, 1_000, 1_250);

        Assert.True(bench.Agent.PrepareConnect());
        bench.Agent.Connected(bench.Now);
        bench.Pump();
        Assert.Equal(("", AgentState.NeedsLogin), (bench.Agent.JoinRefusedReason, bench.Agent.State));
    }

    [Fact]
    public void A_repeated_Hello_is_the_same_Hello()
    {
        var bench = new BoardBench();
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        var first = bench.Next();
        bench.Agent.Disconnected(bench.Now);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);

        Assert.Equal(first, bench.Next());
        bench.Agent.Sent(false, bench.Now);
        Assert.Equal(first, bench.Next());
        bench.Agent.Sent(true, bench.Now);
        Assert.Null(bench.Next());
    }

    [Fact]
    public void Power_lost_between_Accept_and_Joined_costs_nothing()
    {
        var bench = new BoardBench();
        bench.Gateway.HoldsBackJoined = true;
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        bench.Pump();
        Assert.True(bench.Gateway.Joined);
        Assert.False(bench.Agent.ReconnectWanted);

        bench.Boot();
        Assert.Equal(AgentState.NeedsLogin, bench.Agent.State);
        Assert.True(bench.Connect());
        Assert.Equal(AgentState.Ready, bench.Agent.State);
        Assert.Equal(0, bench.Keys.Saved![3] & 1);
    }

    [Fact]
    public void A_lost_Joined_is_asked_for_again_by_the_same_Hello()
    {
        var bench = new BoardBench();
        bench.Gateway.HoldsBackJoined = true;
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        bench.Pump();
        bench.Agent.Disconnected(bench.Now);
        bench.Gateway.HoldsBackJoined = false;
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        bench.Pump();

        Assert.True(bench.Agent.ReconnectWanted);
        Assert.Equal(AgentState.NeedsLogin, bench.Agent.State);
    }

    [Fact]
    public void A_refused_join_says_why_and_waits_for_another_code()
    {
        var bench = new BoardBench();
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        bench.Gateway.SendJoin(FrameKind.JoinRefused, TestGateway.MessageBytes(new JoinRefused { ReasonCode = "code_used", Hint = "make a new one" }.Encode));
        bench.Deliver(bench.Gateway.Down.Dequeue());

        Assert.Equal(AgentState.Refused, bench.Agent.State);
        Assert.Equal("code_used", bench.Agent.JoinRefusedReason);
        Assert.Equal("make a new one", bench.Agent.JoinRefusedHint);
        Assert.True(bench.Agent.ReconnectWanted);
        Assert.Null(bench.Next());
        bench.Agent.Disconnected(bench.Now);
        Assert.False(bench.Agent.PrepareConnect());
        bench.Agent.UseJoinCode(TestGateway.Code);
        Assert.Equal("", bench.Agent.JoinRefusedReason);
        Assert.True(bench.Agent.PrepareConnect());
    }

    [Fact]
    public void A_code_that_the_broker_refuses_three_times_is_given_up()
    {
        var bench = new BoardBench();
        bench.Agent.UseJoinCode(TestGateway.Code);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(AgentState.Joining, bench.Agent.State);
            Assert.True(bench.Agent.PrepareConnect());
            bench.Agent.ConnectRefused(135, bench.Now);
        }

        Assert.Equal(AgentState.Refused, bench.Agent.State);
        Assert.Equal("connection_refused", bench.Agent.JoinRefusedReason);
    }

    [Fact]
    public void Without_a_saved_key_no_Accept_leaves()
    {
        var bench = new BoardBench();
        bench.Keys.Refuses = true;
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        bench.Pump();

        Assert.False(bench.Gateway.Joined);
        Assert.Equal(1, bench.Agent.SaveFailures);
        Assert.Equal(AgentState.Joining, bench.Agent.State);
    }

    [Fact]
    public void A_text_that_is_no_code_is_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => new BoardBench().Agent.UseJoinCode("K7Q2MX-SHORT"));

    [Fact]
    public void Payloads_that_do_not_belong_are_counted_by_their_reason()
    {
        var bench = new BoardBench();
        bench.Deliver([1, 2]);
        Assert.Equal(FrameStatus.Unexpected, bench.Agent.LastIgnoredStatus);
        bench.Agent.UseJoinCode(TestGateway.Code);
        bench.Agent.PrepareConnect();
        bench.Agent.Connected(bench.Now);
        (byte[] Payload, int Status)[] cases =
        [
            ([1], FrameStatus.TooShort),
            (new byte[257], FrameStatus.TooLong),
            ([2, FrameKind.Offer], FrameStatus.BadVersion),
            ([1, FrameKind.Offer, 0xff], FrameStatus.BadBody),
            ([1, FrameKind.Welcome], FrameStatus.Unexpected),
            ([1, FrameKind.Joined, 0x0a, 5, (byte)'d', (byte)'e', (byte)'v', (byte)'-', (byte)'1'], FrameStatus.Unexpected),
        ];
        foreach (var (payload, status) in cases)
        {
            var before = bench.Agent.FramesIgnored;
            bench.Deliver(payload);
            Assert.Equal(before + 1, bench.Agent.FramesIgnored);
            Assert.Equal(status, bench.Agent.LastIgnoredStatus);
        }
    }

    [Fact]
    public void A_joined_board_can_join_again_elsewhere_and_its_log_in_numbers_go_on()
    {
        var bench = BoardBench.Ready();
        var before = bench.Gateway.LastLogin;
        bench.Agent.UseJoinCode(TestGateway.Code);
        Assert.True(bench.Agent.ReconnectWanted);
        Assert.Null(bench.Next());
        bench.Agent.Disconnected(bench.Now);
        bench.Join();

        Assert.True(bench.Connect());
        Assert.True(bench.Gateway.LastLogin > before);
    }
}
