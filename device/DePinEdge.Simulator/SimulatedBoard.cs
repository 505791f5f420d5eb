// One board: the real agent, the real interpreter inside it and the real MQTT client, driven by one loop. Flows in: messages from the
// socket; flows out: frames, one at a time, each waiting for its PUBACK. The loop is asynchronous: a waiting board costs a
// timer and a socket, no thread.
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
    private readonly FleetOptions options;
    private readonly SemaphoreSlim workers;
    private readonly Action changed;
    private readonly SeededEntropy entropy;
    private readonly BackOff backOff;
    private readonly byte[] frame = new byte[FrameLimits.FrameBytesMax];
    private readonly int sliceFuel;

    private BoardAgent agent = null!;
    private SimulatedSensors sensors = null!;
    private Pulse? pulse;
    private long bootTimestamp;
    private double busyUntilMs;
    private int boots;
    private bool online;
    private long agentTasks, agentBatches, agentIgnored;
    private long tasks, batches, ignored, fuel, connects, lost, refused;
    private string lastRefusal = "";
    private volatile bool rebootAsked;
    private volatile BoardCounters counters = new("", false, false, 0, 0, 0, 0, 0, 0, 0, "");

    internal SimulatedBoard(BoardSpec spec, FleetOptions options, SemaphoreSlim workers, Action changed)
    {
        Spec = spec;
        this.options = options;
        this.workers = workers;
        this.changed = changed;
        entropy = new SeededEntropy(spec.Seed);
        backOff = new BackOff(options.BackOffFirstMs, options.BackOffMaxMs, entropy);
        sliceFuel = options.Pace == Pace.None
            ? options.SliceFuel
            : (int)Math.Clamp((long)spec.Profile.FuelPerSecond * options.SliceMs / 1_000, 1_000, int.MaxValue);
    }

    /// <summary>What it was made of.</summary>
    public BoardSpec Spec { get; }

    /// <summary>What it has done so far. Any thread.</summary>
    public BoardCounters Counters => counters;

    /// <summary>Takes the power away and gives it back: the connection closes without a goodbye, memory is lost, the key store stays. Any thread.</summary>
    public void Reboot()
    {
        rebootAsked = true;
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
            while (agent.PrepareConnect())
            {
                var good = await ConnectOnceAsync(cancellationToken).ConfigureAwait(false);
                if (rebootAsked)
                    Boot();
                if (good)
                    backOff.Reset();
                var waitMs = good ? 0 : Math.Max(backOff.NextMs(), agent.ReconnectAtMs - NowMs);
                for (var until = NowMs + waitMs; NowMs < until && !rebootAsked;)
                    await signal.WaitAsync(until - NowMs, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            online = false;
            Publish();
        }
    }

    private void Boot()
    {
        rebootAsked = false;
        CountAgent();
        agentTasks = agentBatches = agentIgnored = 0;
        bootTimestamp = options.Time.GetTimestamp();
        busyUntilMs = 0;
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
                ReportIntervalMs = options.ReportIntervalMs,
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

    /// <summary>One connection from CONNECT to its end. True when it was good: the next attempt need not wait.</summary>
    private async Task<bool> ConnectOnceAsync(CancellationToken cancellationToken)
    {
        await using var client = new MqttClient();
        try
        {
            var result = await client.ConnectAsync(
                new MqttClientOptions
                {
                    Host = options.Host,
                    Port = options.Port,
                    ClientId = agent.ClientId,
                    UserName = agent.UserName,
                    Password = System.Text.Encoding.ASCII.GetBytes(agent.Password),
                    CleanStart = true,
                    KeepAliveSeconds = options.KeepAliveSeconds,
                    ProtocolVersion = options.ProtocolVersion,
                    TimeProvider = options.Time,
                    MaxPacketBytes = 2 * FrameLimits.FrameBytesMax,
                    MessageCapacity = 16,
                },
                cancellationToken).ConfigureAwait(false);
            if (!result.Accepted)
            {
                Refuse(result.Code.ToString());
                agent.ConnectRefused((int)result.Code, NowMs);
                return false;
            }

            var granted = await client.SubscribeAsync(agent.SubscribeTopic, QoS.AtLeastOnce, cancellationToken).ConfigureAwait(false);
            if ((int)granted >= 0x80)
            {
                Refuse(granted.ToString());
                return false;
            }
        }
        catch (MqttException)
        {
            return false;
        }

        connects++;
        agent.Connected(NowMs);
        var wanted = await TalkAsync(client, cancellationToken).ConfigureAwait(false);
        agent.Disconnected(NowMs);
        if (!wanted)
            lost++;
        if (agent.State == AgentState.Refused)
            Refuse(agent.JoinRefusedReason);
        online = false;
        Publish();
        return wanted;
    }

    /// <summary>The connected part of the loop. True when the board itself wanted the end, false when the connection was lost.</summary>
    private async Task<bool> TalkAsync(MqttClient client, CancellationToken cancellationToken)
    {
        Task<bool>? readable = null;
        Task<ReasonCode>? sending = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (client.Messages.TryRead(out var message))
                    agent.MessageReceived(message.Payload, 0, message.Payload.Length, NowMs);

                if (sending is { IsCompleted: true })
                {
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

                if (sending is null && agent.ReconnectWanted)
                    return true;

                var idle = NowMs >= busyUntilMs;
                if (sending is null && idle)
                {
                    var count = agent.NextToSend(frame, NowMs);
                    if (count > 0)
                    {
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

                await pulse!.WaitAsync(WaitMs(idle), cancellationToken).ConfigureAwait(false);
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
            used = agent.Work(sliceFuel, NowMs);
        }
        finally
        {
            workers.Release();
        }

        fuel += used;
        sensors.Worked(used, agent.TasksDone - agentTasks);
        if (options.Pace == Pace.Board)
            busyUntilMs = Math.Max(busyUntilMs, NowMs) + (used * 1000.0 / Spec.Profile.FuelPerSecond);
        CountAgent();
    }

    private long WaitMs(bool idle)
    {
        var now = NowMs;
        var until = agent.NextWakeMs;
        if (!idle)
            until = Math.Min(until, (long)Math.Ceiling(busyUntilMs));
        return until == long.MaxValue ? -1 : Math.Max(0, until - now);
    }

    private static bool Acknowledged(Task<ReasonCode> sending) =>
        sending.IsCompletedSuccessfully && (int)sending.Result < 0x80;

    private void Refuse(string reason)
    {
        refused++;
        lastRefusal = reason;
    }

    /// <summary>Takes over what the agent counted since the last call: its counters start again at every boot, ours do not.</summary>
    private void CountAgent()
    {
        if (agent is null)
            return;
        tasks += agent.TasksDone - agentTasks;
        batches += agent.BatchesDone - agentBatches;
        ignored += agent.FramesIgnored - agentIgnored;
        agentTasks = agent.TasksDone;
        agentBatches = agent.BatchesDone;
        agentIgnored = agent.FramesIgnored;
    }

    private void Publish()
    {
        CountAgent();
        online = agent.State == AgentState.Ready;
        var now = new BoardCounters(
            agent.DeviceId, online, agent.State is AgentState.NeedsLogin or AgentState.Opening or AgentState.Ready, tasks, batches, fuel, connects, lost,
            refused, ignored, lastRefusal);
        var before = counters;
        if (now == before)
            return;
        counters = now;
        if (now.Online != before.Online || now.Joined != before.Joined || now.Refused != before.Refused || now.FramesIgnored != before.FramesIgnored)
            changed();
    }
}
