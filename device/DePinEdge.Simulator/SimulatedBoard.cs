// One board: the real agent, the real interpreter inside it and the real MQTT client, driven by one loop. Flows in: messages from the
// socket; flows out: frames, one at a time, each waiting for its PUBACK. The loop is asynchronous: a waiting board costs a
// timer and a socket, no thread.
using System.Text;
using DePinEdge.Agent.Ports;
using DePinEdge.Agent.Session;
using DePinEdge.Agent.Wire;
using DePinEdge.Mqtt;
using DePinEdge.Mqtt.Client;
using DePinEdge.Simulator.Hardware;

namespace DePinEdge.Simulator;

/// <summary>
/// A simulated board. It connects, joins when it has a code and no key, logs in, works, and connects again after every loss until it is
/// cancelled or has neither key nor usable code. Made and run by <see cref="SimulatedFleet"/>.
/// </summary>
public sealed class SimulatedBoard
{
    /// <summary>How long a board waits when its key store does not save, ms: without a saved boot counter it must not log in.</summary>
    private const int StoreRetryMs = 5_000;

    /// <summary>A timer that is late by at most this much does not slow a board down, ms: its next slice starts when it should have.</summary>
    private const int LateMs = 20;

    private readonly FleetOptions options;
    private readonly SemaphoreSlim workers;
    private readonly Action changed;
    private readonly SeededEntropy entropy;
    private readonly byte[] frame = new byte[FrameLimits.FrameBytesMax];
    private readonly byte[] chance = new byte[4];
    private readonly int sliceFuel;

    private BoardAgent agent = null!;
    private SimulatedSensors sensors = null!;
    private Pulse? pulse;
    private long bootTimestamp;
    private double busyUntilMs;
    private bool working;
    private int boots;
    private volatile bool stopped;
    private readonly BoardTally tally = new();
    private volatile bool rebootAsked;
    private volatile string? newCode;
    private int powerOffMs, tasksAtBatch;
    private volatile BoardCounters counters = new("", false, false, 0, 0, 0, 0, 0, 0, 0, 0, "");

    internal SimulatedBoard(BoardSpec spec, FleetOptions options, SemaphoreSlim workers, Action changed)
    {
        Spec = spec;
        this.options = options;
        this.workers = workers;
        this.changed = changed;
        entropy = new SeededEntropy(spec.Seed);
        sliceFuel = options.Pace == Pace.None
            ? options.SliceFuel
            : (int)Math.Clamp((long)spec.Profile.FuelPerSecond * options.SliceMs / 1_000, 1_000, int.MaxValue);
    }

    /// <summary>What it was made of.</summary>
    public BoardSpec Spec { get; }

    /// <summary>What it has done so far. Any thread.</summary>
    public BoardCounters Counters => counters;

    /// <summary>Its loop has ended: cancelled, or only a person with a new join code could help. Any thread.</summary>
    public bool Stopped => stopped;

    /// <summary>Takes the power away and gives it back: the connection closes without a goodbye, memory is lost, the key store stays. Any thread.</summary>
    public void Reboot()
    {
        rebootAsked = true;
        pulse?.Set();
    }

    /// <summary>Hands in a new join code, as a person would whose board was held or lost its key. Any thread.</summary>
    public void UseJoinCode(string code)
    {
        newCode = code;
        pulse?.Set();
    }

    private long NowMs => (long)options.Time.GetElapsedTime(bootTimestamp).TotalMilliseconds;

    /// <summary>Runs until cancelled, or until nothing but a person with a new code could help. Throws only on our own mistakes.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var signal = new Pulse(options.Time);
        pulse = signal;
        Boot();
        if (Spec.JoinCode is { } code && agent.State == AgentState.NeedsCode)
            agent.UseJoinCode(code);
        try
        {
            while (true)
            {
                TakeNewCode();
                var untilMs = NowMs + StoreRetryMs;
                if (agent.PrepareConnect())
                {
                    await ConnectOnceAsync(cancellationToken).ConfigureAwait(false);
                    untilMs = rebootAsked ? 0 : ReconnectAtMs();
                }
                else if (agent.DeviceId.Length == 0)
                    return;
                else
                    Refuse("the key store does not save");

                Publish();
                while (NowMs < untilMs && !rebootAsked && newCode is null)
                    await signal.WaitAsync(untilMs - NowMs, cancellationToken).ConfigureAwait(false);
                if (!rebootAsked)
                    continue;
                for (untilMs = NowMs + powerOffMs; NowMs < untilMs;)
                    await signal.WaitAsync(untilMs - NowMs, cancellationToken).ConfigureAwait(false);
                Boot();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            stopped = true;
            Publish();
        }
    }

    private void TakeNewCode()
    {
        if (newCode is not { } code)
            return;
        newCode = null;
        agent.UseJoinCode(code);
    }

    private void Boot()
    {
        rebootAsked = false;
        powerOffMs = tasksAtBatch = 0;
        tally.Booted(agent);
        bootTimestamp = options.Time.GetTimestamp();
        busyUntilMs = 0;
        working = false;
        var profile = Spec.Profile;
        sensors = new SimulatedSensors(profile, options.PlaceSeed, Spec.Seed, options.Time.GetUtcNow().ToUnixTimeMilliseconds());
        agent = new BoardAgent(
            new AgentOptions
            {
                Board = profile.Board,
                Chip = profile.Chip,
                Firmware = "sim-0.1.0",
                FuelPerSecond = profile.FuelPerSecond,
                MemoryBytesMax = profile.MemoryBytesMax,
                ImageBytesMax = profile.ImageBytesMax,
                ReportIntervalMs = Spec.Edge is { ReportIntervalMs: > 0 } edge ? edge.ReportIntervalMs : options.ReportIntervalMs,
                SensorBits = profile.Sensors,
                PowerSource = profile.PowerSource,
                ResetReason = boots++ == 0 ? 0 : 1,
                HeapFreeBytes = profile.HeapBytes,
                LeastHeapBytes = profile.HeapBytes,
            },
            new HmacSha256(),
            Spec.KeyStore,
            entropy,
            sensors);
    }

    /// <summary>One connection from CONNECT to its end; the agent learns how it ended.</summary>
    private async Task ConnectOnceAsync(CancellationToken cancellationToken)
    {
        await using var client = new MqttClient();
        try
        {
            var result = await client.ConnectAsync(ConnectOptions(), cancellationToken).ConfigureAwait(false);
            var code = result.Code;
            if (result.Accepted)
                code = await client.SubscribeAsync(agent.SubscribeTopic, QoS.AtLeastOnce, cancellationToken).ConfigureAwait(false);
            if ((int)code >= 0x80)
            {
                Refuse(result.Reason.Length > 0 ? $"{code}: {result.Reason}" : code.ToString());
                agent.ConnectRefused((int)code, NowMs);
                return;
            }
        }
        catch (MqttException)
        {
            tally.Unreached++;
            agent.ConnectRefused(0, NowMs);
            return;
        }

        tally.Connects++;
        Spec.Edge?.Opened(agent.ClientId, agent.Password);
        agent.Connected(NowMs);
        if (!await TalkAsync(client, cancellationToken).ConfigureAwait(false))
            tally.Lost++;
        agent.Disconnected(NowMs);
        if (agent.State == AgentState.Refused && agent.JoinRefusedReason.Length > 0)
            Refuse(agent.JoinRefusedReason);
    }

    private MqttClientOptions ConnectOptions() => new()
    {
        Host = options.Host,
        Port = Spec.Port == 0 ? options.Port : Spec.Port,
        ClientId = agent.ClientId,
        UserName = agent.UserName,
        Password = agent.Password.Length == 0 ? null : Encoding.ASCII.GetBytes(agent.Password),
        CleanStart = true,
        KeepAliveSeconds = options.KeepAliveSeconds,
        ProtocolVersion = options.ProtocolVersion,
        TimeProvider = options.Time,
        MaxPacketBytes = 2 * FrameLimits.FrameBytesMax,
        MessageCapacity = 16,
    };

    /// <summary>When to connect again: as the agent says, or sooner where the fleet's options ask for it.</summary>
    private long ReconnectAtMs()
    {
        var now = NowMs;
        if (agent.ReconnectAtMs - now <= options.ReconnectWaitMaxMs)
            return agent.ReconnectAtMs;
        entropy.Fill(chance, 0, chance.Length);
        return now + (long)Math.Ceiling(options.ReconnectWaitMaxMs * (0.5 + (0.5 * BitConverter.ToUInt32(chance) / uint.MaxValue)));
    }

    /// <summary>The connected part of the loop. True when the board itself wanted the end, false when the connection was lost.</summary>
    private async Task<bool> TalkAsync(MqttClient client, CancellationToken cancellationToken)
    {
        var joinUntilMs = agent.State == AgentState.Joining ? NowMs + options.JoinWaitMs : long.MaxValue;
        Task<bool>? readable = null;
        Task<ReasonCode>? sending = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (client.Messages.TryRead(out var message))
                {
                    Spec.Edge?.Received(message.Payload, NowMs);
                    agent.MessageReceived(message.Payload, 0, message.Payload.Length, NowMs);
                }

                if (sending is { IsCompleted: true })
                {
                    Spec.Edge?.Sent(Acknowledged(sending));
                    agent.Sent(Acknowledged(sending), NowMs);
                    sending = null;
                }

                Publish();
                if (client.Closed.IsCompleted)
                    return false;
                if (rebootAsked || agent.RebootWanted)
                {
                    rebootAsked = true;
                    return true;
                }

                if (sending is null && (agent.ReconnectWanted || newCode is not null))
                    return true;

                // The gateway owes an answer to a join, and a Welcome to a log-in; one that does not come is a lost connection.
                var now = NowMs;
                var overdue = agent.State switch
                {
                    AgentState.Joining => now >= joinUntilMs,
                    AgentState.Opening => now >= agent.NextWakeMs,
                    _ => false,
                };
                if (overdue)
                {
                    // A gateway that does not know the secret, or a board with a wrong one, gives proofs that do not fit.
                    if (agent.LastIgnoredStatus != FrameStatus.Ok)
                        Refuse(FrameStatus.Name(agent.LastIgnoredStatus));
                    return false;
                }

                var idle = now >= busyUntilMs;
                if (sending is null && idle)
                {
                    var count = agent.NextToSend(frame, NowMs);
                    if (count > 0)
                    {
                        count = Spec.Edge?.Sending(frame, count, NowMs) ?? count;
                        sending = client.PublishAsync(agent.PublishTopic, frame.AsMemory(0, count), QoS.AtLeastOnce, false, cancellationToken);
                        pulse!.SetWhenDone(sending);
                        continue;
                    }
                }

                if (idle && agent.HasWork)
                {
                    await WorkAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (readable is null || readable.IsCompleted)
                {
                    readable = client.Messages.WaitToReadAsync(cancellationToken).AsTask();
                    pulse!.SetWhenDone(readable);
                }

                await pulse!.WaitAsync(WaitMs(joinUntilMs), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            // The frame's buffer is the agent's and ours again only when nobody sends from it any more.
            if (sending is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
                await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        long used;
        await workers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            used = WorkSlice();
        }
        finally
        {
            workers.Release();
        }

        tally.Fuel += used;
        sensors.Worked(used, tally.Count(agent));
    }

    /// <summary>Works until the slice is used up, nothing is left to do, or a batch is done: its report must not wait for the next batch.</summary>
    private long WorkSlice()
    {
        long used = 0;
        var batch = agent.BatchesDone;
        while (used < sliceFuel && agent.BatchesDone == batch && agent.HasWork)
        {
            var before = AgentTasks;
            if (Spec.Edge?.PowerFails(before - tasksAtBatch) is { } offMs and > 0)
            {
                powerOffMs = offMs;
                rebootAsked = true;
                break;
            }

            var step = agent.Work((int)(sliceFuel - used), NowMs);
            used += step;
            if (step == 0 && AgentTasks == before)
                break;
        }

        if (agent.BatchesDone != batch)
            tasksAtBatch = AgentTasks;
        if (options.Pace == Pace.Board)
        {
            var now = NowMs;
            busyUntilMs = (working && now - busyUntilMs < LateMs ? busyUntilMs : now) + (used * 1000.0 / Spec.Profile.FuelPerSecond);
            working = agent.HasWork;
        }

        return used;
    }

    private long WaitMs(long joinUntilMs)
    {
        var now = NowMs;
        if (now < busyUntilMs)
            return (long)Math.Ceiling(busyUntilMs - now);
        var until = Math.Min(agent.NextWakeMs, joinUntilMs);
        // At least 1 ms: an agent that asks for time and then has nothing to send must not keep a core busy.
        return until == long.MaxValue ? -1 : Math.Max(1, until - now);
    }

    private static bool Acknowledged(Task<ReasonCode> sending) =>
        sending.IsCompletedSuccessfully && (int)sending.Result < 0x80;

    private int AgentTasks => agent.TasksDone + agent.TasksFailed;

    private void Refuse(string reason) => tally.Refuse(reason);

    private void Publish()
    {
        tally.Count(agent);
        var now = tally.Show(agent, !stopped);
        var before = counters;
        if (now == before)
            return;
        counters = now;
        if (now with { TasksDone = before.TasksDone, BatchesDone = before.BatchesDone, Fuel = before.Fuel } != before)
            changed();
    }
}
