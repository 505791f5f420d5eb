using System.Text;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;

namespace DePinEdge.Benchmarks.Hostile;

/// <summary>
/// A board that has joined and holds its key, and sends damaged frames inside real sessions: header, number, MAC or body damaged, garbage
/// under a right MAC, old frames again, frames that are too long. It says of itself that it has no memory, so that it is given no work:
/// tasks lost to it three times would fail, and that would be right.
/// </summary>
internal sealed class FrameAttack
{
    private readonly GatewayProcess gateway;
    private readonly string name;
    private readonly Mutator mutator;
    private readonly HmacSha256 hmac = new();
    private readonly byte[] scratch = new byte[FrameChain.ScratchBytes];
    private readonly byte[] key;
    private readonly string site;
    private long number;

    private FrameAttack(GatewayProcess gateway, string name, string site, byte[] key, Mutator mutator)
    {
        this.gateway = gateway;
        this.name = name;
        this.site = site;
        this.key = key;
        this.mutator = mutator;
    }

    /// <summary>Frames that the broker took and that cannot fit any session: the gateway must count at least these.</summary>
    public long BadFrames { get; private set; }

    /// <summary>Joins as a board of that name.</summary>
    public static async Task<FrameAttack> JoinAsync(GatewayProcess gateway, string name, int seed, CancellationToken cancel)
    {
        var mutator = new Mutator(seed);
        var hmac = new HmacSha256();
        var code = JoinCode.Parse((await gateway.Client.InviteAsync(name, cancel: cancel)).JoinCode);
        await using var client = new MqttClient();
        await client.ConnectAsync(new MqttClientOptions { Port = gateway.MqttPort, ClientId = Topics.JoinClientId(code.Id) }, cancel);
        await client.SubscribeAsync(Topics.JoinDown(code.Id), QoS.AtLeastOnce, cancel);
        var nonce = mutator.Noise(FrameLimits.NonceBytes);
        var hello = new byte[FrameLimits.JoinFrameBytesMax];
        var helloCount = JoinFrame.Close(hello, 0, FrameKind.Hello, new Hello { CodeId = code.Id, Board = "evil", NonceB = nonce }.Encode(hello, 2));
        await client.PublishAsync(Topics.JoinUp(code.Id), hello.AsMemory(0, helloCount), QoS.AtLeastOnce, false, cancel);
        var payload = (await client.Messages.ReadAsync(cancel)).Payload;
        var offer = new Offer();
        if (!offer.Decode(payload, 2, payload.Length - 2))
            throw new InvalidOperationException("the gateway made no offer");
        var accept = new byte[FrameLimits.JoinFrameBytesMax];
        var mac = KeyDerivation.AcceptMac(hmac, code.Secret, hello, 2, helloCount - 2, payload, 2, payload.Length - 2);
        var acceptCount = JoinFrame.Close(accept, 0, FrameKind.Accept, new Accept { Mac = mac }.Encode(accept, 2));
        await client.PublishAsync(Topics.JoinUp(code.Id), accept.AsMemory(0, acceptCount), QoS.AtLeastOnce, false, cancel);
        await client.Messages.ReadAsync(cancel);
        return new FrameAttack(
            gateway, name, offer.Site, KeyDerivation.DeviceKey(hmac, code.Secret, offer.Site, offer.DeviceId, nonce, offer.NonceG), mutator);
    }

    /// <summary>Session after session, each until the gateway ends it or a few hundred frames are sent.</summary>
    public async Task RunAsync(Attack attack, CancellationToken cancel)
    {
        while (attack.More)
        {
            await using var client = new MqttClient();
            attack.CountConnection();
            var result = await client.ConnectAsync(
                new MqttClientOptions
                {
                    Port = gateway.MqttPort,
                    ClientId = name,
                    UserName = name,
                    Password = Encoding.ASCII.GetBytes(KeyDerivation.LoginPassword(hmac, key, site, name, ++number)),
                    MessageCapacity = 1_000,
                    MaxPacketBytes = 2 * FrameLimits.FrameBytesMax,
                }, cancel);
            if (!result.Accepted)
                throw new InvalidOperationException($"{name} was refused: {result.Code} {result.Reason}");
            await client.SubscribeAsync(Topics.DeviceDown(site, name), QoS.AtLeastOnce, cancel);
            var welcome = (await client.Messages.ReadAsync(cancel)).Payload;
            var chains = SessionChains.FromWelcome(hmac, key, site, name, number, welcome, 0, welcome.Length, new Welcome(), scratch)
                ?? throw new InvalidOperationException("the welcome does not fit the key");
            try
            {
                await SessionAsync(attack, client, chains.Up, cancel);
            }
            catch (MqttException)
            {
                attack.CountClosed();
            }
        }
    }

    private async Task SessionAsync(Attack attack, MqttClient client, FrameChain up, CancellationToken cancel)
    {
        var topic = Topics.DeviceUp(site, name);
        var frame = new byte[FrameLimits.FrameBytesMax];
        var body = new byte[FrameLimits.BodyBytesMax];
        byte[] last = [];
        if (mutator.Next(4) != 0)
        {
            var birth = new Birth { Board = "evil", Chip = "none", Firmware = "0", FuelPerSecond = 1_000 };
            last = frame[..up.Seal(FrameKind.Birth, body, 0, birth.Encode(body, 0), frame, 0)];
            await client.PublishAsync(topic, last, QoS.AtLeastOnce, false, cancel);
        }
        for (var i = 0; i < 300 && attack.Take(); i++)
        {
            while (client.Messages.TryRead(out _))
            {
                // What the gateway says is of no interest, but must not fill up.
            }
            var (bytes, bad) = Next(up, frame, body, last);
            try
            {
                await client.PublishAsync(topic, bytes, QoS.AtLeastOnce, false, cancel);
            }
            catch (MqttException)
            {
                attack.GiveBack();
                throw;
            }
            attack.CountSent();
            if (bad)
                BadFrames++;
            else
                last = bytes;
        }
    }

    /// <summary>The next payload, and whether no session can take it.</summary>
    private (byte[] Bytes, bool Bad) Next(FrameChain up, byte[] frame, byte[] body, byte[] last)
    {
        switch (mutator.Next(8))
        {
            case 0: // noise of any length, beyond the longest too
                var noise = mutator.Noise(mutator.Next(2 * FrameLimits.FrameBytesMax));
                return (noise, noise.Length < FrameLimits.HeaderBytes);
            case 1: // an old frame again, as it was or damaged
                return (last.Length > 0 && mutator.Next(2) == 0 ? mutator.Damage(last) : last, false);
            case 2 or 3 or 4: // garbage with a right MAC: the session goes on if its body means anything
                var count = Body(body);
                var kind = (byte)mutator.Next(12);
                return (frame[..up.Seal(kind, body, 0, count, frame, 0)], false);
            default: // damage after sealing: the chain does not move
                var spare = new byte[FrameLimits.HeaderBytes + 64];
                spare[0] = FrameLimits.Version;
                spare[1] = FrameKind.Report;
                BitConverter.TryWriteBytes(spare.AsSpan(2), up.NextSeq);
                mutator.Noise(spare.Length - 6).CopyTo(spare, 6);
                return (spare, true);
        }
    }

    private int Body(byte[] body)
    {
        var report = new Report { Window = 0, BatchId = mutator.Next(1_000), Count = mutator.Next(3) };
        for (var i = 0; i < report.Count; i++)
            (report.TaskId[i], report.Fuel[i]) = (mutator.Next(10_000), mutator.Next(1_000));
        var count = mutator.Next(3) switch
        {
            0 => report.Encode(body, 0),
            1 => new ProgramRequest { ProgramHash = mutator.Noise(32), Offset = mutator.Next(10_000), Count = mutator.Next(5_000) }.Encode(body, 0),
            _ => -1,
        };
        var bytes = count < 0 ? mutator.Noise(mutator.Next(FrameLimits.BodyBytesMax)) : mutator.Damage(body[..count]);
        count = Math.Min(bytes.Length, FrameLimits.BodyBytesMax);
        bytes.AsSpan(0, count).CopyTo(body);
        return count;
    }
}
