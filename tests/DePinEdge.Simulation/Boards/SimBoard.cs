// One board: the real agent, its key store and a connection, all on simulated time. Power goes and comes back; the key store stays.
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Codec;
using DePinEdge.Simulation.Audit;
using DePinEdge.Simulation.Network;
using DePinEdge.Simulation.Plans;
using DePinEdge.Simulation.Site;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Simulation.Boards;

/// <summary>Drives a <see cref="BoardAgent"/> as a board's main loop does: one thing at a time, each taking its time.</summary>
public sealed class SimBoard
{
    private const int AnswerMs = 10_000;
    private const int JoinMs = 30_000;
    private const int SliceMs = 50;
    private const int StoreRetryMs = 5_000;
    private const int FramesHeard = 8;

    private readonly EventQueue time;
    private readonly Dice dice;
    private readonly Trace trace;
    private readonly IGatewaySide gateway;
    private readonly Auditor auditor;
    private readonly Flash keys;
    private readonly byte[] frame = new byte[FrameLimits.FrameBytesMax];
    private readonly Queue<byte[]> messages = new();
    private readonly Liar? liar;
    private Link? link;
    private MqttEnd? mqtt;
    private string code = "";
    private SentReport? tapped;
    private byte[]? connectSent;
    private readonly Queue<byte[]> framesSent = new();
    private bool talking, healed;
    private int sending = -1;
    private bool acknowledged;
    private long bootMs, busyUntilMs, answerByMs, joinByMs, sentMs, heardMs;
    private long wakeAtMs = long.MaxValue;
    private int boots;

    public SimBoard(EventQueue time, Dice dice, Trace trace, BoardPlan plan, IGatewaySide gateway, Auditor auditor, Ring ring, Flash? keys = null)
    {
        (this.time, this.dice, this.trace, this.gateway, this.auditor) = (time, dice, trace, gateway, auditor);
        this.keys = keys ?? new Flash();
        Plan = plan;
        Line = new Line(plan);
        Who = keys is null ? $"board{plan.Number}" : $"twin{plan.Number}";
        if (plan.Lies != LieStyle.Honest)
            liar = new Liar(plan, this.keys, dice.Fork("lies"), ring);
        Agent = NewAgent();
    }

    public BoardPlan Plan { get; }

    /// <summary>Its way to the gateway.</summary>
    public Line Line { get; }

    /// <summary>For the trace.</summary>
    public string Who { get; }

    public BoardAgent Agent { get; private set; }

    /// <summary>What it keeps without power.</summary>
    public Flash Keys => keys;

    /// <summary>It has power.</summary>
    public bool On { get; private set; }

    /// <summary>It has neither key nor usable code, or its key is refused: a person must make a new code.</summary>
    public bool NeedsPerson => On && (Agent.State == AgentState.NeedsCode || (Agent.State == AgentState.Refused && link is null));

    /// <summary>Switches it on with a join code at hand.</summary>
    public void SwitchOn()
    {
        On = true;
        Boot();
    }

    /// <summary>A person types in a code.</summary>
    public void TypeIn(string joinCode)
    {
        code = joinCode;
        Agent.UseJoinCode(joinCode);
        Wake(0);
    }

    /// <summary>Power goes, and comes back after a while.</summary>
    public void LosePower(long ms)
    {
        if (!On)
            return;
        Off();
        time.After(ms, () =>
        {
            if (Plan.LeavesAtMs > time.NowMs)
                SwitchOn();
        });
    }

    /// <summary>Goes for good.</summary>
    public void Leave()
    {
        if (On)
            Off();
    }

    /// <summary>Something of the fault list that concerns its connection.</summary>
    public void Suffer(Fault fault)
    {
        if (fault.Kind == FaultKind.Partition)
            Line.BlockedUntilMs = Math.Max(Line.BlockedUntilMs, time.NowMs + fault.LengthMs);
        if (fault.Kind == FaultKind.Reboot)
            LosePower(fault.LengthMs);
        if (fault.Kind == FaultKind.FlashFails && !keys.Broken)
        {
            keys.Broken = true;
            time.After(fault.LengthMs, () => keys.Broken = false);
        }
        if (link is null)
            return;
        switch (fault.Kind)
        {
            case FaultKind.Replay when connectSent is not null && Agent.DeviceId.Length > 0:
                _ = new Thief(time, dice.Fork($"thief{time.NowMs}"), Plan, gateway, connectSent, Agent.SubscribeTopic, Agent.PublishTopic, [.. framesSent]);
                break;
            case FaultKind.Cut:
                link.Cut(dice.Permille(500), dice.Of(0, 50, 3_000, 90_000), dice.Of(0, 50, 3_000, 90_000));
                break;
            case FaultKind.Stall:
                var lane = dice.Permille(500) ? link.Up : link.Down;
                lane.StalledUntilMs = time.NowMs + fault.LengthMs;
                break;
            case FaultKind.Overlap:
                link.Up.StalledUntilMs = time.NowMs + fault.LengthMs;
                if (dice.Permille(500))
                    link.CloseAtBoard();
                else
                    link.VanishAtBoard();
                LinkLost();
                break;
        }
    }

    /// <summary>No more faults.</summary>
    public void Heal()
    {
        healed = true;
        keys.Broken = false;
        Line.Heal(time.NowMs);
        if (link is not null)
            link.Up.StalledUntilMs = link.Down.StalledUntilMs = time.NowMs;
        liar?.Calm();
    }

    private long LocalMs => (time.NowMs - bootMs) * (1_000_000 + Plan.DriftPpm) / 1_000_000;

    private void Off()
    {
        On = false;
        trace.Add(time.NowMs, "power off", Who);
        link?.VanishAtBoard();
        Drop();
    }

    private void Boot()
    {
        bootMs = time.NowMs;
        busyUntilMs = 0;
        liar?.Forget();
        Agent = NewAgent();
        trace.Add(time.NowMs, "boot", Who, boots++);
        if (Agent.State == AgentState.NeedsCode && code.Length > 0)
            Agent.UseJoinCode(code);
        Wake(0);
    }

    private BoardAgent NewAgent() => new(
        new AgentOptions
        {
            Board = Plan.Profile.Board,
            Chip = Plan.Profile.Chip,
            FuelPerSecond = Plan.Profile.FuelPerSecond,
            Window = Plan.Window,
            MemoryBytesMax = Plan.Profile.MemoryBytesMax,
            ImageBytesMax = Plan.Profile.ImageBytesMax,
            SensorBits = Plan.Profile.Sensors,
        },
        new HmacSha256(), keys, new BoardEntropy(dice.Fork($"boot{boots}")), new SimulatedSensors(Plan.Profile, 1, (ulong)Plan.Number, GatewayProcess.StartUtcMs));

    private void Wake(long afterMs)
    {
        var atMs = time.NowMs + Math.Max(0, afterMs);
        if (wakeAtMs <= atMs)
            return;
        wakeAtMs = atMs;
        time.At(atMs, () =>
        {
            if (wakeAtMs != atMs)
                return;
            wakeAtMs = long.MaxValue;
            if (On)
                Step();
        });
    }

    private void WakeAtLocal(long localMs)
    {
        if (localMs == long.MaxValue)
            return;
        // A millisecond at least, so that an agent that asks for time and then does nothing costs time.
        Wake(Math.Clamp((localMs - LocalMs) * 1_000_000 / (1_000_000 + Plan.DriftPpm), 1, 86_400_000));
    }

    private void Step()
    {
        if (link is null)
            Connect();
        else if (talking)
            Talk();
        else if (time.NowMs >= answerByMs)
        {
            trace.Add(time.NowMs, "no answer", Who);
            link.CloseAtBoard();
            Drop();
            Agent.ConnectRefused(0, LocalMs);
            Wake(1);
        }
        else
            Wake(answerByMs - time.NowMs);
    }

    private void Connect()
    {
        if (LocalMs < Agent.ReconnectAtMs)
        {
            WakeAtLocal(Agent.ReconnectAtMs);
            return;
        }
        if (!Agent.PrepareConnect())
        {
            // The key store did not save; or a person has to come.
            Wake(StoreRetryMs);
            return;
        }
        Link mine = null!;
        mine = new Link(time, dice.Fork($"link{time.NowMs}"), Line, Plan.MqttVersion, Who, gateway, bytes => FromGateway(mine, bytes), () => LostAtBoard(mine));
        link = mine;
        mqtt = new MqttEnd(Plan.MqttVersion, packet => SendUp(mine, packet))
        {
            ConnAckRead = answer => ConnAckRead(mine, answer),
            SubAckRead = answer => SubAckRead(mine, answer),
            PubAckRead = (id, _) => PubAckRead(mine, id),
            MessageRead = message => MessageRead(mine, message.Payload),
        };
        talking = false;
        trace.Add(time.NowMs, "connect", Who);
        answerByMs = time.NowMs + AnswerMs;
        mqtt.Connect(Agent.ClientId, Agent.UserName.Length > 0 ? Agent.UserName : null, Agent.Password.Length > 0 ? Agent.Password : null, Plan.KeepAliveSeconds);
        Wake(AnswerMs);
    }

    private void SendUp(Link on, byte[] packet)
    {
        if (packet[0] >> 4 == (int)PacketType.Connect)
            connectSent = packet;
        // The frame inside is this report: the auditor hears when it arrives, each time it does.
        var report = tapped;
        on.SendUp(packet, report is null ? null : () => Auditor.Arrived(report, time.NowMs));
    }

    private void FromGateway(Link from, byte[] bytes)
    {
        if (from != link)
            return;
        heardMs = time.NowMs;
        mqtt!.Receive(bytes);
    }

    private void ConnAckRead(Link from, ReasonCode answer)
    {
        if (from != link)
            return;
        if (answer == ReasonCode.Success)
            mqtt!.Subscribe(Agent.SubscribeTopic);
        else
            Refuse((int)answer);
    }

    private void SubAckRead(Link from, byte answer)
    {
        if (from != link || talking)
            return;
        if (answer >= 0x80)
        {
            Refuse(answer);
            return;
        }
        talking = true;
        sending = -1;
        acknowledged = false;
        messages.Clear();
        sentMs = heardMs = time.NowMs;
        joinByMs = Agent.State == AgentState.Joining ? time.NowMs + JoinMs : long.MaxValue;
        Agent.Connected(LocalMs);
        liar?.Opened();
        Wake(0);
    }

    private void PubAckRead(Link from, ushort id)
    {
        if (from != link || id != sending)
            return;
        acknowledged = true;
        Wake(0);
    }

    private void MessageRead(Link from, byte[] payload)
    {
        if (from != link)
            return;
        if (Agent.State == AgentState.Ready)
            auditor.Seen(Agent.DeviceId, payload);
        messages.Enqueue(payload);
        Wake(0);
    }

    private void Refuse(int answer)
    {
        trace.Add(time.NowMs, "refused", Who, answer);
        link!.CloseAtBoard();
        Drop();
        Agent.ConnectRefused(answer, LocalMs);
        Wake(1);
    }

    private void Talk()
    {
        while (messages.TryDequeue(out var payload))
        {
            liar?.Received(payload);
            Agent.MessageReceived(payload, 0, payload.Length, LocalMs);
        }
        if (acknowledged)
        {
            (acknowledged, sending) = (false, -1);
            Agent.Sent(true, LocalMs);
        }
        if (Agent.RebootWanted)
        {
            LosePower(500);
            return;
        }
        if ((sending < 0 && Agent.ReconnectWanted) || Overdue())
        {
            trace.Add(time.NowMs, "leave", Who);
            link!.CloseAtBoard();
            LinkLost();
            return;
        }
        if (time.NowMs >= busyUntilMs)
        {
            if (sending < 0 && Agent.NextToSend(frame, LocalMs) is > 0 and var count)
                Send(count);
            if (Agent.HasWork)
                Work();
        }
        KeepAlive();
        if (time.NowMs < busyUntilMs)
            Wake(busyUntilMs - time.NowMs);
        else
            WakeAtLocal(Agent.ReconnectWanted ? LocalMs : Agent.NextWakeMs);
    }

    private bool Overdue()
    {
        if (Agent.State == AgentState.Joining)
            return time.NowMs >= joinByMs;
        if (Agent.State == AgentState.Opening)
            return LocalMs >= Agent.NextWakeMs;
        // A gateway that is silent for twice the keep-alive, though it was asked, is gone.
        return time.NowMs - heardMs >= 2_000L * Plan.KeepAliveSeconds;
    }

    private void Send(int count)
    {
        count = liar?.Sending(frame, count, time.NowMs) ?? count;
        var payload = frame.AsSpan(0, count).ToArray();
        var sent = Agent.State == AgentState.Ready ? auditor.Sent(Agent.DeviceId, Plan, payload) : null;
        framesSent.Enqueue(payload);
        if (framesSent.Count > FramesHeard)
            framesSent.Dequeue();
        tapped = sent;
        sending = mqtt!.Publish(Agent.PublishTopic, payload);
        tapped = null;
        sentMs = time.NowMs;
    }

    private void Work()
    {
        var slice = (int)Math.Max(1_000, (long)Plan.Profile.FuelPerSecond * SliceMs / 1_000);
        var done = Agent.BatchesDone;
        long used = 0;
        while (used < slice && Agent.BatchesDone == done && Agent.HasWork)
        {
            var before = Agent.TasksDone + Agent.TasksFailed;
            var step = Agent.Work((int)(slice - used), LocalMs);
            used += step;
            if (step == 0 && Agent.TasksDone + Agent.TasksFailed == before)
                break;
        }
        var percent = healed ? 100 : Plan.SlowPercent;
        busyUntilMs = time.NowMs + Math.Max(1, used * 10 * percent / Plan.Profile.FuelPerSecond);
    }

    private void KeepAlive()
    {
        var every = 1_000L * Plan.KeepAliveSeconds;
        if (time.NowMs - Math.Min(sentMs, heardMs) >= every && time.NowMs - sentMs >= every / 2)
        {
            mqtt!.Ping();
            sentMs = time.NowMs;
        }
        Wake(Math.Max(1, every / 2 - (time.NowMs - sentMs)));
    }

    private void LostAtBoard(Link from)
    {
        if (from != link || !On)
            return;
        trace.Add(time.NowMs, "lost", Who);
        if (talking)
            LinkLost();
        else
        {
            Drop();
            Agent.ConnectRefused(0, LocalMs);
            Wake(1);
        }
    }

    private void LinkLost()
    {
        var was = talking;
        Drop();
        if (was)
            Agent.Disconnected(LocalMs);
        else
            Agent.ConnectRefused(0, LocalMs);
        Wake(1);
    }

    private void Drop()
    {
        link = null;
        mqtt = null;
        talking = false;
        sending = -1;
        acknowledged = false;
        messages.Clear();
    }
}
