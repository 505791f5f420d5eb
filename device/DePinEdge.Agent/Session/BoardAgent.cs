// The board's side of the protocol, from join code to answered batch. Start reading here.
//
// In: payloads from the board's down topic (MessageReceived), what became of the link and of the last publish, and time.
// Out: what to connect as (PrepareConnect) and the next payload for the up topic (NextToSend).
// Never: sockets, clocks, threads, files. The runner owns the MQTT link and calls from one thread.
// Longer than most files here because half of it is the contract with runners: what they may read, with its meaning.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Wire;

namespace DePinEdge.Agent.Session;

/// <summary>One board's agent. The runner's loop: while not connected and <see cref="ReconnectAtMs"/> has come: PrepareConnect, connect,
/// subscribe to <see cref="SubscribeTopic"/> (QoS 1), then Connected. While connected: hand in messages; publish (QoS 1, one at a time) what
/// NextToSend writes and call Sent after the PUBACK; call Work while <see cref="HasWork"/>; sleep until <see cref="NextWakeMs"/> at
/// most; close the link when <see cref="ReconnectWanted"/>. All times are ms of one monotonic clock. Memory is taken at construction: about
/// (2 + Window) frames for queue and codec, the two rings, and the programs.</summary>
public sealed class BoardAgent
{
    private const int GreetingWaitMs = 30000;
    private const int RefusalsMax = 3;
    // A gateway that takes shorter frames than this is not one of ours.
    private const int FrameBytesLeast = 2048;
    private const int ActionReboot = 1;
    private const int ActionNewKey = 2;

    private readonly AgentOptions options;
    private readonly IHmac hmac;
    private readonly IEntropy entropy;
    private readonly ISensors sensors;
    private readonly Identity identity;
    private readonly Backoff backoff;
    private readonly WorkDesk work;
    private readonly UpLink up;
    private readonly CommandDesk commands = new CommandDesk();
    private readonly byte[] scratch = new byte[FrameChain.ScratchBytes];

    private readonly Welcome welcome = new Welcome();
    private readonly Batch batch = new Batch();
    private readonly Report report = new Report();
    private readonly ProgramRequest request = new ProgramRequest();
    private readonly ProgramChunk chunk = new ProgramChunk();
    private readonly Resend resend = new Resend();
    private readonly Command command = new Command();
    private readonly CommandReply reply = new CommandReply();
    private readonly Goodbye goodbye = new Goodbye();

    private JoinHandshake join;
    private SessionChains chains;
    private bool connected;
    private bool preparedJoin;
    private bool joinLink;
    private long connectedAtMs;
    private int refusals;

    private bool publishing;
    private bool birthDue;
    private bool reportDue;
    private bool goodbyeDue;
    private int reportIntervalMs;
    private long telemetryAtMs;

    /// <summary>Reads the key store; throws ArgumentException for options out of range.</summary>
    public BoardAgent(AgentOptions options, IHmac hmac, IKeyStore keys, IEntropy entropy, ISensors sensors)
    {
        if (options.Window < 1 || options.Window > 8 || options.ProgramSlots < 2
            || options.ResultRingBytes < FrameLimits.BodyBytesMax || options.SentRingBytes < FrameLimits.FrameBytesMax)
            throw new System.ArgumentException("Window 1 to 8, ProgramSlots at least 2, each ring at least one frame");
        this.options = options;
        this.hmac = hmac;
        this.entropy = entropy;
        this.sensors = sensors;
        identity = new Identity(hmac, keys);
        backoff = new Backoff(entropy);
        work = new WorkDesk(options, scratch);
        up = new UpLink(options.SentRingBytes);
        if (BirthWriter.Write(options, scratch, 0) < 0)
            throw new System.ArgumentException("the names in the options are too long or not ASCII, or a number is negative");
        State = identity.Known ? AgentState.NeedsLogin : AgentState.NeedsCode;
    }

    /// <summary>An AgentState.</summary>
    public int State { get; private set; }
    public string ClientId { get; private set; } = "";
    public string UserName { get; private set; } = "";
    public string Password { get; private set; } = "";
    public string SubscribeTopic { get; private set; } = "";
    public string PublishTopic { get; private set; } = "";
    /// <summary>Empty until the board has joined.</summary>
    public string Site => identity.Site;
    /// <summary>Empty until the board has joined.</summary>
    public string DeviceId => identity.DeviceId;
    /// <summary>Why the join does not succeed, empty otherwise. For good when State is Refused; while it is Joining the board goes on trying.</summary>
    public string JoinRefusedReason { get; private set; } = "";
    /// <summary>What to do then, for a person.</summary>
    public string JoinRefusedHint { get; private set; } = "";
    /// <summary>The link is to be closed and opened anew: after a join, with a new key, when a chain cannot go on. False again after Disconnected.</summary>
    public bool ReconnectWanted { get; private set; }
    /// <summary>The gateway ordered a restart and knows that it is obeyed.</summary>
    public bool RebootWanted { get; private set; }
    /// <summary>The gateway asks the board to make itself seen; the runner sets it back.</summary>
    public bool IdentifyWanted { get; set; }
    /// <summary>The Goodbye that Leave asked for has arrived: the link may be closed.</summary>
    public bool GoodbyeArrived { get; private set; }
    /// <summary>Not before this instant should the runner connect (again).</summary>
    public long ReconnectAtMs { get; private set; }
    /// <summary>Wall clock minus the runner's clock as of the last Welcome, ms; for people only.</summary>
    public long UtcOffsetMs { get; private set; }

    /// <summary>Payloads that were not taken, since construction.</summary>
    public int FramesIgnored { get; private set; }
    /// <summary>The FrameStatus of the last of them.</summary>
    public int LastIgnoredStatus { get; private set; }
    /// <summary>Batches answered after a run.</summary>
    public int BatchesDone => work.BatchesDone;
    /// <summary>Batches answered from memory because they came again.</summary>
    public int BatchesRepeated => work.BatchesRepeated;
    /// <summary>Batches dropped because their lease had passed.</summary>
    public int BatchesExpired => work.BatchesExpired;
    /// <summary>Batches answered ABANDONED without a run: past the window, or their program cannot be had or run here.</summary>
    public int BatchesAbandoned => work.BatchesAbandoned;
    /// <summary>Abandoned batches for whose answer there was no room: the gateway learns by the lease's end.</summary>
    public int AnswersLost => work.AnswersLost;
    /// <summary>Sessions that opened.</summary>
    public int SessionsOpened { get; private set; }
    /// <summary>Resends that could not be served from memory, so that a new session was needed.</summary>
    public int ResendsMissed => up.ResendsMissed;
    /// <summary>Images that did not have the announced hash.</summary>
    public int ImagesCorrupt => work.Programs.ImagesCorrupt;
    /// <summary>Programs that cannot be run on this board.</summary>
    public int ImagesRefused => work.Programs.ImagesRefused;
    /// <summary>Readings left out because a value was out of range.</summary>
    public int ReadingsRefused { get; private set; }
    /// <summary>Times that the key store did not save.</summary>
    public int SaveFailures => identity.SaveFailures;
    /// <summary>Tasks that ran to their end.</summary>
    public int TasksDone => work.Runner.TasksOk;
    /// <summary>Tasks that trapped or were abandoned in a run.</summary>
    public int TasksFailed => work.Runner.TasksErr;
    /// <summary>Batches that wait or run.</summary>
    public int QueuedBatches => work.Queued;

    /// <summary>Hands in a join code ("ID-SECRET") from a person. The board joins with it even when it has a key already; that key
    /// counts until an Offer proves that the gateway knows the code. Throws ArgumentException when the text is no code.</summary>
    public void UseJoinCode(string code)
    {
        JoinCode parsed = JoinCode.Parse(code);
        if (parsed == null)
            throw new System.ArgumentException("a join code is 6 + 26 characters of Crockford's base 32");
        join = new JoinHandshake(hmac, entropy, parsed, options.Board);
        JoinRefusedReason = "";
        JoinRefusedHint = "";
        State = AgentState.Joining;
        ReconnectAtMs = 0;
        refusals = 0;
        if (connected)
            ReconnectWanted = true;
    }

    /// <summary>Decides what to connect as and sets ClientId, UserName, Password and the topics. For a log-in it takes a number that was never used,
    /// and whose boot counter is saved by then. False: there is nothing to connect as (no key, no code), or the store did not save.</summary>
    public bool PrepareConnect()
    {
        preparedJoin = join != null;
        if (preparedJoin)
        {
            ClientId = Topics.JoinClientId(join.CodeId);
            UserName = ClientId;
            Password = "";
            PublishTopic = Topics.JoinUp(join.CodeId);
            SubscribeTopic = Topics.JoinDown(join.CodeId);
            return true;
        }
        if (!identity.Known || !identity.TakeLoginNumber())
            return false;
        ClientId = identity.DeviceId;
        UserName = identity.DeviceId;
        Password = identity.Password();
        PublishTopic = Topics.DeviceUp(identity.Site, identity.DeviceId);
        SubscribeTopic = Topics.DeviceDown(identity.Site, identity.DeviceId);
        return true;
    }

    /// <summary>The broker accepted the connection and the subscription to SubscribeTopic.</summary>
    public void Connected(long nowMs)
    {
        if (connected)
            EndConnection();
        connected = true;
        connectedAtMs = nowMs;
        ReconnectWanted = false;
        joinLink = preparedJoin && join != null;
        if (joinLink)
            join.Begin();
        else
            State = AgentState.Opening;
    }

    /// <summary>The link is gone. Work goes on; answers that were not acknowledged go out again in the next session.</summary>
    public void Disconnected(long nowMs)
    {
        bool failing = join != null && JoinRefusedReason.Length > 0;
        bool planned = ReconnectWanted && !failing;
        bool slowly = failing && join.WrongCode;
        EndConnection();
        ReconnectAtMs = planned ? nowMs : nowMs + backoff.Next(slowly);
    }

    /// <summary>The broker did not accept the connection (reasonCode as in CONNACK of MQTT 3.1.1 or 5.0), or it could not be reached (0).</summary>
    public void ConnectRefused(int reasonCode, long nowMs)
    {
        // 4, 5: 3.1.1 bad user name or password, not authorised; 134, 135, 138: the same and banned in 5.0.
        bool credentials = reasonCode == 4 || reasonCode == 5 || reasonCode == 134 || reasonCode == 135 || reasonCode == 138;
        EndConnection();
        if (credentials)
        {
            refusals++;
            if (!preparedJoin)
                identity.KeyRefused();
            if (refusals >= RefusalsMax)
                Refuse("connection_refused");
        }
        ReconnectAtMs = nowMs + backoff.Next(State == AgentState.Refused);
    }

    /// <summary>A payload arrived on SubscribeTopic: payload[offset .. offset + count). It is copied as far as needed.</summary>
    public void MessageReceived(byte[] payload, int offset, int count, long nowMs)
    {
        int status;
        if (!connected)
            status = FrameStatus.Unexpected;
        else if (joinLink)
            status = join == null ? FrameStatus.Unexpected : ReceiveJoin(payload, offset, count);
        else if (chains == null)
            status = ReceiveWelcome(payload, offset, count, nowMs);
        else
        {
            status = chains.Down.Open(payload, offset, count);
            if (status == FrameStatus.Ok)
                status = Handle(payload, nowMs);
            else if (status == FrameStatus.Gap)
                // The gateway keeps no ring: only a new session brings what is missing.
                ReconnectWanted = true;
        }
        if (status != FrameStatus.Ok)
        {
            FramesIgnored++;
            LastIgnoredStatus = status;
        }
    }

    /// <summary>Writes the next payload for PublishTopic into the buffer (at least FrameLimits.FrameBytesMax) and returns its length; 0 when
    /// nothing is due or the last one has not been acknowledged.</summary>
    public int NextToSend(byte[] buffer, long nowMs)
    {
        if (!connected || publishing)
            return 0;
        // A gateway that says nothing, neither to a Hello nor to a log-in, may have lost the connection's state.
        if (chains == null && nowMs >= connectedAtMs + GreetingWaitMs)
            ReconnectWanted = true;
        int count = 0;
        if (joinLink)
            count = join == null ? 0 : join.NextToSend(buffer);
        else if (chains != null)
            count = NextFrame(buffer, nowMs);
        publishing = count > 0;
        return count;
    }

    /// <summary>What became of the payload that NextToSend wrote last: acknowledged by PUBACK, or not while the link stands (it is sent again as it was).</summary>
    public void Sent(bool acknowledged, long nowMs)
    {
        if (!publishing)
            return;
        publishing = false;
        if (joinLink)
        {
            if (!acknowledged && join != null)
                join.Begin();
        }
        else if (chains == null)
            return;
        else if (acknowledged)
            Acknowledged();
        else
            up.SendLastAgain();
    }

    /// <summary>True when Work would get on with something.</summary>
    public bool HasWork => work.HasWork;

    /// <summary>Runs the current task for at most about fuelSlice; returns the fuel spent.</summary>
    public long Work(int fuelSlice, long nowMs) => work.Work(fuelSlice, nowMs);

    /// <summary>When the agent wants to be called though nothing arrives: nowMs or earlier means at once, long.MaxValue never.</summary>
    public long NextWakeMs
    {
        get
        {
            if (!connected)
                return State == AgentState.NeedsCode ? long.MaxValue : ReconnectAtMs;
            if (publishing)
                return long.MaxValue;
            if (chains == null)
                return joinLink && join != null && join.HasDue ? 0 : connectedAtMs + GreetingWaitMs;
            if (birthDue || reportDue || goodbyeDue || work.WindowChanged || work.HasAnswer || up.HasAgain || commands.HasDue)
                return 0;
            long wake = work.Programs.NextWakeMs;
            return reportIntervalMs > 0 && telemetryAtMs < wake ? telemetryAtMs : wake;
        }
    }

    /// <summary>Asks for a Goodbye (a GoodbyeReason; ms until the next wake, 0 unknown) after everything else that is due; GoodbyeArrived tells when it arrived.</summary>
    public void Leave(int reason, long nextWakeMs)
    {
        goodbye.Reason = reason;
        goodbye.NextWakeMs = nextWakeMs;
        goodbyeDue = true;
        GoodbyeArrived = false;
    }

    private int ReceiveJoin(byte[] payload, int offset, int count)
    {
        int status = join.Receive(payload, offset, count, identity);
        if (join.Done)
        {
            join = null;
            refusals = 0;
            State = AgentState.NeedsLogin;
            ReconnectWanted = true;
            ShowJoin("", "");
        }
        else if (join.RefusedReason.Length > 0)
        {
            ShowJoin(join.RefusedReason, join.RefusedHint);
            if (!join.MayTryAgain)
                Refuse(join.RefusedReason);
            ReconnectWanted = true;
        }
        else if (join.WrongCode)
            // Anybody may have sent this Offer: the board listens on, and tries again slowly.
            ShowJoin("WRONG_CODE", "the code's last 26 characters are not the gateway's; type it again");
        else if (join.HasDue)
            ShowJoin("", "");
        return status;
    }

    private void ShowJoin(string reason, string hint)
    {
        JoinRefusedReason = reason;
        JoinRefusedHint = hint;
    }

    // A join that is refused is over; a log-in that is refused is tried again, slowly: a person may lift the reason.
    private void Refuse(string reason)
    {
        if (join != null)
        {
            JoinRefusedReason = reason;
            join = null;
        }
        State = AgentState.Refused;
    }

    private int ReceiveWelcome(byte[] payload, int offset, int count, long nowMs)
    {
        if (count >= FrameLimits.HeaderBytes && payload[offset + 1] != FrameKind.Welcome)
            return FrameStatus.Unexpected;
        SessionChains opened = SessionChains.FromWelcome(hmac, identity.LoginKey, identity.Site, identity.DeviceId, identity.LoginNumber,
            payload, offset, count, welcome, scratch);
        if (opened == null)
            return FrameStatus.BadMac;
        chains = opened;
        up.Use(opened.Up);
        identity.KeyProven();
        backoff.Reset();
        refusals = 0;
        SessionsOpened++;
        UtcOffsetMs = welcome.UtcMs - nowMs;
        work.FrameBytesMax = welcome.FrameBytesMax < FrameBytesLeast || welcome.FrameBytesMax > FrameLimits.FrameBytesMax
            ? FrameLimits.FrameBytesMax : welcome.FrameBytesMax;
        reportIntervalMs = options.ReportIntervalMs;
        if (welcome.ReportIntervalMs > 0 && (reportIntervalMs == 0 || welcome.ReportIntervalMs < reportIntervalMs))
            reportIntervalMs = welcome.ReportIntervalMs;
        birthDue = true;
        // The first report grants the window.
        reportDue = true;
        telemetryAtMs = nowMs;
        State = AgentState.Ready;
        return FrameStatus.Ok;
    }

    private int Handle(byte[] payload, long nowMs)
    {
        int offset = chains.Down.BodyOffset;
        int count = chains.Down.BodyCount;
        switch (chains.Down.Kind)
        {
            case FrameKind.Batch:
                if (!batch.Decode(payload, offset, count))
                    return FrameStatus.BadBody;
                work.Take(batch, payload, offset, count, nowMs);
                return FrameStatus.Ok;
            case FrameKind.ProgramChunk:
                if (!chunk.Decode(payload, offset, count))
                    return FrameStatus.BadBody;
                return work.Programs.Receive(chunk) ? FrameStatus.Ok : FrameStatus.Unexpected;
            case FrameKind.Resend:
                if (!resend.Decode(payload, offset, count) || resend.FromSeq < 1)
                    return FrameStatus.BadBody;
                up.SendAgain(resend.FromSeq, resend.ToSeq == 0 ? long.MaxValue : resend.ToSeq);
                return FrameStatus.Ok;
            case FrameKind.Command:
                if (!command.Decode(payload, offset, count))
                    return FrameStatus.BadBody;
                Obey(nowMs);
                return FrameStatus.Ok;
            default: return FrameStatus.Unexpected;
        }
    }

    private void Obey(long nowMs)
    {
        if (commands.Repeat(command.Id, nowMs))
            return;
        int status = CommandStatus.Done;
        int action = 0;
        if (command.Name == CommandName.Identify)
            IdentifyWanted = true;
        else if (command.Name == CommandName.Reboot)
            action = ActionReboot;
        else if (command.Name == CommandName.NewKey)
        {
            action = ActionNewKey;
            if (command.PayloadCount != FrameLimits.NonceBytes)
                status = CommandStatus.BadPayload;
            else
            {
                byte[] nonce = new byte[FrameLimits.NonceBytes];
                System.Array.Copy(command.Payload, command.PayloadOffset, nonce, 0, FrameLimits.NonceBytes);
                status = identity.Rotate(nonce) ? CommandStatus.Done : CommandStatus.Failed;
            }
        }
        else
            status = CommandStatus.Unknown;
        commands.Answer(command.Id, status, status == CommandStatus.Done ? action : 0, nowMs + command.ExpiresMs);
    }

    private int NextFrame(byte[] buffer, long nowMs)
    {
        if (up.HasAgain)
        {
            int again = up.NextAgain(buffer);
            ReconnectWanted |= up.Broken;
            return again;
        }
        work.Tidy(nowMs);
        int body = FrameLimits.HeaderBytes;
        if (birthDue)
        {
            birthDue = false;
            return up.Seal(FrameKind.Birth, 0, buffer, BirthWriter.Write(options, buffer, body));
        }
        if (commands.Next(reply))
            return up.Seal(FrameKind.CommandReply, reply.Id, buffer, reply.Encode(buffer, body));
        if (work.Programs.NextRequest(request, nowMs))
            return up.Seal(FrameKind.ProgramRequest, 0, buffer, request.Encode(buffer, body));
        bool telemetryDue = reportIntervalMs > 0 && nowMs >= telemetryAtMs;
        if (telemetryDue || reportDue || work.WindowChanged || work.HasAnswer)
            return SealReport(buffer, telemetryDue, nowMs);
        if (goodbyeDue)
        {
            goodbyeDue = false;
            return up.Seal(FrameKind.Goodbye, 0, buffer, goodbye.Encode(buffer, body));
        }
        return 0;
    }

    private int SealReport(byte[] buffer, bool telemetryDue, long nowMs)
    {
        int body = FrameLimits.HeaderBytes;
        long batchId = 0;
        int count = work.TakeAnswer(buffer, body, ref batchId);
        report.Telemetry.Clear();
        if (telemetryDue)
        {
            ReadTelemetry(nowMs);
            telemetryAtMs = nowMs + reportIntervalMs;
        }
        report.Window = work.Window;
        report.FramesIgnored = FramesIgnored;
        report.LastIgnoredStatus = LastIgnoredStatus;
        reportDue = false;
        work.WindowChanged = false;
        int rest = report.EncodeRest(buffer, body + count);
        if (rest < 0)
        {
            // A reading out of range must not keep results from leaving.
            ReadingsRefused++;
            report.Telemetry.Clear();
            rest = report.EncodeRest(buffer, body + count);
        }
        return up.Seal(FrameKind.Report, batchId, buffer, count + rest);
    }

    private void ReadTelemetry(long nowMs)
    {
        Telemetry telemetry = report.Telemetry;
        sensors.Read(telemetry, nowMs);
        telemetry.Queue = work.Queued;
        telemetry.TasksOk = work.Runner.TasksOk;
        telemetry.TasksErr = work.Runner.TasksErr;
        telemetry.Present |= TelemetryField.Queue | TelemetryField.TasksOk | TelemetryField.TasksErr;
    }

    private void Acknowledged()
    {
        long tag = up.AcknowledgedTag;
        switch (up.AcknowledgedKind)
        {
            case FrameKind.Report:
                if (tag != 0)
                    work.AnswerArrived(tag);
                break;
            case FrameKind.CommandReply:
                int action = commands.Arrived(tag);
                if (action == ActionReboot)
                    RebootWanted = true;
                else if (action == ActionNewKey)
                    ReconnectWanted = true;
                break;
            case FrameKind.Goodbye:
                GoodbyeArrived = true;
                break;
        }
    }

    private void EndConnection()
    {
        connected = false;
        chains = null;
        publishing = false;
        ReconnectWanted = false;
        birthDue = false;
        up.Use(null);
        work.ConnectionLost();
        commands.Requeue();
        if (State == AgentState.Opening || State == AgentState.Ready)
            State = AgentState.NeedsLogin;
    }
}
