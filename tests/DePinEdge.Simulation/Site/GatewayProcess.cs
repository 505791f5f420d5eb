// The gateway's machine: the production core in a loop as the host's, with a store, connections and long work, all of it simulated. It
// dies and starts again; what it stored is all that it has then.
using DePinEdge.Gateway;
using DePinEdge.Gateway.Flow;
using DePinEdge.Mqtt.Broker;
using DePinEdge.Simulation.Audit;
using DePinEdge.Simulation.Network;
using DePinEdge.Simulation.Plans;
using Microsoft.Extensions.Logging.Abstractions;

namespace DePinEdge.Simulation.Site;

/// <summary>Runs rounds of <see cref="GatewayCore"/>: inputs, tick, commit, and only then outputs.</summary>
public sealed class GatewayProcess : IGatewaySide
{
    /// <summary>The wall clock at simulated time 0.</summary>
    public const long StartUtcMs = 1_795_330_000_000;

    /// <summary>Longest run of the gateway's own, faults included.</summary>
    public const long WorkMsLongest = 15_000;

    private readonly EventQueue time;
    private readonly Dice dice;
    private readonly Trace trace;
    private readonly Plan plan;
    private readonly Auditor auditor;
    private readonly Mechanisms seen;
    private readonly SeededSource entropy;
    private readonly Queue<Action<GatewayCore, Instant>> inbox = new();
    private readonly List<Link> links = [];
    private readonly List<BrokerConnection> dirty = [];
    private readonly List<WorkRequest> work = [];
    private readonly List<Action> replies = [];
    private readonly List<Action> failures = [];
    private long bornMs, msBase, utcJumpMs;
    private long roundAtMs = long.MaxValue;
    private long nextCommitMs;
    private bool committing;
    private bool healed;
    private long slowWorkUntilMs, diskFullUntilMs;
    private FaultKind? crashAsked;
    private byte[]? hashBefore;
    private Turn? open;

    public GatewayProcess(EventQueue time, Dice dice, Trace trace, Plan plan, Auditor auditor, Mechanisms seen)
    {
        this.time = time;
        this.dice = dice;
        this.trace = trace;
        this.plan = plan;
        this.auditor = auditor;
        this.seen = seen;
        entropy = new SeededSource(dice.Fork("entropy"));
        Start();
    }

    /// <summary>The core; null while the machine is down.</summary>
    public GatewayCore? Core { get; private set; }

    /// <summary>What was stored.</summary>
    public TurnArchive Archive { get; } = new();

    /// <summary>Counts the machine's lives.</summary>
    public int Life { get; private set; }

    /// <summary>Everything it did is stored and was sent.</summary>
    public bool Quiet => Core is { HasRecords: false } && !committing && inbox.Count == 0;

    /// <summary>Told after each round and each commit.</summary>
    public Action<GatewayCore>? RoundEnded { get; set; }

    /// <summary>The core's present moment.</summary>
    public Instant Now => new(msBase + time.NowMs - bornMs, StartUtcMs + time.NowMs + utcJumpMs);

    /// <summary>No more slow work and slow commits.</summary>
    public void Heal() => (healed, crashAsked, slowWorkUntilMs, diskFullUntilMs) = (true, null, 0, 0);

    /// <summary>Asks the core something in a round; the answer comes when what it caused is stored, or never: then the other is told.</summary>
    public void Ask<T>(Func<GatewayCore, Instant, T> ask, Action<T> answered, Action failed)
    {
        if (Core is null)
        {
            time.After(1, failed);
            return;
        }
        failures.Add(failed);
        Input((core, now) =>
        {
            var answer = ask(core, now);
            replies.Add(() =>
            {
                failures.Remove(failed);
                answered(answer);
            });
        });
    }

    /// <summary>Something of the fault list that concerns this machine.</summary>
    public void Suffer(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.ClockJump:
                utcJumpMs += fault.Value;
                trace.Add(time.NowMs, "clock", "gateway", fault.Value);
                break;
            case FaultKind.SlowWork:
                slowWorkUntilMs = time.NowMs + fault.LengthMs;
                break;
            case FaultKind.DiskFull:
                diskFullUntilMs = time.NowMs + fault.LengthMs;
                break;
            case FaultKind.Crash when Core is not null:
                // Whatever this life recorded and did not store is lost; what it stored is checked at the next start.
                Die(fault.LengthMs);
                break;
            case FaultKind.CrashTurnLost or FaultKind.CrashTurnStored when Core is not null:
                crashAsked = fault.Kind;
                Wake();
                break;
        }
    }

    public void Open(Link link)
    {
        if (Core is null)
        {
            link.VanishAtGateway(silently: false);
            return;
        }
        links.Add(link);
        Input((core, now) =>
        {
            var connection = core.ConnectionOpened(new RemoteEndpoint("10.0.0." + link.Who.Length, 40_000, false), now);
            if (connection is not null)
                connection.Tag = link;
            link.Opened(connection);
        });
    }

    public void Received(Link link, byte[] bytes)
    {
        Input((core, now) =>
        {
            if (link.Connection is not { } connection)
                return;
            trace.Add(time.NowMs, "received", link.Who, bytes.Length, bytes);
            core.BytesReceived(connection, bytes, now);
        });
    }

    public void Lost(Link link, string why)
    {
        if (Core is not null)
            Input((core, now) => Close(core, link, why, now));
    }

    private void Close(GatewayCore core, Link link, string why, Instant now)
    {
        if (link.Connection is not { } connection)
            return;
        link.ClosedAtGateway();
        links.Remove(link);
        trace.Add(time.NowMs, "closed", link.Who);
        core.ConnectionClosed(connection, why, now);
    }

    private void Input(Action<GatewayCore, Instant> input)
    {
        inbox.Enqueue(input);
        Wake();
    }

    private void Wake() => WakeAt(time.NowMs);

    private void WakeAt(long atMs)
    {
        atMs = Math.Max(atMs, time.NowMs);
        if (Core is null || committing || roundAtMs <= atMs)
            return;
        roundAtMs = atMs;
        var life = Life;
        time.At(atMs, () =>
        {
            if (life != Life || roundAtMs != atMs || committing || Core is null)
                return;
            roundAtMs = long.MaxValue;
            Round(Core);
        });
    }

    private void Round(GatewayCore core)
    {
        if (crashAsked is not null && !core.HasRecords)
            hashBefore = core.StateHash();
        for (var left = plan.InputsPerRound; left > 0 && inbox.TryDequeue(out var input); left--)
            input(core, Now);
        if (Now.Ms >= core.NextTickMs)
            core.Tick(Now);
        RoundEnded?.Invoke(core);
        if (!core.HasRecords)
            Publish(core);
        else if (time.NowMs >= nextCommitMs)
            Commit(core);
        else
            WakeAt(nextCommitMs);
        if (committing || Core is null)
            return;
        if (inbox.Count > 0)
            WakeAt(time.NowMs + dice.Below(2));
        else if (core.NextTickMs < long.MaxValue)
            WakeAt(time.NowMs + Math.Max(1, core.NextTickMs - Now.Ms));
    }

    private void Commit(GatewayCore core)
    {
        var turn = core.TakeTurn(Now)!;
        if (crashAsked is { } kind && hashBefore is { } before)
        {
            crashAsked = null;
            hashBefore = null;
            var stored = kind == FaultKind.CrashTurnStored;
            var expected = stored ? core.StateHash() : before;
            if (stored)
                Store(turn);
            Die(dice.Of(10, 500, 5_000), expected);
            return;
        }
        committing = true;
        open = turn;
        var life = Life;
        TryStore();

        void TryStore() => time.After(healed || plan.CommitMsMax == 0 ? 0 : dice.Between(0, plan.CommitMsMax), () =>
        {
            if (life != Life)
                return;
            if (time.NowMs < diskFullUntilMs)
            {
                core.Paused = true;
                time.After(1_000, TryStore);
                return;
            }
            committing = false;
            if (core.Paused)
                auditor.Resumed(time.NowMs);
            open = null;
            nextCommitMs = time.NowMs + plan.LingerMs;
            Store(turn);
            RoundEnded?.Invoke(core);
            Publish(core);
            if (core.Paused)
                Input((resumed, _) => resumed.Paused = false);
            Wake();
        });
    }

    private void Store(Turn turn)
    {
        Archive.Add(turn);
        auditor.Stored(turn, time.NowMs);
        TraceRecords(turn);
    }

    private void TraceRecords(Turn turn)
    {
        trace.Add(time.NowMs, "turn", "gateway", turn.Seq);
        RecordCodec.ForEach(turn.Body, bytes =>
        {
            // A signature is random, and a seal's hash covers the signatures before it.
            var code = (RecordCode)bytes[0];
            trace.Add(time.NowMs, code.ToString(), "", bytes.Length, code is RecordCode.EpochSealed or RecordCode.EpochSigned ? default : bytes);
        });
    }

    private void Publish(GatewayCore core)
    {
        core.Broker.TakeDirty(dirty);
        foreach (var connection in dirty)
            Flush(core, connection);
        dirty.Clear();
        var told = replies.ToArray();
        replies.Clear();
        foreach (var reply in told)
            reply();
        core.TakeWork(work);
        var asked = work.ToArray();
        work.Clear();
        foreach (var request in asked)
            Work(request);
    }

    private void Flush(GatewayCore core, BrokerConnection connection)
    {
        var link = (Link)connection.Tag!;
        var buffer = core.Broker.TakeOutput(connection);
        var bytes = buffer.Memory.ToArray();
        buffer.Return();
        if (bytes.Length > 0)
        {
            trace.Add(time.NowMs, "sent", link.Who, bytes.Length);
            link.SendDown(bytes);
            core.Broker.OutputSent(connection, bytes.Length);
        }
        if (!connection.CloseAfterFlush && !connection.Abort)
            return;
        link.CloseAtGateway();
        Input((still, now) =>
        {
            links.Remove(link);
            still.ConnectionClosed(connection, "closed by the gateway", now);
        });
    }

    private void Work(WorkRequest request)
    {
        var life = Life;
        var longest = time.NowMs < slowWorkUntilMs ? WorkMsLongest : healed ? 5 : plan.WorkMsMax;
        time.After(dice.Between(0, longest), () =>
        {
            if (life != Life)
                return;
            if (request is RecomputeAsked asked)
                Input((core, now) => core.Recomputed(Workshop.Answer(asked), now));
            else if (request is SignAsked sign)
                Input((core, now) => core.Signed(Workshop.Answer(sign), now));
        });
    }

    private void Die(long downMs, byte[]? expected = null)
    {
        // Between rounds everything that was recorded may be stored already: then the live state is what a start must give.
        if (expected is null && open is not null && dice.Permille(500))
        {
            Store(open);
            open = null;
        }
        if (expected is null && Core is { HasRecords: false } && open is null)
            expected = Core.StateHash();
        open = null;
        seen.Add("crashes");
        if (Core is not null)
            seen.Add(Core);
        trace.Add(time.NowMs, "died", "gateway", Life);
        Life++;
        Core = null;
        committing = false;
        roundAtMs = long.MaxValue;
        crashAsked = null;
        hashBefore = null;
        inbox.Clear();
        replies.Clear();
        foreach (var link in links)
            link.VanishAtGateway(silently: dice.Permille(300));
        links.Clear();
        var told = failures.ToArray();
        failures.Clear();
        foreach (var failed in told)
            time.After(dice.Between(1, 50), failed);
        time.After(downMs, () => Start(expected));
    }

    private void Start(byte[]? expected = null)
    {
        bornMs = time.NowMs;
        msBase = dice.Of(1, 1_000_000); // never 0, as the host's clock
        nextCommitMs = time.NowMs;
        if (Archive.Turns.Count > 0)
            CheckReplay(expected);
        Core = Recovered(Archive.SinceSnapshot());
        auditor.Started(time.NowMs);
        trace.Add(time.NowMs, "started", "gateway", Archive.Turns.Count);
        var life = Life;
        foreach (var (hash, _) in Core.Programs)
            // Lowering takes a while; boards may be back before it is done.
            time.After(dice.Of(0, 0, 100, 3_000), () =>
            {
                if (life == Life)
                    Input((core, now) => core.ProvideImage(hash, Workshop.Primes.Image, now));
            });
        Wake();
    }

    /// <summary>Both ways to read the archive give one state, and it is the expected one (null: not known).</summary>
    public void CheckReplay(byte[]? expected)
    {
        var whole = Recovered(Archive.FromTheFirst()).StateHash();
        var since = Recovered(Archive.SinceSnapshot()).StateHash();
        SimulationException.Require(whole.AsSpan().SequenceEqual(since), "a replay from the first turn gives another state than one from the last snapshot");
        SimulationException.Require(expected is null || expected.AsSpan().SequenceEqual(whole), "a replay gives another state than the live one had");
    }

    private GatewayCore Recovered(StoredState stored)
    {
        var core = new GatewayCore(plan.Options, entropy, NullLoggerFactory.Instance);
        core.Recover(stored, Now);
        return core;
    }
}
