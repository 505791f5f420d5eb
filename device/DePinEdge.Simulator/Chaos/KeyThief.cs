// Somebody with a copy of a board's key store and a recording of its wire.
using System.Text;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;

namespace DePinEdge.Simulator.Chaos;

/// <summary>
/// Tries everything such a person can: recorded passwords, log-ins of its own with the copied key while the owner is there, recorded
/// frames, made-up frames, and work that is taken and never answered. Goes on until the gateway takes the key from it.
/// </summary>
/// <param name="port">The gateway's MQTT port on loopback.</param>
/// <param name="store">The victim's key store; it is copied when the theft begins, once.</param>
/// <param name="tape">What was recorded on the victim's wire.</param>
/// <param name="stage">Where attempts are counted.</param>
/// <param name="seed">What the thief makes up.</param>
/// <param name="time">For waits.</param>
public sealed class KeyThief(int port, IKeyStore store, Tape tape, ChaosStage stage, ulong seed, TimeProvider time)
{
    private const int ForgedFrames = 4;

    /// <summary>Refused log-ins in a row after which the thief gives up.</summary>
    private const int RefusalsMax = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly HmacSha256 hmac = new();
    private readonly Chance chance = new(seed);
    private readonly KeyRecord record = new();
    private volatile bool shutOut;
    private long accepted;
    private long number;

    /// <summary>Recorded passwords that the gateway took: none, or log-in numbers are worth nothing. Any thread.</summary>
    public long ReplaysAccepted => Interlocked.Read(ref accepted);

    /// <summary>The gateway refuses the copied key for good. Any thread.</summary>
    public bool ShutOut => shutOut;

    /// <summary>Waits until the tape holds enough, then steals and uses the key. Ends when the gateway has shut the thief out, or on cancellation.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (tape.Passwords.Count == 0 || tape.Frames.Count < 4 || tape.BirthBody.Length == 0 || !stage.Begun)
            await Task.Delay(Pause, time, cancel).ConfigureAwait(false);
        // Copied now: whatever the owner's store holds later, the thief does not have.
        var frames = tape.Frames;
        if (!record.Load(store))
            throw new InvalidOperationException("there is no key to steal");
        foreach (var password in tape.Passwords)
            await ReplayAsync(password, cancel).ConfigureAwait(false);
        number = (record.BootCounter + 1) * Identity.ConnectionsPerBoot;
        for (var refusals = 0; refusals < RefusalsMax;)
        {
            refusals = await LogInAsync(frames, cancel).ConfigureAwait(false) ? 0 : refusals + 1;
            await Task.Delay(Pause, time, cancel).ConfigureAwait(false);
        }

        shutOut = true;
    }

    private async Task ReplayAsync(string password, CancellationToken cancel)
    {
        await using var client = new MqttClient();
        var result = await ConnectAsync(client, password, cancel).ConfigureAwait(false);
        if (result is null)
            return;
        stage.Faults.Add(FaultKind.ReplayedLogin);
        if (result.Accepted)
            Interlocked.Increment(ref accepted);
    }

    /// <summary>One log-in with the copied key, and what can be done with it. False when it was refused.</summary>
    private async Task<bool> LogInAsync(IReadOnlyList<byte[]> frames, CancellationToken cancel)
    {
        var password = KeyDerivation.LoginPassword(hmac, record.Key, record.Site, record.DeviceId, ++number);
        await using var client = new MqttClient();
        if (await ConnectAsync(client, password, cancel).ConfigureAwait(false) is not { } result)
            return true;
        stage.Faults.Add(FaultKind.StolenLogin);
        if (!result.Accepted)
            return false;
        try
        {
            await client.SubscribeAsync(Topics.DeviceDown(record.Site, record.DeviceId), QoS.AtLeastOnce, cancel).ConfigureAwait(false);
            var welcome = (await client.Messages.ReadAsync(cancel).ConfigureAwait(false)).Payload;
            var chains = SessionChains.FromWelcome(
                hmac, record.Key, record.Site, record.DeviceId, number, welcome, 0, welcome.Length, new Welcome(), new byte[FrameChain.ScratchBytes]);
            if (chains is null)
                return true;
            await AbuseAsync(client, chains.Up, frames, cancel).ConfigureAwait(false);
            await client.Closed.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MqttException or System.Threading.Channels.ChannelClosedException)
        {
            // Thrown out: the next log-in shows whether for good.
        }

        return true;
    }

    private async Task AbuseAsync(MqttClient client, FrameChain up, IReadOnlyList<byte[]> frames, CancellationToken cancel)
    {
        // As the victim, with its own words, ready for two batches that will never be answered.
        await SayAsync(client, up, FrameKind.Birth, tape.BirthBody, cancel).ConfigureAwait(false);
        var body = new byte[FrameLimits.BodyBytesMax];
        await SayAsync(client, up, FrameKind.Report, body[..new Report { Window = 2 }.Encode(body, 0)], cancel).ConfigureAwait(false);
        // Few enough that the session is not closed for them: sixteen would do that.
        var renumber = false;
        foreach (var recorded in frames.TakeLast(4))
        {
            // Some as they were, some with the number that is due: only those does the gateway look at closely.
            var frame = (byte[])recorded.Clone();
            if (renumber)
                BitConverter.TryWriteBytes(frame.AsSpan(2), up.NextSeq);
            renumber = !renumber;
            await PublishAsync(client, frame, cancel).ConfigureAwait(false);
            stage.Faults.Add(FaultKind.ReplayedFrame);
        }

        for (var i = 0; i < ForgedFrames; i++)
        {
            var forged = chance.Bytes(FrameLimits.HeaderBytes + chance.Between(1, 200));
            (forged[0], forged[1]) = (FrameLimits.Version, FrameKind.Report);
            BitConverter.TryWriteBytes(forged.AsSpan(2), up.NextSeq);
            await PublishAsync(client, forged, cancel).ConfigureAwait(false);
            stage.Faults.Add(FaultKind.ForgedFrame);
        }
    }

    private async Task SayAsync(MqttClient client, FrameChain up, byte kind, byte[] body, CancellationToken cancel)
    {
        var frame = new byte[FrameLimits.FrameBytesMax];
        var count = up.Seal(kind, body, 0, body.Length, frame, 0);
        await PublishAsync(client, frame[..count], cancel).ConfigureAwait(false);
    }

    private Task<ReasonCode> PublishAsync(MqttClient client, byte[] frame, CancellationToken cancel) =>
        client.PublishAsync(Topics.DeviceUp(record.Site, record.DeviceId), frame, QoS.AtLeastOnce, false, cancel);

    private async Task<ConnectResult?> ConnectAsync(MqttClient client, string password, CancellationToken cancel)
    {
        try
        {
            return await client.ConnectAsync(
                new MqttClientOptions
                {
                    Port = port,
                    ClientId = record.DeviceId,
                    UserName = record.DeviceId,
                    Password = Encoding.ASCII.GetBytes(password),
                    KeepAliveSeconds = 30,
                    TimeProvider = time,
                    MaxPacketBytes = 2 * FrameLimits.FrameBytesMax,
                },
                cancel).ConfigureAwait(false);
        }
        catch (MqttException)
        {
            return null;
        }
    }
}
