// One run: a plan, a gateway, boards, people who use them, the faults, and then peace, in which everything must come to an end.
using System.Text;
using DePinEdge.Gateway;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Simulation.Audit;
using DePinEdge.Simulation.Boards;
using DePinEdge.Simulation.Plans;
using DePinEdge.Simulation.Site;

namespace DePinEdge.Simulation;

/// <summary>Everything of one seed, in one thread. <see cref="Run"/> says how it ended.</summary>
public sealed class World
{
    /// <summary>After the faults, every job must have ended and every good board must be back within this time, ms.</summary>
    public const long SettledWithinMs = 45 * 60_000;

    private const long EventsMax = 5_000_000;

    private readonly EventQueue time = new();
    private readonly Trace trace;
    private readonly Plan plan;
    private readonly Auditor auditor;
    private readonly GatewayProcess gateway;
    private readonly SimBoard[] boards;
    private readonly List<SimBoard> twins = [];
    private readonly Mechanisms seen = new();
    private readonly Dice dice;
    private readonly Ring ring = new();
    private readonly People people;
    private long checkedTurns = -1;

    private World(Plan plan, TextWriter? lines, Func<DurableRecord, DurableRecord[]>? doctor)
    {
        this.plan = plan;
        dice = new Dice(plan.Seed).Fork("world");
        trace = new Trace(lines);
        auditor = doctor is null ? new Auditor(plan, seen) : new Auditor(plan, seen) { Doctor = doctor };
        gateway = new GatewayProcess(time, dice.Fork("gateway"), trace, plan, auditor, seen) { RoundEnded = Check };
        boards = [.. plan.Boards.Select(board => new SimBoard(time, dice.Fork($"board{board.Number}"), trace, board, gateway, auditor, ring))];
        people = new People(time, trace, plan, gateway, auditor, boards);
    }

    /// <summary>Runs a seed.</summary>
    /// <param name="lines">Where to write each event; null: nowhere.</param>
    public static RunResult Run(ulong seed, TextWriter? lines = null) => Run(PlanMaker.Make(seed), lines);

    /// <summary>Runs a plan.</summary>
    /// <param name="doctor">What the auditor reads in the place of a record; null: the record.</param>
    public static RunResult Run(Plan plan, TextWriter? lines = null, Func<DurableRecord, DurableRecord[]>? doctor = null)
    {
        World? world = null;
        try
        {
            world = new World(plan, lines, doctor);
            world.Go();
            return world.Result("");
        }
        catch (Exception failure)
        {
            // Any exception is a find: the core's invariants throw, and nothing else may.
            var what = failure is SimulationException ? failure.Message : failure.ToString();
            return world?.Result(what) ?? new RunResult(plan.Seed, what, 0, 0, 0, 0, "", new SortedDictionary<string, long>());
        }
    }

    private RunResult Result(string failure) => new(
        plan.Seed, failure.Length == 0 ? "" : $"{failure} (at {time.NowMs} ms; {plan})", auditor.TasksJudged, auditor.TasksRefused, auditor.FalseAccepted, time.NowMs, trace.Hash, seen.Counts);

    private void Go()
    {
        people.Begin();
        foreach (var fault in plan.Faults)
            time.At(fault.AtMs, () => Suffer(fault));
        time.At(plan.FaultsEndMs, Heal);
        while (time.NowMs < plan.FaultsEndMs && Step(plan.FaultsEndMs))
        {
        }
        var untilMs = plan.FaultsEndMs + SettledWithinMs;
        var lookMs = time.NowMs;
        var settled = false;
        while (!settled && Step(untilMs))
            if (time.NowMs >= lookMs)
            {
                lookMs = time.NowMs + 500;
                settled = Unsettled().Length == 0;
            }
        SimulationException.Require(settled, $"not settled within {SettledWithinMs / 60_000} minutes: {Unsettled()}");
        End();
    }

    private bool Step(long untilMs)
    {
        SimulationException.Require(time.Happened < EventsMax, "too many events: something goes round in circles");
        return time.Step(untilMs);
    }

    private void Suffer(Fault fault)
    {
        trace.Add(time.NowMs, "fault", fault.Kind.ToString(), fault.Boards);
        gateway.Suffer(fault);
        seen.Add($"faults {fault.Kind}");
        foreach (var board in boards)
            if ((fault.Boards >> board.Plan.Number & 1) != 0)
            {
                board.Suffer(fault);
                if (fault.Kind == FaultKind.Clone && board.Agent.DeviceId.Length > 0)
                    Clone(board, fault.LengthMs);
            }
    }

    /// <summary>A second board with the same key; it disturbs and goes.</summary>
    private void Clone(SimBoard board, long lengthMs)
    {
        var twin = new SimBoard(time, dice.Fork($"twin{time.NowMs}"), trace, board.Plan, gateway, auditor, ring, board.Keys.Copy());
        twins.Add(twin);
        twin.SwitchOn();
        time.After(lengthMs, twin.Leave);
    }

    private void Heal()
    {
        trace.Add(time.NowMs, "healed", "");
        gateway.Heal();
        foreach (var board in boards)
            board.Heal();
        foreach (var twin in twins)
            twin.Leave();
    }

    /// <summary>After each round and each commit.</summary>
    private void Check(GatewayCore core)
    {
        auditor.CheckLeases(time.NowMs);
        if (core.HasRecords || gateway.Archive.Turns.Count == checkedTurns)
            return;
        checkedTurns = gateway.Archive.Turns.Count;
        if (checkedTurns % 16 == 0)
            ViewChecks.Everything(core, auditor, gateway.Now);
        else
            ViewChecks.Totals(core, auditor);
        Limits(core);
    }

    private void Limits(GatewayCore core)
    {
        var counters = core.Views.Counters();
        SimulationException.Require(counters.DevicesOnline >= 0 && counters.DevicesOnline <= counters.Devices, $"{counters.DevicesOnline} of {counters.Devices} devices are online");
        var broker = core.Broker.Counters;
        SimulationException.Require(broker.Connections >= 0 && broker.Connections <= 8 * boards.Length + 8, $"{broker.Connections} connections of {boards.Length} boards are open");
    }

    /// <summary>What is not as it must be in the end; empty when all is.</summary>
    private string Unsettled()
    {
        var text = new StringBuilder();
        if (!gateway.Quiet || gateway.Core is not { } core)
            return "the gateway is busy";
        if (people.Unanswered is { Length: > 0 } unanswered)
            text.Append(unanswered).Append("; ");
        foreach (var job in auditor.Jobs.Values.Where(job => job.Ended is null))
        {
            // A bound of the requester's that does not cover one task is his own affair: he has to cancel.
            var view = core.Views.Job(job.Spec.Job.ToString(), gateway.Now).Value!;
            text.Append($"{view.Id} {view.Done}/{view.Failed}/{view.Leased} of {view.Total} {view.Waits}; ");
        }
        if (auditor.Leases.Count > 0)
            text.Append($"{auditor.Leases.Count} leases are open; ");
        foreach (var board in boards.Where(board => board.Plan.Reliable))
            if (core.Views.Device(board.Agent.DeviceId).Value is not { Online: true, HeldReason: "" } view)
                text.Append($"{board.Who} '{board.Agent.DeviceId}' is not there ({core.Views.Device(board.Agent.DeviceId).Value?.State}, agent {board.Agent.State} {board.Agent.JoinRefusedReason}); ");
        return text.ToString();
    }

    private void End()
    {
        var core = gateway.Core!;
        seen.Add(core);
        ViewChecks.Everything(core, auditor, gateway.Now);
        var ledger = core.Views.Ledger();
        SimulationException.Require(ledger is { ReservedMicro: 0, EscrowMicro: 0 }, $"{ledger.ReservedMicro} are reserved and {ledger.EscrowMicro} in escrow though nothing runs");
        gateway.CheckReplay(core.StateHash());
        var report = LedgerVerifier.Verify(gateway.Archive.Turns);
        SimulationException.Require(report.Ok, $"the verifier finds: {string.Join("; ", report.Errors)}");
        SimulationException.Require(report.PostedMicro == auditor.Books.Posted, $"the verifier counts {report.PostedMicro} posted, the auditor {auditor.Books.Posted}");
    }
}
