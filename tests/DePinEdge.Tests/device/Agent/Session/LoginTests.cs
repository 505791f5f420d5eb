// Log-in numbers never repeat, whenever power goes; a new key takes over only once it has worked.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Session;

public class LoginTests
{
    [Fact]
    public void The_log_in_number_is_boot_counter_and_connection_count()
    {
        var bench = new BoardBench().Join();
        var numbers = new List<long>();
        for (var boot = 0; boot < 3; boot++)
        {
            for (var connection = 0; connection < 3; connection++)
            {
                Assert.True(bench.Connect());
                numbers.Add(bench.Gateway.LastLogin);
                bench.Agent.Disconnected(bench.Now);
            }
            bench.Boot();
        }

        Assert.Equal([65537, 65538, 65539, 131073, 131074, 131075, 196609, 196610, 196611], numbers);
    }

    [Fact]
    public void Power_lost_before_the_save_uses_no_number()
    {
        var bench = new BoardBench().Join();
        Assert.True(bench.Connect());
        bench.Boot();
        bench.Keys.Refuses = true;
        Assert.False(bench.Agent.PrepareConnect());
        Assert.Equal(1, bench.Agent.SaveFailures);

        bench.Boot();
        bench.Keys.Refuses = false;
        Assert.True(bench.Connect());
        Assert.Equal(2 * 65536 + 1, bench.Gateway.LastLogin);
    }

    [Fact]
    public void Power_lost_after_the_save_skips_numbers_and_repeats_none()
    {
        var bench = new BoardBench().Join();
        Assert.True(bench.Connect());
        bench.Boot();
        Assert.True(bench.Agent.PrepareConnect());
        var unused = KeyDerivation.LoginNumber(bench.Agent.Password);

        bench.Boot();
        Assert.True(bench.Connect());
        Assert.Equal(2 * 65536 + 1, unused);
        Assert.Equal(3 * 65536 + 1, bench.Gateway.LastLogin);
    }

    [Fact]
    public void The_boot_counter_is_saved_before_the_count_of_connections_overflows()
    {
        var store = new MemoryKeyStore();
        var identity = new Identity(new HmacSha256(), store);
        Assert.True(identity.Join("home", "dev-1", new byte[32]));
        for (var i = 0; i < Identity.ConnectionsPerBoot - 1; i++)
            Assert.True(identity.TakeLoginNumber());
        Assert.Equal(65536 + 65535, identity.LoginNumber);
        Assert.Equal(2, store.Saves);

        store.Refuses = true;
        Assert.False(identity.TakeLoginNumber());
        store.Refuses = false;
        Assert.True(identity.TakeLoginNumber());
        Assert.Equal(2 * 65536 + 1, identity.LoginNumber);
    }

    [Fact]
    public void A_replayed_password_is_worth_nothing()
    {
        var bench = new BoardBench().Join();
        Assert.True(bench.Connect());
        var recorded = bench.Agent.Password;

        Assert.False(bench.Gateway.Login(TestGateway.Device, recorded));
        Assert.False(bench.Gateway.Login(TestGateway.Device, "999999:" + recorded[(recorded.IndexOf(':') + 1)..]));
    }

    [Fact]
    public void Any_damaged_bit_of_the_record_is_noticed()
    {
        var bench = new BoardBench().Join();
        var good = (byte[])bench.Keys.Saved!.Clone();
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            bench.Keys.Saved = (byte[])good.Clone();
            bench.Keys.Saved[bit / 8] ^= (byte)(1 << bit % 8);
            bench.Boot();
            Assert.Equal(AgentState.NeedsCode, bench.Agent.State);
        }
        bench.Keys.Saved = good;
        bench.Boot();
        Assert.Equal(AgentState.NeedsLogin, bench.Agent.State);
    }

    [Fact]
    public void A_new_key_takes_over_at_the_first_log_in_with_it()
    {
        var bench = BoardBench.Ready();
        var first = bench.Gateway.Key!;
        bench.Gateway.RotateKey(7);
        var next = bench.Gateway.NextKey!;
        bench.Pump();
        Assert.Equal(CommandStatus.Done, bench.Gateway.Replies.Single().Status);
        Assert.True(bench.Agent.ReconnectWanted);

        bench.Reconnect();
        Assert.Equal(next, bench.Gateway.Key);
        Assert.NotEqual(first, next);
        Assert.Equal(0, bench.Keys.Saved![3] & 2);
        Assert.False(bench.Agent.ReconnectWanted);
        bench.Boot();
        Assert.True(bench.Connect());
    }

    [Fact]
    public void The_old_key_still_counts_when_the_gateway_lost_the_new_one()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.RotateKey(7);
        bench.Pump();
        bench.Gateway.NextKey = null;
        bench.Boot();

        Assert.False(bench.Connect());
        Assert.True(bench.Connect());
        Assert.Equal(AgentState.Ready, bench.Agent.State);
        // Offered anew, it takes over after all.
        bench.Gateway.RotateKey(8);
        bench.Pump();
        bench.Reconnect();
        Assert.Null(bench.Gateway.NextKey);
    }

    [Fact]
    public void Refused_keys_take_turns_and_the_board_shows_that_it_is_refused()
    {
        var bench = BoardBench.Ready();
        bench.Gateway.RotateKey(7);
        bench.Pump();
        bench.Agent.Disconnected(bench.Now);
        var next = bench.Gateway.NextKey;
        bench.Gateway.NextKey = null;
        var held = bench.Gateway.Key;
        bench.Gateway.Key = new byte[32];
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(i < 3 ? AgentState.NeedsLogin : AgentState.Refused, bench.Agent.State);
            Assert.False(bench.Connect());
        }
        Assert.InRange(bench.Agent.ReconnectAtMs - bench.Now, 300_000, 375_000);

        // The operator lifts the hold, and by now the gateway knows the new key: the fifth attempt tries it.
        bench.Gateway.Key = held;
        bench.Gateway.NextKey = next;
        Assert.True(bench.Connect());
        Assert.Equal(AgentState.Ready, bench.Agent.State);
        Assert.Equal(next, bench.Gateway.Key);
    }

    [Fact]
    public void A_key_that_cannot_be_saved_is_not_taken()
    {
        var bench = BoardBench.Ready();
        bench.Keys.Refuses = true;
        bench.Gateway.RotateKey(7);
        bench.Pump();

        Assert.Equal(CommandStatus.Failed, bench.Gateway.Replies.Single().Status);
        Assert.False(bench.Agent.ReconnectWanted);
        bench.Keys.Refuses = false;
        bench.Gateway.NextKey = null;
        bench.Reconnect();
    }

    [Fact]
    public void Attempts_that_fail_wait_longer_each_time()
    {
        var bench = new BoardBench().Join();
        int[] least = [1000, 2000, 4000, 8000, 16000, 32000, 32000];
        foreach (var wait in least)
        {
            bench.Agent.ConnectRefused(0, bench.Now);
            Assert.InRange(bench.Agent.ReconnectAtMs - bench.Now, wait, wait + wait / 4);
            Assert.Equal(bench.Agent.ReconnectAtMs, bench.Agent.NextWakeMs);
        }
        Assert.True(bench.Connect());
        bench.Agent.Disconnected(bench.Now);
        Assert.InRange(bench.Agent.ReconnectAtMs - bench.Now, 1000, 1250);
    }
}
