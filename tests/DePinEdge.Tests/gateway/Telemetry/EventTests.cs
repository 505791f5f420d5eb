using System.Reflection;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Telemetry;
using DePinEdge.Tests.Gateway.Core;
using DePinEdge.Tests.Tidy;

namespace DePinEdge.Tests.Gateway.Telemetry;

/// <summary>Refusals as events: the right type, a reason of the book, the numbers behind it, and never more than dashboards can take.</summary>
public sealed class EventTests
{
    internal static readonly string[] Types = [.. typeof(EventTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public void The_table_of_events_names_every_type() => Assert.Equal(
        Types.Order(StringComparer.Ordinal),
        MarkdownTable.Rows(File.ReadAllText(RepositoryRoot.Of("gateway", "README.md")), "| event | when, and its data |").Select(row => MarkdownTable.Code(row[0])).Order(StringComparer.Ordinal));

    [Fact]
    public void Wrong_results_are_refused_rewards_by_batch_and_reason()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var program = bench.AddPrimes();
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        board.Birth();
        board.Report(null);
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 4_000), bench.Now).Problem);
        bench.Settle();
        board.Say(FrameKind.Report, Nothing());
        bench.Settle();
        var batch = board.Open[0];
        var lies = new Report { BatchId = batch.BatchId, Count = batch.Count };
        for (var i = 0; i < batch.Count; i++)
            lies.TaskId[i] = batch.TaskId[i];
        board.Report(lies);
        bench.Settle();
        var refused = dashboard.Events("reward.refused")[0];
        var data = refused.GetProperty("data");
        Assert.Equal("evil", refused.GetProperty("subject").GetString());
        Assert.Equal(("WRONG_OUTPUT", 10, "b1", "j1", batch.Count), (data.GetProperty("reason").GetString(), data.GetProperty("reason_number").GetInt32(),
            data.GetProperty("batch").GetString(), data.GetProperty("job").GetString(), data.GetProperty("tasks").GetInt32()));
        Assert.Equal("THROTTLED", Assert.Single(dashboard.Events("device.throttled")).GetProperty("data").GetProperty("reason").GetString());
        Assert.Equal("throttled online", dashboard.StateOf("evil"));
        Assert.StartsWith("THROTTLED: ", bench.Core.Views.Device("evil").Value!.LastRefusal, StringComparison.Ordinal);
        _ = dashboard.Last;
    }

    [Fact]
    public void A_lease_that_ran_out_and_its_late_report_are_refused_rewards()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var program = bench.AddPrimes();
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        board.Birth();
        board.Report(null);
        Assert.Null(bench.Core.SubmitJob(CoreBench.Primes(program, 500), bench.Now).Problem);
        bench.Settle();
        board.Say(FrameKind.Report, Nothing());
        var batch = board.Open[0];
        bench.AdvanceUntil(() => bench.Core.Views.Counters().LeasesExpired > 0);
        board.GiveUp(batch);
        bench.Settle();
        Assert.Equal(["LEASE_EXPIRED", "LATE"], dashboard.Events("reward.refused").Select(one => one.GetProperty("data").GetProperty("reason").GetString()));
        _ = dashboard.Last;
    }

    [Fact]
    public void Log_ins_joins_and_frames_have_types_of_their_own()
    {
        var bench = new CoreBench();
        var dashboard = new Dashboard(bench);
        var board = new HostileBoard(bench, "evil");
        board.LogIn();
        board.Client!.Publish(Topics.DeviceUp("home", "evil"), "no frame"u8);
        BenchClient.Connect(bench, "evil", "evil", "1:00");
        BenchClient.Connect(bench, "far", null, null, version: 5, loopback: false);
        BenchClient.Connect(bench, "join-short", null, null);
        var stranger = BenchClient.Connect(bench, "join-zzzzzz", null, null);
        stranger.Publish(Topics.JoinUp("zzzzzz"), "no hello"u8);
        bench.Settle();
        Assert.Equal(["evil BAD_MAC"], Said("frame.refused"));
        Assert.Equal(["evil BAD_MAC", "far NO_CREDENTIALS", "join-short UNKNOWN_CODE"], Said("login.refused"));
        Assert.Equal(["join-zzzzzz NO_OFFER"], Said("join.refused"));
        Assert.Empty(dashboard.Events("reward.refused"));
        _ = dashboard.Last;

        IEnumerable<string> Said(string type) => dashboard.Events(type).Select(one => $"{one.GetProperty("subject").GetString()} {one.GetProperty("data").GetProperty("reason").GetString()}");
    }

    [Fact]
    public void Refusals_beyond_fifty_in_a_second_are_counted_in_the_next_one()
    {
        var events = new EventLog("home");
        var out0 = new List<Publication>();
        var refused = new Refused("far", ReasonCode.NoCredentials, "a client from 10.1.2.3 gave no credentials", RefusedWhat.Login);
        for (var n = 0; n < EventLog.RefusalsPerSecond + 7; n++)
            events.Refused(refused, new Instant(1_000 + n, 0));
        events.Refused(refused, new Instant(1_999, 0));
        events.Take(out0);
        Assert.Equal((EventLog.RefusalsPerSecond, 8), (out0.Count, events.LeftOut));
        Assert.All(out0, publication => Assert.False(System.Text.Json.JsonDocument.Parse(publication.Payload).RootElement.GetProperty("data").TryGetProperty("left_out", out _)));

        out0.Clear();
        events.Refused(refused, new Instant(2_000, 0));
        events.Refused(refused, new Instant(2_000, 0));
        events.Take(out0);
        Assert.Equal(8, System.Text.Json.JsonDocument.Parse(out0[0].Payload).RootElement.GetProperty("data").GetProperty("left_out").GetInt32());
        Assert.False(System.Text.Json.JsonDocument.Parse(out0[1].Payload).RootElement.GetProperty("data").TryGetProperty("left_out", out _));
    }

    [Theory]
    [InlineData(RefusedWhat.Login)]
    [InlineData(RefusedWhat.Join)]
    public void Strangers_at_the_door_do_not_keep_refusals_of_boards_out_of_sight(RefusedWhat what)
    {
        var events = new EventLog("home");
        var all = new List<Publication>();
        for (var n = 0; n < 2 * EventLog.RefusalsPerSecond; n++)
            events.Refused(new Refused("far", ReasonCode.NoCredentials, "no credentials", what), new Instant(1_000, 0));
        for (var n = 0; n <= EventLog.RefusalsPerSecond; n++)
            events.Refused(new Refused("board", ReasonCode.WrongOutput, "wrong"), new Instant(1_000, 0));
        events.Take(all);
        Assert.Equal(EventLog.RefusalsPerSecond, all.Count(publication => publication.Topic.EndsWith("reward.refused", StringComparison.Ordinal)));
        Assert.Equal((2 * EventLog.RefusalsPerSecond, EventLog.RefusalsPerSecond + 1L), (all.Count, events.LeftOut));
    }

    [Fact]
    public void Every_refusal_has_an_event_of_a_listed_type()
    {
        foreach (var what in Enum.GetValues<RefusedWhat>())
            foreach (var reason in Enum.GetValues<ReasonCode>())
            {
                var events = new EventLog("home");
                var all = new List<Publication>();
                events.Refused(new Refused("x", reason, "detail", what), new Instant(0, 0));
                events.Take(all);
                Assert.Contains(Assert.Single(all).Topic.Split('/')[^1], Types);
            }
    }

    private static byte[] Nothing()
    {
        var body = new byte[64];
        return body[..new Report { Window = 2 }.Encode(body, 0)];
    }
}
