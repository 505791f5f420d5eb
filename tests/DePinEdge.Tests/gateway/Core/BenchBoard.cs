// A board of a bench: the real agent, driven by hand.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;
using DePinEdge.Mqtt;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>The real <see cref="BoardAgent"/> over a <see cref="BenchClient"/>; hardware is simulated.</summary>
internal sealed class BenchBoard
{
    private readonly CoreBench bench;
    private readonly byte[] frame = new byte[FrameLimits.FrameBytesMax];
    private readonly ulong seed;
    private int acksSeen;
    private int receivedSeen;
    private bool publishing;

    public BenchBoard(CoreBench bench, BoardProfile profile, string? code, ulong seed, MemoryKeyStore? keys = null)
    {
        this.bench = bench;
        this.seed = seed;
        Profile = profile;
        Keys = keys ?? new MemoryKeyStore();
        Agent = NewAgent();
        if (code is not null)
            Agent.UseJoinCode(code);
    }

    public BoardProfile Profile { get; }

    public MemoryKeyStore Keys { get; }

    public BoardAgent Agent { get; private set; }

    public BenchClient? Client { get; private set; }

    /// <summary>The board runs nothing and says nothing while true, but keeps its connection.</summary>
    public bool Stalled { get; set; }

    /// <summary>The board takes batches and talks, but works on nothing.</summary>
    public bool Lazy { get; set; }

    /// <summary>Power off and on: memory is lost, flash is not.</summary>
    public void Reboot()
    {
        Client?.Drop();
        Client = null;
        Agent = NewAgent();
    }

    /// <summary>The board loses its link and the gateway hears nothing of it; returns the half that is left there.</summary>
    public BenchClient? Abandon()
    {
        var half = Client;
        Lost();
        return half;
    }

    public void Drop()
    {
        Client?.Drop();
        Lost();
    }

    /// <summary>One step; true when something happened.</summary>
    public bool Step()
    {
        var now = bench.Now.Ms;
        if (Client is { Open: false })
            Lost();
        if (Client is null)
            return Connect(now);
        var moved = false;
        while (Client.Received.Count > receivedSeen)
        {
            var payload = Client.Received[receivedSeen++].Payload;
            Agent.MessageReceived(payload, 0, payload.Length, now);
            moved = true;
        }
        if (publishing && Client.Acks.Count > acksSeen)
        {
            publishing = false;
            acksSeen = Client.Acks.Count;
            Agent.Sent(true, now);
            moved = true;
        }
        if (Stalled)
            return moved;
        if (Agent.ReconnectWanted)
        {
            Drop();
            return true;
        }
        if (Agent.HasWork && !Lazy)
        {
            Agent.Work(int.MaxValue, now);
            moved = true;
        }
        if (!publishing && Agent.NextToSend(frame, now) is > 0 and var count)
        {
            publishing = true;
            Client.Publish(Agent.PublishTopic, frame.AsSpan(0, count));
            moved = true;
        }
        return moved;
    }

    private bool Connect(long now)
    {
        if (Stalled || Agent.State == AgentState.Refused || now < Agent.ReconnectAtMs || !Agent.PrepareConnect())
            return false;
        var client = BenchClient.Connect(bench, Agent.ClientId, Agent.UserName.Length > 0 ? Agent.UserName : null, Agent.Password.Length > 0 ? Agent.Password : null);
        bench.Turn();
        if (client.Connected != ReasonCode.Success)
        {
            Agent.ConnectRefused((int)(client.Connected ?? ReasonCode.UnspecifiedError), now);
            return true;
        }
        Client = client;
        acksSeen = receivedSeen = 0;
        publishing = false;
        Agent.Connected(now);
        client.Subscribe(Agent.SubscribeTopic);
        return true;
    }

    private void Lost()
    {
        Client = null;
        publishing = false;
        Agent.Disconnected(bench.Now.Ms);
    }

    private BoardAgent NewAgent() => new(
        new AgentOptions
        {
            Board = Profile.Board,
            Chip = Profile.Chip,
            FuelPerSecond = Profile.FuelPerSecond,
            MemoryBytesMax = Profile.MemoryBytesMax,
            ImageBytesMax = Profile.ImageBytesMax,
            SensorBits = Profile.Sensors,
        },
        new HmacSha256(), Keys, new SeededEntropy(seed), new SimulatedSensors(Profile, 1, seed, 0));
}
