// One board and its gateway on a table: calls in, payloads across, no sockets, time by hand.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Tests.Device.Agent.Session;

internal sealed class BoardBench
{
    private readonly byte[] buffer = new byte[FrameLimits.FrameBytesMax];
    private int boots;

    public BoardBench(Action<AgentOptions>? configure = null)
    {
        Options = new AgentOptions { Board = "bench", Chip = "x64", Firmware = "1.2.3", FuelPerSecond = 1_000_000, CapabilityBits = 7, CapabilityVeto = 2 };
        configure?.Invoke(Options);
        Boot();
    }

    public AgentOptions Options { get; }
    public MemoryKeyStore Keys { get; } = new();
    public FixedSensors Sensors { get; } = new();
    public TestGateway Gateway { get; } = new();
    public BoardAgent Agent { get; private set; } = null!;
    public long Now { get; set; } = 1_000_000;
    /// <summary>Bytes that the agent's own calls allocated.</summary>
    public long Allocated { get; private set; }

    /// <summary>Starts the board anew: memory gone, key store kept.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(Agent))]
    public void Boot() => Agent = new BoardAgent(Options, new HmacSha256(), Keys, new SeededEntropy(++boots), Sensors);

    /// <summary>Joins with the gateway's code; leaves the board disconnected with its key.</summary>
    public BoardBench Join()
    {
        Agent.UseJoinCode(TestGateway.Code);
        Assert.True(Agent.PrepareConnect());
        Agent.Connected(Now);
        Pump();
        Assert.True(Agent.ReconnectWanted);
        Agent.Disconnected(Now);
        Assert.Equal(AgentState.NeedsLogin, Agent.State);
        return this;
    }

    /// <summary>Connects as the agent prepares it. False: the gateway refused the log-in.</summary>
    public bool Connect()
    {
        Assert.True(Agent.PrepareConnect());
        if (!Gateway.Login(Agent.UserName, Agent.Password))
        {
            Agent.ConnectRefused(134, Now);
            return false;
        }
        Agent.Connected(Now);
        Gateway.Down.Clear();
        Gateway.OpenSession();
        Pump();
        return true;
    }

    /// <summary>A board that has joined and stands in a session.</summary>
    public static BoardBench Ready(Action<AgentOptions>? configure = null)
    {
        var bench = new BoardBench(configure).Join();
        Assert.True(bench.Connect());
        Assert.Equal(AgentState.Ready, bench.Agent.State);
        return bench;
    }

    public void Reconnect()
    {
        Agent.Disconnected(Now);
        Assert.True(Connect());
    }

    /// <summary>Carries payloads both ways until nobody has anything to say.</summary>
    public void Pump()
    {
        while (true)
        {
            if (Gateway.Down.TryDequeue(out var down))
                Deliver(down);
            else if (Next() is { } up)
            {
                Gateway.Receive(up);
                Agent.Sent(true, Now);
            }
            else
                return;
        }
    }

    public void Deliver(byte[] payload)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Agent.MessageReceived(payload, 0, payload.Length, Now);
        Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The board's next payload, null when it has none.</summary>
    public byte[]? Next()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = Agent.NextToSend(buffer, Now);
        Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        return count == 0 ? null : buffer[..count];
    }

    /// <summary>Works and pumps until there is neither work nor a payload.</summary>
    public void Run(int fuelSlice = 10_000)
    {
        Pump();
        while (Agent.HasWork)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Agent.Work(fuelSlice, Now);
            Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            Pump();
        }
    }
}
