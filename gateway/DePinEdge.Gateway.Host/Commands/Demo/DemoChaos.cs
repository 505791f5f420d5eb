// The demo's villains, and its operator: sets loose what the plan says, and gives the victim of a theft its device back.
using DePinEdge.Client;
using DePinEdge.Simulator;
using DePinEdge.Simulator.Chaos;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>Makes bad boards and links out of good ones by a plan, runs the thief, and does what an operator would do about a held board.</summary>
internal sealed class DemoChaos : IAsyncDisposable
{
    private readonly int mqttPort;
    private readonly TimeProvider time;
    private readonly List<LinkRelay> relays = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Tape tape = new();
    private KeyThief? thief;
    private Task stealing = Task.CompletedTask;
    private string victim = "";
    private long paidBefore = -1;

    /// <param name="plan">What goes wrong.</param>
    /// <param name="mqttPort">The gateway's.</param>
    /// <param name="time">For waits.</param>
    public DemoChaos(ChaosPlan plan, int mqttPort, TimeProvider time)
    {
        Plan = plan;
        this.mqttPort = mqttPort;
        this.time = time;
    }

    /// <summary>What goes wrong.</summary>
    public ChaosPlan Plan { get; }

    /// <summary>What went wrong so far.</summary>
    public ChaosStage Stage { get; } = new();

    /// <summary>The board whose key is stolen.</summary>
    public string Victim => victim;

    /// <summary>Times that the gateway held the victim's device because two boards used its key.</summary>
    public int ClonesHeld { get; private set; }

    /// <summary>The victim has a new key, and was paid for work that it did with it.</summary>
    public bool VictimWorksAgain { get; private set; }

    /// <summary>Recorded passwords that the gateway took.</summary>
    public long ReplaysAccepted => thief?.ReplaysAccepted ?? 0;

    /// <summary>Planned kinds of faults that have not happened yet.</summary>
    public IReadOnlyList<FaultKind> Missing => [.. Plan.Kinds().Where(kind => Stage.Faults[kind] == 0)];

    /// <summary>Everything planned has happened at least once, the thief is shut out, and its victim works again.</summary>
    public bool Settled => Missing.Count == 0 && thief is { ShutOut: true } && VictimWorksAgain;

    /// <summary>The boards with their vices, in the order of the specs: honest ones first, then the liars.</summary>
    public IReadOnlyList<BoardSpec> Corrupt(IReadOnlyList<BoardSpec> specs) =>
        [.. specs.Select((spec, i) => i < Plan.Boards.Count ? Honest(spec, Plan.Boards[i], i == Plan.Victim) : Liar(spec, Plan.Liars[i - Plan.Boards.Count]))];

    /// <summary>From now on all that is planned may happen.</summary>
    public void Begin(SimulatedFleet fleet)
    {
        var robbed = fleet.Boards[Plan.Victim];
        victim = robbed.Spec.Name;
        thief = new KeyThief(mqttPort, robbed.Spec.KeyStore, tape, Stage, Plan.Seed, time);
        stealing = Task.Run(() => thief.RunAsync(stopping.Token));
        Stage.Begin();
    }

    /// <summary>The operator's look at the gateway: a device that is held as cloned is invited again, and its owner types the code in.</summary>
    public async Task LookAsync(SimulatedFleet fleet, DepinClient client, CancellationToken cancel)
    {
        if (stealing.IsFaulted)
            await stealing;
        if (VictimWorksAgain)
            return;
        var device = await client.DeviceAsync(victim, cancel);
        if (paidBefore < 0 && device.HeldReason == "CLONED")
        {
            ClonesHeld++;
            paidBefore = device.TasksOk;
            fleet.Boards[Plan.Victim].UseJoinCode((await client.InviteAsync(victim, cancel: cancel)).JoinCode);
        }
        else if (paidBefore >= 0 && device is { HeldReason: "", Online: true } && device.TasksOk > paidBefore)
            VictimWorksAgain = true;
    }

    /// <summary>Stops the thief, closes the links.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await stealing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var relay in relays)
            await relay.DisposeAsync();
        stopping.Dispose();
    }

    private BoardSpec Honest(BoardSpec spec, ChaosPlan.BoardPlan plan, bool robbed)
    {
        // A board whose power goes needs a link too: the gateway hears nothing of a power cut.
        LinkRelay? relay = null;
        if (plan.Link.Count > 0 || plan.Habit is { Kind: FaultKind.Death })
            relays.Add(relay = new LinkRelay(mqttPort, Stage, plan.Link, time));
        var edge = new ChaosEdge(
            spec.Name, spec.KeyStore, Stage, plan.Seed, habit: plan.Habit, tape: robbed ? tape : null, powerCut: relay is null ? null : relay.Vanish);
        return spec with { Edge = edge, Port = relay?.Port ?? 0 };
    }

    private BoardSpec Liar(BoardSpec spec, ChaosPlan.LiarPlan plan)
    {
        var liar = new Liar(spec.Name, plan.Kind, plan.Share, plan.Seed, Stage.Market);
        return spec with { Edge = new ChaosEdge(spec.Name, spec.KeyStore, Stage, plan.Seed, liar) { ForeignShare = plan.ForeignShare } };
    }
}
