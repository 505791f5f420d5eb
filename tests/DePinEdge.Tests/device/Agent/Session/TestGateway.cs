// The gateway's side of the protocol for one board, as small as it can be: built from the shared wire classes, no policy.
using System.Security.Cryptography;
using System.Text;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;
using DePinEdge.Tasks;

namespace DePinEdge.Tests.Device.Agent.Session;

internal sealed class TestGateway
{
    public const string Code = "K7Q2MX-0123456789ABCDEFGHJKMNPQRS";
    public const string Site = "home";
    public const string Device = "dev-1";

    private static readonly HmacSha256 Hmac = new();
    private readonly byte[] scratch = new byte[FrameChain.ScratchBytes];
    private readonly byte[] secret = Encoding.ASCII.GetBytes(Code[7..]);
    private readonly byte[] body = new byte[FrameLimits.BodyBytesMax];
    private int nonces;
    private byte[]? helloBody;
    private byte[]? offerBody;

    /// <summary>Payloads on their way to the board.</summary>
    public Queue<byte[]> Down { get; } = new();
    /// <summary>Every payload of the board, as it arrived.</summary>
    public List<byte[]> Received { get; } = [];
    public List<int> Statuses { get; } = [];
    public List<byte> Kinds { get; } = [];
    public List<Report> Reports { get; } = [];
    public List<CommandReply> Replies { get; } = [];
    public List<ProgramRequest> Requests { get; } = [];
    public Birth? Birth { get; private set; }
    public Goodbye? Goodbye { get; private set; }
    public byte[]? Key { get; set; }
    public byte[]? NextKey { get; set; }
    public SessionChains? Chains { get; private set; }
    public long LastLogin { get; private set; }
    public bool Joined { get; private set; }
    public bool ForgesOffer { get; set; }
    public bool HoldsBackJoined { get; set; }
    public bool ServesPrograms { get; set; } = true;
    public int WelcomeReportIntervalMs { get; set; }
    public Dictionary<string, LoadedProgram> Programs { get; } = [];
    /// <summary>Changes a chunk before it is sent.</summary>
    public Action<ProgramChunk>? Tamper { get; set; }

    public IEnumerable<Report> Answers => Reports.Where(r => r.BatchId != 0);

    public void Offer(LoadedProgram program) => Programs[program.HashHex] = program;

    /// <summary>What a gateway checks at CONNECT: a newer number and the mac under the key or the next one.</summary>
    public bool Login(string user, string password)
    {
        var n = KeyDerivation.LoginNumber(password);
        if (user != Device || Key is null || n <= LastLogin)
            return false;
        if (NextKey is not null && KeyDerivation.SameText(password, KeyDerivation.LoginPassword(Hmac, NextKey, Site, Device, n)))
        {
            Key = NextKey;
            NextKey = null;
        }
        else if (!KeyDerivation.SameText(password, KeyDerivation.LoginPassword(Hmac, Key, Site, Device, n)))
            return false;
        LastLogin = n;
        return true;
    }

    public void OpenSession()
    {
        var welcome = new Welcome { UtcMs = 1795330000000, LoginNumber = LastLogin, NonceG = Nonce(), ReportIntervalMs = WelcomeReportIntervalMs };
        Chains = new SessionChains(Hmac, Key!, Site, Device, LastLogin, welcome.NonceG, scratch);
        Send(FrameKind.Welcome, welcome.Encode);
    }

    public byte[] Send(byte kind, Func<byte[], int, int> encode)
    {
        var count = encode(body, 0);
        Assert.True(count >= 0);
        return SendBytes(kind, body[..count]);
    }

    public byte[] SendBytes(byte kind, byte[] bytes)
    {
        var frame = new byte[FrameLimits.HeaderBytes + bytes.Length];
        Assert.Equal(frame.Length, Chains!.Down.Seal(kind, bytes, 0, bytes.Length, frame, 0));
        Down.Enqueue(frame);
        return frame;
    }

    /// <summary>Sends a batch whose inputs are given.</summary>
    public void SendBatch(long id, LoadedProgram program, int leaseMs, byte[][] inputs, byte[]? tail = null, long fuelLimit = 1_000_000) =>
        Send(FrameKind.Batch, MakeBatch(id, program, leaseMs, inputs, tail, fuelLimit).Encode);

    public static Batch MakeBatch(long id, LoadedProgram program, int leaseMs, byte[][] inputs, byte[]? tail = null, long fuelLimit = 1_000_000)
    {
        var batch = new Batch
        {
            BatchId = id,
            LeaseMs = leaseMs,
            ProgramHash = program.Hash,
            FuelLimit = fuelLimit,
            Data = [.. tail ?? [], .. inputs.SelectMany(i => i)],
            TailCount = tail?.Length ?? 0,
            Count = inputs.Length,
        };
        var at = batch.TailCount;
        for (var i = 0; i < inputs.Length; i++)
        {
            batch.TaskId[i] = id * 100 + i;
            batch.InputOffset[i] = at;
            batch.InputCount[i] = inputs[i].Length;
            at += inputs[i].Length;
        }
        return batch;
    }

    public void SendCommand(long id, string name, byte[]? payload = null, int expiresMs = 60000) => Send(FrameKind.Command,
        new Command { Id = id, Name = name, Payload = payload ?? [], PayloadCount = payload?.Length ?? 0, ExpiresMs = expiresMs }.Encode);

    /// <summary>Derives the next key as the board will and orders it to.</summary>
    public void RotateKey(long commandId)
    {
        var nonce = Nonce();
        NextKey = KeyDerivation.NextKey(Hmac, Key!, Site, Device, nonce);
        SendCommand(commandId, CommandName.NewKey, nonce);
    }

    public void Receive(byte[] payload)
    {
        Received.Add(payload);
        if (payload[1] < FrameKind.Welcome)
            ReceiveJoin(payload);
        else
            ReceiveFrame(payload);
    }

    private void ReceiveJoin(byte[] payload)
    {
        var kind = JoinFrame.KindOf(payload, 0, payload.Length);
        var bytes = payload[FrameLimits.JoinHeaderBytes..];
        if (kind == FrameKind.Hello)
        {
            var hello = new Hello();
            Assert.True(hello.Decode(bytes, 0, bytes.Length));
            Assert.Equal("k7q2mx", hello.CodeId);
            if (helloBody is null || !helloBody.AsSpan().SequenceEqual(bytes))
                MakeOffer(hello, bytes);
            SendJoin(FrameKind.Offer, offerBody!);
        }
        else if (kind == FrameKind.Accept)
        {
            var accept = new Accept();
            Assert.True(accept.Decode(bytes, 0, bytes.Length));
            Assert.Equal(KeyDerivation.AcceptMac(Hmac, secret, helloBody, 0, helloBody!.Length, offerBody, 0, offerBody!.Length), accept.Mac);
            Joined = true;
            if (!HoldsBackJoined)
                SendJoin(FrameKind.Joined, MessageBytes(new Joined { DeviceId = Device }.Encode));
        }
    }

    private void MakeOffer(Hello hello, byte[] bytes)
    {
        helloBody = bytes;
        var offer = new Offer { Site = Site, DeviceId = Device, NonceG = Nonce() };
        var part = MessageBytes(offer.EncodeWithoutMac);
        offer.Mac = KeyDerivation.OfferMac(Hmac, secret, bytes, 0, bytes.Length, part, 0, part.Length);
        if (ForgesOffer)
            offer.Mac[0] ^= 1;
        offerBody = MessageBytes(offer.Encode);
        Key = KeyDerivation.DeviceKey(Hmac, secret, Site, Device, hello.NonceB, offer.NonceG);
    }

    public void SendJoin(byte kind, byte[] bytes) => Down.Enqueue([FrameLimits.Version, kind, .. bytes]);

    public static byte[] MessageBytes(Func<byte[], int, int> encode)
    {
        var buffer = new byte[FrameLimits.BodyBytesMax];
        var count = encode(buffer, 0);
        Assert.True(count >= 0);
        return buffer[..count];
    }

    private void ReceiveFrame(byte[] payload)
    {
        var up = Chains!.Up;
        var status = up.Open(payload, 0, payload.Length);
        Statuses.Add(status);
        if (status != FrameStatus.Ok)
            return;
        Kinds.Add(up.Kind);
        switch (up.Kind)
        {
            case FrameKind.Birth:
                Birth = new Birth();
                Assert.True(Birth.Decode(payload, up.BodyOffset, up.BodyCount));
                break;
            case FrameKind.Report:
                var report = new Report();
                Assert.True(report.Decode(payload, up.BodyOffset, up.BodyCount));
                Reports.Add(report);
                break;
            case FrameKind.CommandReply:
                var reply = new CommandReply();
                Assert.True(reply.Decode(payload, up.BodyOffset, up.BodyCount));
                Replies.Add(reply);
                break;
            case FrameKind.Goodbye:
                Goodbye = new Goodbye();
                Assert.True(Goodbye.Decode(payload, up.BodyOffset, up.BodyCount));
                break;
            case FrameKind.ProgramRequest:
                var request = new ProgramRequest();
                Assert.True(request.Decode(payload, up.BodyOffset, up.BodyCount));
                Requests.Add(request);
                if (ServesPrograms)
                    Serve(request);
                break;
            default:
                Assert.Fail($"a board sent kind {up.Kind}");
                break;
        }
    }

    private void Serve(ProgramRequest request)
    {
        var chunk = new ProgramChunk { ProgramHash = request.ProgramHash, Data = [], Offset = request.Offset };
        if (Programs.TryGetValue(Convert.ToHexStringLower(request.ProgramHash), out var program))
        {
            chunk.ImageHash = SHA256.HashData(program.Image);
            chunk.Total = program.Image.Length;
            chunk.DataCount = Math.Min(request.Count, program.Image.Length - request.Offset);
            chunk.Data = program.Image[request.Offset..(request.Offset + chunk.DataCount)];
        }
        Tamper?.Invoke(chunk);
        Send(FrameKind.ProgramChunk, chunk.Encode);
    }

    private byte[] Nonce() => SHA256.HashData(BitConverter.GetBytes(++nonces))[..16];
}
