// A board of a bench that keeps the protocol's form and none of its sense.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Flow;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Gateway.Core;

/// <summary>A board made of the wire classes alone: it has the key and keeps its chains, and seals whatever it is told to.</summary>
internal sealed class HostileBoard
{
    private readonly CoreBench bench;
    private readonly string name;
    private readonly HmacSha256 hmac = new();
    private readonly byte[] scratch = new byte[FrameChain.ScratchBytes];
    private readonly byte[] frame = new byte[FrameLimits.FrameBytesMax];
    private byte[] key = [];
    private long number;
    private SessionChains? chains;
    private int read;

    public HostileBoard(CoreBench bench, string name)
    {
        this.bench = bench;
        this.name = name;
        bench.Hostiles.Add(this);
        var code = JoinCode.Parse(bench.Core.Invite(new InviteAsked(name, "", 0), bench.Now).Value!.JoinCode);
        var client = BenchClient.Connect(bench, Topics.JoinClientId(code.Id), null, null);
        client.Subscribe(Topics.JoinDown(code.Id));
        var hello = new byte[FrameLimits.JoinFrameBytesMax];
        var nonce = new byte[FrameLimits.NonceBytes];
        var helloCount = JoinFrame.Close(hello, 0, FrameKind.Hello, new Hello { CodeId = code.Id, Board = "evil", NonceB = nonce }.Encode(hello, 2));
        client.Publish(Topics.JoinUp(code.Id), hello.AsSpan(0, helloCount));
        bench.Settle();
        var payload = client.Received[^1].Payload;
        var offer = new Offer();
        Assert.True(offer.Decode(payload, 2, payload.Length - 2));
        key = KeyDerivation.DeviceKey(hmac, code.Secret, offer.Site, offer.DeviceId, nonce, offer.NonceG);
        var accept = new byte[FrameLimits.JoinFrameBytesMax];
        var mac = KeyDerivation.AcceptMac(hmac, code.Secret, hello, 2, helloCount - 2, payload, 2, payload.Length - 2);
        client.Publish(Topics.JoinUp(code.Id), accept.AsSpan(0, JoinFrame.Close(accept, 0, FrameKind.Accept, new Accept { Mac = mac }.Encode(accept, 2))));
        bench.Settle();
        Assert.Equal(FrameKind.Joined, JoinFrame.KindOf(client.Received[^1].Payload, 0, client.Received[^1].Payload.Length));
        client.Drop();
    }

    public BenchClient? Client { get; private set; }

    /// <summary>Batches received and never honestly answered.</summary>
    public List<Batch> Open { get; } = [];

    public byte LastKind { get; private set; }

    public byte[] LastBody { get; private set; } = [];

    public bool InSession => Client is { Open: true };

    public void LogIn()
    {
        Client = BenchClient.Connect(bench, name, name, KeyDerivation.LoginPassword(hmac, key, bench.Options.Site, name, ++number));
        Client.Subscribe(Topics.DeviceDown(bench.Options.Site, name));
        bench.Settle();
        Assert.Equal(DePinEdge.Mqtt.ReasonCode.Success, Client.Connected);
        var welcome = Client.Received[0].Payload;
        chains = SessionChains.FromWelcome(hmac, key, bench.Options.Site, name, number, welcome, 0, welcome.Length, new Welcome(), scratch);
        Assert.NotNull(chains);
        read = 1;
    }

    /// <summary>A birth that fits every program.</summary>
    public void Birth()
    {
        var body = new byte[FrameLimits.BodyBytesMax];
        var birth = new Birth { Board = "evil", Chip = "x", FuelPerSecond = 1_000_000, MemoryBytesMax = 1 << 24, ImageBytesMax = 1 << 20 };
        Say(FrameKind.Birth, body[..birth.Encode(body, 0)]);
    }

    /// <summary>Grants two batches; null: answers none, otherwise the results given.</summary>
    public void Report(Report? answer)
    {
        var body = new byte[FrameLimits.BodyBytesMax];
        var report = answer ?? new Report();
        report.Window = 2;
        Say(FrameKind.Report, body[..report.Encode(body, 0)]);
    }

    /// <summary>Answers a batch as the agent does when it cannot run it.</summary>
    public void GiveUp(Batch batch)
    {
        var report = new Report { BatchId = batch.BatchId, Count = batch.Count };
        for (var i = 0; i < batch.Count; i++)
            (report.TaskId[i], report.Trap[i]) = (batch.TaskId[i], DePinEdge.Agent.Tasks.TrapCode.Abandoned);
        Report(report);
    }

    /// <summary>Runs a batch as it should be run and reports it, with the outputs of the first so many tasks altered.</summary>
    public void Answer(Batch batch, int wrong = 0)
    {
        Open.Remove(batch);
        var runner = new TaskRunner(bench.ProgramOf(batch.ProgramHash));
        var report = new Report { BatchId = batch.BatchId, Count = batch.Count };
        var outputs = new List<byte>();
        for (var i = 0; i < batch.Count; i++)
        {
            var outcome = runner.Run(batch.Data.AsSpan(batch.InputOffset[i], batch.InputCount[i]), batch.Data.AsSpan(batch.TailOffset, batch.TailCount), batch.FuelLimit);
            (report.TaskId[i], report.Status[i], report.Trap[i], report.Fuel[i]) = (batch.TaskId[i], outcome.Status, outcome.Trap, outcome.Fuel);
            (report.OutputOffset[i], report.OutputCount[i]) = (outputs.Count, outcome.Output.Length);
            outputs.AddRange(i < wrong ? [.. outcome.Output.Select(b => (byte)~b)] : outcome.Output);
        }
        report.Output = [.. outputs];
        Report(report);
    }

    public void Say(byte kind, byte[] body)
    {
        var count = chains!.Up.Seal(kind, body, 0, body.Length, frame, 0);
        Client!.Publish(Topics.DeviceUp(bench.Options.Site, name), frame.AsSpan(0, count));
        bench.Turn();
        Look();
    }

    /// <summary>Takes in what has arrived.</summary>
    public void Look()
    {
        if (Client is null)
            return;
        for (; read < Client.Received.Count; read++)
        {
            var payload = Client.Received[read].Payload;
            Assert.Equal(FrameStatus.Ok, chains!.Down.Open(payload, 0, payload.Length));
            (LastKind, LastBody) = (chains.Down.Kind, payload[chains.Down.BodyOffset..]);
            var batch = new Batch();
            if (LastKind == FrameKind.Batch && batch.Decode(LastBody, 0, LastBody.Length))
                Open.Add(batch);
        }
        if (Open.Count > 20)
            Open.RemoveAt(0);
    }
}
