using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Mqtt.Broker;
using MqttReason = DePinEdge.Mqtt.ReasonCode;
using ReasonCode = DePinEdge.Gateway.Flow.ReasonCode;

namespace DePinEdge.Gateway.Devices;

/// <summary>
/// Boards as the gateway knows them: join, log-in, sessions and their frames. In: broker events and frames. Out: records about
/// devices, DeviceReady and DeviceLost, results and telemetry for the stages behind. It never looks at jobs or money.
/// </summary>
public sealed class DeviceStage
{
    /// <summary>Frames that do not fit before a session is closed: a board that lost its chain starts anew.</summary>
    private const int BadFramesMax = 16;

    /// <summary>Session-opening parameters a board may rely on.</summary>
    private const int NewKeyExpiresMs = 60_000;

    /// <summary>How much later than promised a sleeping board may wake before it counts as lost, ms.</summary>
    public const long WakeGraceMs = 30_000;

    /// <summary>Longest sleep that is believed, ms: nobody is online for ever on a promise.</summary>
    public const long SleepMsMax = 7L * 86_400_000;

    private readonly GatewayOptions options;
    private readonly IHmac hmac;
    private readonly IEntropySource entropy;
    private readonly byte[] scratch = new byte[FrameChain.ScratchBytes];
    private readonly byte[] frame = new byte[FrameLimits.FrameBytesMax];
    private readonly byte[] body = new byte[FrameLimits.BodyBytesMax];
    private readonly byte[] received = new byte[FrameLimits.FrameBytesMax];
    private readonly Birth birth = new();
    private readonly Report report = new();
    private readonly CommandReply commandReply = new();
    private readonly Goodbye goodbye = new();

    // One for each device that sleeps as it promised, by the end of its time. Not durable: after a restart they are lost until they wake.
    private readonly SortedSet<(long DueMs, string Id)> sleepers = [];
    private long nextCommand = 1;

    public DeviceStage(GatewayOptions options, IHmac hmac, IEntropySource entropy)
    {
        this.options = options;
        this.hmac = hmac;
        this.entropy = entropy;
        Table = new DeviceTable();
        Join = new JoinDesk(options, Table, hmac, entropy);
        Logins = new LoginGate(options, Table, hmac);
    }

    public DeviceTable Table { get; }

    public JoinDesk Join { get; }

    public LoginGate Logins { get; }

    /// <summary>Frames ignored since the start, whatever the reason.</summary>
    public long FramesBad { get; private set; }

    /// <summary>When <see cref="TakeOverslept"/> has something next; <see cref="long.MaxValue"/> while nobody sleeps.</summary>
    public long NextOversleptMs => sleepers.Count == 0 ? long.MaxValue : sleepers.Min.DueMs;

    /// <summary>Devices with an open, born session.</summary>
    public int Online { get; private set; }

    /// <summary>Serves an image to a board that asks; set by the core, because programs are the scheduler's.</summary>
    public Func<byte[], (byte[] Image, byte[] Hash)?> FindImage { get; set; } = _ => null;

    public PublishRoute RoutePublish(BrokerClient client, string topic) => client.Identity switch
    {
        DeviceIdentity device when topic == device.UpTopic => PublishRoute.ToApplication,
        JoinIdentity join when topic == join.UpTopic => PublishRoute.ToApplication,
        _ => PublishRoute.Refuse,
    };

    /// <summary>
    /// Readers may use any filter but one that names a private topic outright: private messages never pass through subscriptions (the
    /// broker sends them to one client), so a wide filter such as <c>depin/#</c> sees none of them.
    /// </summary>
    public MqttReason AllowSubscribe(BrokerClient client, string filter) => client.Identity switch
    {
        DeviceIdentity device when filter == device.DownTopic => MqttReason.Success,
        JoinIdentity join when filter == join.DownTopic => MqttReason.Success,
        ReaderIdentity when !NamesPrivate(filter) => MqttReason.Success,
        _ => MqttReason.NotAuthorized,
    };

    /// <summary>A board listens on its down topic: the session opens with Welcome.</summary>
    public void Subscribed(BrokerClient client, IEffects effects)
    {
        if (client.Identity is not DeviceIdentity identity || Table.Find(identity.Device) is not { } device)
            return;
        if (device.Session is { } open && ReferenceEquals(open.Client, client))
            return;
        var nonce = new byte[FrameLimits.NonceBytes];
        entropy.Fill(nonce);
        var chains = new SessionChains(hmac, device.Key, options.Site, identity.Device, identity.LoginNumber, nonce, scratch);
        device.Session = new DeviceSession(client, identity.DownTopic, chains);
        device.Connected = true;
        var welcome = new Welcome
        {
            NonceG = nonce,
            UtcMs = effects.Now.UtcMs,
            LoginNumber = identity.LoginNumber,
            FrameBytesMax = FrameLimits.FrameBytesMax,
            TasksPerBatchMax = FrameLimits.TasksPerBatchMax,
            ReportIntervalMs = options.ReportIntervalMs,
        };
        SendFrame(device, FrameKind.Welcome, body, welcome.Encode(body, 0), effects);
    }

    public void Lost(BrokerClient client, string why, IEffects effects)
    {
        if (client.Identity is DeviceIdentity identity && Table.Find(identity.Device) is { Session: { } session } device && ReferenceEquals(session.Client, client))
            Close(device, session, why, effects);
    }

    /// <summary>The gateway ended a client's connection itself.</summary>
    public void Dropped(string clientId, string why, IEffects effects)
    {
        if (Table.Find(clientId) is { Session: { } session } device)
            Close(device, session, why, effects);
    }

    public void MessageReceived(BrokerClient client, ReadOnlySpan<byte> payload, IEffects effects)
    {
        if (client.Identity is JoinIdentity join)
        {
            Join.Received(join.CodeId, client.Remote.Network, payload, effects);
            return;
        }
        if (client.Identity is not DeviceIdentity identity || Table.Find(identity.Device) is not { Session: { } session } device
            || !ReferenceEquals(session.Client, client))
            return;
        device.LastSeenUtcMs = effects.Now.UtcMs;
        if (payload.Length > FrameLimits.FrameBytesMax)
        {
            effects.Tally.Count(GatewayLimit.FrameBytesMax);
            Ignore(device, session, FrameStatus.TooLong, effects);
            return;
        }
        payload.CopyTo(received);
        var status = session.Chains.Up.Open(received, 0, payload.Length);
        if (status == FrameStatus.Ok)
            FrameReceived(device, session, effects);
        else if (status == FrameStatus.Gap)
            AskResend(device, session, FrameChain.SeqOf(received, 0), effects);
        else if (status != FrameStatus.Duplicate)
            Ignore(device, session, status, effects);
    }

    /// <summary>The next device that did not wake within <see cref="WakeGraceMs"/> of its promise, or null; call it until then.</summary>
    public Device? TakeOverslept(long nowMs)
    {
        while (sleepers.Count > 0 && sleepers.Min.DueMs <= nowMs)
        {
            var (dueMs, id) = sleepers.Min;
            sleepers.Remove((dueMs, id));
            // Another board may have the name by now.
            if (Table.Find(id) is not { WakesAt: { } wake } device || wake.Ms + WakeGraceMs != dueMs)
                continue;
            device.WakesAt = null;
            return device;
        }
        return null;
    }

    /// <summary>Seals a body into the device's down chain and sends it. False when the device has no session.</summary>
    public bool SendFrame(Device device, byte kind, byte[] frameBody, int count, IEffects effects)
    {
        Invariant.Require(count >= 0, $"a frame of kind {kind} does not fit");
        if (device.Session is not { } session)
            return false;
        var bytes = session.Chains.Down.Seal(kind, frameBody, 0, count, frame, 0);
        Invariant.Require(bytes > 0, $"a sealed frame of kind {kind} does not fit");
        return effects.Send(device.Id.Value, session.DownTopic, frame.AsSpan(0, bytes));
    }

    private void Close(Device device, DeviceSession session, string why, IEffects effects)
    {
        device.Session = null;
        device.Connected = false;
        if (!session.Born)
            return;
        Online--;
        device.WakesAt = session.WakesAt;
        if (device.WakesAt is { } wake)
            sleepers.Add((wake.Ms + WakeGraceMs, device.Id.Value));
        effects.Pass(new DeviceLost(device.Id, why));
    }

    /// <summary>True when it woke as it had promised.</summary>
    private bool Awake(Device device)
    {
        if (device.WakesAt is not { } wake)
            return false;
        sleepers.Remove((wake.Ms + WakeGraceMs, device.Id.Value));
        device.WakesAt = null;
        return true;
    }

    private void FrameReceived(Device device, DeviceSession session, IEffects effects)
    {
        var up = session.Chains.Up;
        var good = up.Kind switch
        {
            FrameKind.Birth => !session.Born && BirthRead(device, session, up, effects),
            FrameKind.Report => session.Born && ReportRead(device, session, up, effects),
            FrameKind.ProgramRequest => session.Born && RequestRead(device, up, effects),
            FrameKind.CommandReply => ReplyRead(device, session, up, effects),
            FrameKind.Goodbye => GoodbyeRead(session, up, effects),
            _ => false,
        };
        if (!good)
            Ignore(device, session, up.Kind is FrameKind.Birth or FrameKind.Report ? FrameStatus.BadBody : FrameStatus.Unexpected, effects);
    }

    private bool BirthRead(Device device, DeviceSession session, FrameChain up, IEffects effects)
    {
        if (!birth.Decode(received, up.BodyOffset, up.BodyCount) || birth.FuelPerSecond < 0 || birth.MemoryBytesMax < 0 || birth.ImageBytesMax < 0)
            return false;
        var born = new DeviceBorn(
            device.Id, birth.Board, birth.Chip, birth.Firmware, Math.Max(0, birth.EngineVersion), Math.Max(0, birth.AbiVersion), birth.FuelPerSecond,
            birth.MemoryBytesMax, birth.ImageBytesMax, (uint)birth.SensorBits, (uint)birth.CapabilityBits, Math.Max(0, birth.PowerSource),
            Math.Max(0, birth.WakePlanMs));
        if (device.Birth != born)
            effects.Record(born);
        session.Born = true;
        Online++;
        var slept = Awake(device);
        if (device.KeyGeneration == 0)
            OfferKey(device, session, effects);
        effects.Pass(new DeviceReady(device.Id, slept));
        return true;
    }

    /// <summary>The join's key is used for one session only: whoever read the code along with the join gains nothing later.</summary>
    private void OfferKey(Device device, DeviceSession session, IEffects effects)
    {
        var nonce = new byte[FrameLimits.NonceBytes];
        entropy.Fill(nonce);
        effects.Record(new KeyOffered(device.Id, device.KeyGeneration + 1));
        var key = $"secret/next/{device.Id}";
        var next = KeyDerivation.NextKey(hmac, device.Key, options.Site, device.Id.Value, nonce);
        effects.Blob(key, next);
        session.NewKeyCommand = nextCommand++;
        var command = new Command
        {
            Id = session.NewKeyCommand,
            Name = CommandName.NewKey,
            Payload = nonce,
            PayloadCount = nonce.Length,
            ExpiresMs = NewKeyExpiresMs,
        };
        SendFrame(device, FrameKind.Command, body, command.Encode(body, 0), effects);
    }

    private bool ReportRead(Device device, DeviceSession session, FrameChain up, IEffects effects)
    {
        if (!report.Decode(received, up.BodyOffset, up.BodyCount))
            return false;
        session.Window = Math.Clamp(report.Window, 0, 64);
        session.WakesAt = null; // it said goodbye and stayed
        session.WindowMax = Math.Max(session.WindowMax, session.Window);
        // The board counts since its boot; a smaller number than before is a new boot.
        var ignoredNow = report.FramesIgnored - (report.FramesIgnored >= device.FramesIgnoredByBoot ? device.FramesIgnoredByBoot : 0);
        device.FramesIgnoredByBoot = report.FramesIgnored;
        if (ignoredNow > 0)
        {
            device.FramesIgnored += ignoredNow;
            effects.Pass(new Refused(device.Id.Value, ReasonCode.BadMac,
                $"the board ignored {ignoredNow} frames, the last for {FrameStatus.Name(report.LastIgnoredStatus)}", RefusedWhat.Frame));
        }
        if (report.Telemetry.Present != 0)
            effects.Pass(new TelemetryReported(device.Id, report.Telemetry));
        var tasks = new ReportedTask[report.BatchId == 0 ? 0 : report.Count];
        for (var i = 0; i < tasks.Length; i++)
            tasks[i] = new ReportedTask(report.TaskId[i], report.Status[i], report.Trap[i], report.Fuel[i],
                report.Output.AsSpan(report.OutputOffset[i], report.OutputCount[i]).ToArray());
        effects.Pass(new ResultReceived(device.Id, new BatchId(report.BatchId), tasks));
        return true;
    }

    private bool RequestRead(Device device, FrameChain up, IEffects effects)
    {
        var request = new ProgramRequest();
        if (!request.Decode(received, up.BodyOffset, up.BodyCount))
            return false;
        if (FindImage(request.ProgramHash) is not { } program)
        {
            // A total of 0 says that the program cannot be had: the board gives its batches up at once, and the tasks wait here.
            var none = new ProgramChunk { ProgramHash = request.ProgramHash };
            return SendFrame(device, FrameKind.ProgramChunk, body, none.Encode(body, 0), effects);
        }
        if (request.Offset >= program.Image.Length)
            return false;
        var chunk = new ProgramChunk
        {
            ProgramHash = request.ProgramHash,
            ImageHash = program.Hash,
            Total = program.Image.Length,
            Offset = request.Offset,
            Data = program.Image,
            DataOffset = request.Offset,
            DataCount = Math.Min(Math.Clamp(request.Count, 1, FrameLimits.ChunkBytesMax), program.Image.Length - request.Offset),
        };
        return SendFrame(device, FrameKind.ProgramChunk, body, chunk.Encode(body, 0), effects);
    }

    private bool ReplyRead(Device device, DeviceSession session, FrameChain up, IEffects effects)
    {
        if (!commandReply.Decode(received, up.BodyOffset, up.BodyCount))
            return false;
        if (commandReply.Id == session.NewKeyCommand && commandReply.Status != CommandStatus.Done)
            effects.Pass(new Refused(device.Id.Value, ReasonCode.BadMac, $"the board did not take its new key (status {commandReply.Status})", RefusedWhat.Frame));
        return true;
    }

    private bool GoodbyeRead(DeviceSession session, FrameChain up, IEffects effects)
    {
        if (!goodbye.Decode(received, up.BodyOffset, up.BodyCount) || goodbye.NextWakeMs < 0)
            return false;
        var sleepMs = goodbye.Reason == GoodbyeReason.Sleep ? Math.Min(goodbye.NextWakeMs, SleepMsMax) : 0;
        session.WakesAt = sleepMs == 0 ? null : new Instant(effects.Now.Ms + sleepMs, effects.Now.UtcMs + sleepMs);
        return true;
    }

    private void AskResend(Device device, DeviceSession session, uint seq, IEffects effects)
    {
        FramesBad++;
        // One request covers everything up to the frame that showed the gap; later frames of the same gap ask no more.
        if (seq <= session.ResendAskedTo)
            return;
        session.ResendAskedTo = seq;
        var resend = new Resend { FromSeq = session.Chains.Up.NextSeq, ToSeq = seq };
        SendFrame(device, FrameKind.Resend, body, resend.Encode(body, 0), effects);
    }

    private void Ignore(Device device, DeviceSession session, int status, IEffects effects)
    {
        FramesBad++;
        session.BadFrames++;
        var reason = status == FrameStatus.Fork ? ReasonCode.Forked : ReasonCode.BadMac;
        effects.Pass(new Refused(device.Id.Value, reason, $"a frame was ignored: {FrameStatus.Name(status)}", RefusedWhat.Frame));
        if (session.BadFrames >= BadFramesMax)
            effects.Tally.Count(GatewayLimit.BadFramesMax);
        if (status == FrameStatus.Fork || session.BadFrames >= BadFramesMax)
            effects.Disconnect(device.Id.Value, MqttReason.ProtocolError, $"{session.BadFrames} frames do not fit the session");
    }

    private static bool NamesPrivate(string filter) =>
        filter.StartsWith("depin/v1/join/", StringComparison.Ordinal)
        || (filter.Contains("/device/", StringComparison.Ordinal)
            && (filter.EndsWith("/up", StringComparison.Ordinal) || filter.EndsWith("/down", StringComparison.Ordinal)));
}
