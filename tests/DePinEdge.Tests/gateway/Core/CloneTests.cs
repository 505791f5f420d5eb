using DePinEdge.Agent.Session;
using DePinEdge.Gateway.Flow;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>One honest board is never taken for a copy, whatever its link, its power and the gateway do.</summary>
public class CloneTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void An_honest_board_on_a_bad_link_is_never_held(int seed)
    {
        var random = new Random(seed);
        var bench = new CoreBench(seed: (ulong)seed);
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        var abandoned = new List<BenchClient>();
        var opened = 0;
        for (var round = 0; round < 400; round++)
        {
            switch (random.Next(8))
            {
                case 0:
                    board.Drop();
                    break;
                case 1:
                    board.Reboot();
                    break;
                case 2:
                    bench.Crash();
                    break;
                case 3:
                    bench.Commit();
                    bench.Crash();
                    break;
                case 4 or 5:
                    // The gateway never hears that the link is gone.
                    if (board.Abandon() is { } half)
                        abandoned.Add(half);
                    break;
                case 6:
                    // A number is used up by a connection that never gets through.
                    if (board.Client is null)
                        board.Agent.PrepareConnect();
                    break;
            }
            bench.Run(random.Next(12));
            bench.Advance(random.Next(3_000), settle: false);
            opened = Math.Max(opened, board.Agent.SessionsOpened);
            Assert.Equal("", bench.Core.Views.Device("porch").Value!.HeldReason);
        }
        Assert.NotEmpty(abandoned);
        bench.AdvanceUntil(() => board.Agent.State == AgentState.Ready);
        Assert.DoesNotContain(LeaseTests.Records(bench), record => record is DeviceHeld);
    }

    [Fact]
    public void A_login_that_the_next_one_overtook_is_refused_and_nobody_is_held()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        board.Drop();
        Assert.True(board.Agent.PrepareConnect());
        var late = board.Agent.Password;
        bench.AdvanceUntil(() => board.Agent.State == AgentState.Ready);
        for (var again = 0; again < 5; again++)
        {
            var client = BenchClient.Connect(bench, "porch", "porch", late, version: 5);
            bench.Settle();
            Assert.Equal(DePinEdge.Mqtt.ReasonCode.NotAuthorized, client.Connected);
        }
        Assert.Equal(("", true), (bench.Core.Views.Device("porch").Value!.HeldReason, bench.Core.Views.Device("porch").Value!.Online));
    }

    [Fact]
    public void A_device_that_is_held_gives_its_tasks_to_others_at_once()
    {
        var bench = new CoreBench();
        var board = bench.Join(name: "porch");
        var program = bench.AddPrimes();
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        bench.Settle();
        board.Lazy = true;
        var job = bench.Core.SubmitJob(CoreBench.Primes(program, 5_000), bench.Now).Value!;
        bench.Settle();
        Assert.True(bench.Core.Views.Device("porch").Value!.OpenBatches > 0);
        board.Drop();
        var stale = new string[3];
        for (var i = 0; i < 3; i++)
        {
            Assert.True(board.Agent.PrepareConnect());
            stale[i] = board.Agent.Password;
        }
        bench.AdvanceUntil(() => board.Agent.State == AgentState.Ready);
        foreach (var password in stale)
            BenchClient.Connect(bench, "porch", "porch", password);
        bench.Settle();
        Assert.Equal("CLONED", bench.Core.Views.Device("porch").Value!.HeldReason);
        bench.Boards.Clear();
        bench.Join(name: "attic");
        bench.AdvanceUntil(() => bench.Core.Views.Job(job.Id, bench.Now).Value!.State == "completed", 60);
        Assert.Equal(10, bench.Verify().TasksPaid);
        Assert.Equal(0, bench.Core.Views.Device("porch").Value!.EarnedMicro);
    }

    [Fact]
    public void Nobody_takes_a_devices_connection_over_without_its_key()
    {
        var bench = new CoreBench();
        bench.Join(name: "porch");
        bench.AdvanceUntil(() => LeaseTests.Records(bench).OfType<KeyRotated>().Any());
        bench.Settle();
        var thief = BenchClient.Connect(bench, "porch", null, null, version: 5);
        bench.Turn();
        Assert.Equal(DePinEdge.Mqtt.ReasonCode.ClientIdentifierNotValid, thief.Connected);
        Assert.True(bench.Core.Views.Device("porch").Value!.Online);
        // A device with such a name would share its client id with whoever joins with that code.
        Assert.Equal("bad-name", bench.Core.Invite(new InviteAsked("join-abcdef", "", 0), bench.Now).Problem?.Code);
    }
}
