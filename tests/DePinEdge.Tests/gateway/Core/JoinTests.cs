using System.Text;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Flow;
using DePinEdge.Mqtt;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>Who may come in: join codes, log-ins, copies of a key, forged frames.</summary>
public class JoinTests
{
    [Fact]
    public void A_board_joins_changes_its_key_and_stays()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        Assert.Equal("porch", board.Agent.DeviceId);
        Assert.True(bench.Core.Views.Device("porch").Value!.Online);
        Assert.DoesNotContain("secret/next/porch", bench.Blobs.Keys);
        Assert.DoesNotContain(bench.Blobs.Keys, key => key.StartsWith("secret/join/", StringComparison.Ordinal));
        bench.Advance(120_000);
        Assert.Single(LeaseTests.Records(bench).OfType<KeyRotated>());
    }

    [Fact]
    public void A_code_nobody_issued_is_unknown()
    {
        var bench = new CoreBench();
        var board = bench.Add(new BenchBoard(bench, BoardProfile.Esp32, "abcdef-ABCDEFGHJKMNPQRSTVWXYZ0123", 7));
        bench.AdvanceUntil(() => board.Agent.State == AgentState.Refused);
        Assert.Equal("UNKNOWN_CODE", board.Agent.JoinRefusedReason);
    }

    [Fact]
    public void A_used_code_is_refused_to_another_board()
    {
        var bench = new CoreBench();
        var code = bench.Core.Invite(new InviteAsked("", "", 0), bench.Now).Value!.JoinCode;
        var first = bench.Add(new BenchBoard(bench, BoardProfile.Esp32, code, 7));
        bench.AdvanceUntil(() => first.Agent.State == AgentState.Ready);
        var second = bench.Add(new BenchBoard(bench, BoardProfile.Esp32, code, 8));
        bench.AdvanceUntil(() => second.Agent.State == AgentState.Refused);
        Assert.Equal("USED_CODE", second.Agent.JoinRefusedReason);
        Assert.Single(bench.Core.Views.Devices());
    }

    [Fact]
    public void A_code_works_until_the_millisecond_it_expires()
    {
        foreach (var (late, state) in new[] { (0L, AgentState.Refused), (1L, AgentState.Ready) })
        {
            var bench = new CoreBench();
            var invite = bench.Core.Invite(new InviteAsked("", "", 60_000), bench.Now).Value!;
            bench.Turn();
            bench.Advance(60_000 - late);
            var board = bench.Add(new BenchBoard(bench, BoardProfile.Esp32, invite.JoinCode, 7));
            bench.Settle();
            if (state == AgentState.Ready)
                bench.AdvanceUntil(() => board.Agent.State == AgentState.Ready);
            else
                Assert.Equal((AgentState.Refused, "EXPIRED_CODE"), (board.Agent.State, board.Agent.JoinRefusedReason));
        }
    }

    [Fact]
    public void Five_wrong_proofs_burn_a_code_and_four_do_not()
    {
        var bench = new CoreBench();
        var invite = bench.Core.Invite(new InviteAsked("", "", 0), bench.Now).Value!;
        for (var wrong = 1; wrong <= 5; wrong++)
        {
            var (reason, _) = Guess(bench, invite.CodeId);
            Assert.Equal(wrong < 5 ? "WRONG_CODE" : "BURNED_CODE", reason);
            Assert.Equal(wrong < 5, bench.Blobs.ContainsKey($"secret/join/{invite.CodeId}"));
        }
        var board = bench.Add(new BenchBoard(bench, BoardProfile.Esp32, invite.JoinCode, 7));
        bench.AdvanceUntil(() => board.Agent.State == AgentState.Refused);
        Assert.Equal("BURNED_CODE", board.Agent.JoinRefusedReason);
    }

    [Fact]
    public void A_recorded_login_is_worth_nothing()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        bench.Settle();
        var recorded = board.Agent.Password;
        var replay = BenchClient.Connect(bench, "porch", "porch", recorded, version: 5);
        bench.Turn();
        Assert.Equal(Mqtt.ReasonCode.NotAuthorized, replay.Connected);
        Assert.Contains("REPLAYED", bench.Core.Views.Device("porch").Value!.LastRefusal);
        Assert.True(bench.Core.Views.Device("porch").Value!.Online);
        Assert.Equal(1, bench.Core.Views.Counters().LoginsRefused);
    }

    [Fact]
    public void A_copy_that_lags_behind_shows_within_three_logins_and_both_are_held()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        var copiedFlash = Copy(board.Keys);
        board.Drop();
        // The original's connection attempts use numbers up that never reach the gateway: the copy's number then lies between two accepted ones.
        for (var i = 0; i < 3; i++)
            Assert.True(board.Agent.PrepareConnect());
        bench.AdvanceUntil(() => board.Agent.State == AgentState.Ready);
        var copy = bench.Add(new BenchBoard(bench, BoardProfile.Esp32, null, 9, copiedFlash));
        bench.AdvanceUntil(() => bench.Core.Views.Device("porch").Value!.HeldReason == "CLONED");
        Assert.False(bench.Core.Views.Device("porch").Value!.Online);
        Assert.NotEqual(AgentState.Ready, copy.Agent.State);
        Assert.NotEqual(AgentState.Ready, board.Agent.State);
    }

    [Fact]
    public void Copies_in_lock_step_show_by_taking_turns()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        bench.Add(new BenchBoard(bench, BoardProfile.Esp32, null, 9, Copy(board.Keys)));
        bench.AdvanceUntil(() => bench.Core.Views.Device("porch").Value!.HeldReason == "CLONED", 3_600);
    }

    [Fact]
    public void A_held_device_comes_back_by_joining_again_under_its_name()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        bench.Add(new BenchBoard(bench, BoardProfile.Esp32, null, 9, Copy(board.Keys)));
        bench.AdvanceUntil(() => bench.Core.Views.Device("porch").Value!.HeldReason == "CLONED", 3_600);
        bench.Boards.Clear();
        var again = bench.Join(name: "porch");
        bench.AdvanceUntil(() => again.Agent.State == AgentState.Ready);
        Assert.Equal(("", true), (bench.Core.Views.Device("porch").Value!.HeldReason, bench.Core.Views.Device("porch").Value!.Online));
    }

    [Fact]
    public void A_frame_with_a_wrong_mac_is_ignored_counted_and_named()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        bench.Settle();
        var forged = new byte[FrameLimits.HeaderBytes + 4];
        forged[0] = FrameLimits.Version;
        forged[1] = FrameKind.Welcome;
        forged[2] = 9;
        board.Agent.MessageReceived(forged, 0, forged.Length, bench.Now.Ms);
        Assert.Equal(1, board.Agent.FramesIgnored);
        bench.AdvanceUntil(() => bench.Core.Views.Device("porch").Value!.FramesIgnored == 1);
        Assert.Contains("the board ignored 1 frames", bench.Core.Views.Device("porch").Value!.LastRefusal);

        var up = new byte[FrameLimits.HeaderBytes];
        up[0] = FrameLimits.Version;
        up[1] = FrameKind.Report;
        var bad = bench.Core.Views.Counters().FramesBad;
        board.Client!.Publish(board.Agent.PublishTopic, up);
        Assert.Equal(bad + 1, bench.Core.Views.Counters().FramesBad);
    }

    [Theory]
    [InlineData(5, Mqtt.ReasonCode.NotAuthorized)]
    [InlineData(4, Mqtt.ReasonCode.Success)]
    public void Nobody_else_reaches_a_boards_topics(int version, Mqtt.ReasonCode code)
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        bench.Settle();
        var ignored = board.Agent.FramesIgnored;
        var refused = bench.Core.Broker.Counters.PublishesRefused;
        var stranger = BenchClient.Connect(bench, "stranger", null, null, version);
        stranger.Publish("depin/v1/home/device/porch/down", Encoding.ASCII.GetBytes("forged"));
        stranger.Publish("depin/v1/home/device/porch/up", Encoding.ASCII.GetBytes("forged"));
        bench.Settle();
        Assert.Equal([code, code], stranger.Acks);
        Assert.Equal(ignored, board.Agent.FramesIgnored);
        Assert.Equal(refused + 2, bench.Core.Broker.Counters.PublishesRefused);
        Assert.Equal(0, bench.Core.Views.Counters().FramesBad);
    }

    [Fact]
    public void A_dashboard_sees_public_topics_and_no_private_one()
    {
        var bench = new CoreBench();
        var dashboard = BenchClient.Connect(bench, "dash", null, null);
        dashboard.Subscribe("#");
        bench.Join(name: "porch");
        bench.AdvanceUntil(() => dashboard.Received.Any(message => message.Topic == "depin/v1/home/device/porch/telemetry/env"));
        Assert.Contains(dashboard.Received, message => message.Topic == "depin/v1/home/device/porch/status" && Encoding.ASCII.GetString(message.Payload) == "online");
        Assert.DoesNotContain(dashboard.Received, message => message.Topic.EndsWith("/up", StringComparison.Ordinal) || message.Topic.EndsWith("/down", StringComparison.Ordinal));
        dashboard.Subscribe("depin/v1/home/device/porch/down");
        bench.Settle();
        Assert.Equal(0x80, dashboard.SubscribeCode);
    }

    [Fact]
    public void A_reader_without_credentials_comes_from_this_machine_only()
    {
        var bench = new CoreBench();
        var near = BenchClient.Connect(bench, "near", null, null);
        var far = BenchClient.Connect(bench, "far", null, null, version: 5, loopback: false);
        bench.Turn();
        Assert.Equal((Mqtt.ReasonCode.Success, Mqtt.ReasonCode.NotAuthorized), (near.Connected, far.Connected));
    }

    /// <summary>Says Hello like a board that does not know the secret, and accepts whatever is offered with a made-up proof.</summary>
    private static (string Reason, string Hint) Guess(CoreBench bench, string codeId)
    {
        var client = BenchClient.Connect(bench, "join-" + codeId, null, null);
        client.Subscribe(Topics.JoinDown(codeId));
        var frame = new byte[FrameLimits.JoinFrameBytesMax];
        var hello = new Hello { CodeId = codeId, Board = "guess", NonceB = new byte[16] };
        var count = JoinFrame.Close(frame, 0, FrameKind.Hello, hello.Encode(frame, FrameLimits.JoinHeaderBytes));
        client.Publish(Topics.JoinUp(codeId), frame.AsSpan(0, count));
        count = JoinFrame.Close(frame, 0, FrameKind.Accept, new Accept { Mac = new byte[32] }.Encode(frame, FrameLimits.JoinHeaderBytes));
        client.Publish(Topics.JoinUp(codeId), frame.AsSpan(0, count));
        bench.Settle();
        client.Drop();
        var refused = new JoinRefused();
        var payload = client.Received[^1].Payload;
        Assert.Equal(FrameKind.JoinRefused, JoinFrame.KindOf(payload, 0, payload.Length));
        Assert.True(refused.Decode(payload, FrameLimits.JoinHeaderBytes, payload.Length - FrameLimits.JoinHeaderBytes));
        return (refused.ReasonCode, refused.Hint);
    }

    private static MemoryKeyStore Copy(IKeyStore keys)
    {
        var record = new byte[KeyRecord.Bytes];
        Assert.True(keys.Load(record));
        var copy = new MemoryKeyStore();
        copy.Save(record);
        return copy;
    }
}
