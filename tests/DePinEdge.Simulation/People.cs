using DePinEdge.Gateway.Flow;
using DePinEdge.Simulation.Audit;
using DePinEdge.Simulation.Boards;
using DePinEdge.Simulation.Plans;
using DePinEdge.Simulation.Site;

namespace DePinEdge.Simulation;

/// <summary>
/// The people of a run: an operator who adds the program, issues credits and makes join codes, and requesters who submit and cancel
/// jobs. Whoever gets no answer asks again; the requesters' keys make that safe.
/// </summary>
public sealed class People(EventQueue time, Trace trace, Plan plan, GatewayProcess gateway, Auditor auditor, IReadOnlyList<SimBoard> boards)
{
    private const long CreditsMicro = 4_000_000_000_000_000;
    private const long AskAgainMs = 2_000;
    private const long RoundsEveryMs = 15_000;

    private readonly SortedDictionary<int, string> jobs = [];
    private readonly HashSet<int> inviting = [];
    private readonly HashSet<string> open = new(StringComparer.Ordinal);

    /// <summary>What they still wait for; empty: nothing.</summary>
    public string Unanswered => string.Join(", ", open.Order(StringComparer.Ordinal));

    /// <summary>Puts everything they will do into the plan of events.</summary>
    public void Begin()
    {
        foreach (var job in plan.Jobs)
            open.Add(job.Key);
        var primes = Workshop.Primes;
        var offer = new ProgramOffered(new ProgramHash(primes.HashHex), primes.Manifest.Name, primes.Manifest.Version, primes.Wasm, primes.Image,
            primes.Manifest.MemoryBytes, primes.Manifest.FuelMax, 0, OutputKind.U32, Reduction.Sum);
        Until((core, now) => core.AddProgram(offer, now), added => SimulationException.Require(added.Problem is null, $"the program was refused: {added.Problem}"));
        foreach (var requester in plan.Jobs.Select(job => job.Requester).Distinct())
            Until((core, now) =>
            {
                auditor.IssueAsked(requester, CreditsMicro);
                return core.Issue(requester, CreditsMicro, now);
            }, _ => { });
        foreach (var job in plan.Jobs)
            time.At(job.AtMs, () => Submit(job));
        foreach (var board in boards)
        {
            time.At(board.Plan.JoinsAtMs, () => Join(board));
            if (board.Plan.LeavesAtMs < long.MaxValue)
                time.At(board.Plan.LeavesAtMs, board.Leave);
        }
        time.After(RoundsEveryMs, Rounds);
    }

    private void Join(SimBoard board)
    {
        if (board.Plan.LeavesAtMs <= time.NowMs)
            return;
        board.SwitchOn();
        Invite(board);
    }

    /// <summary>The operator looks after boards that nothing but a new code can help.</summary>
    private void Rounds()
    {
        foreach (var board in boards)
            if (board.NeedsPerson)
                Invite(board);
        time.After(RoundsEveryMs, Rounds);
    }

    private void Invite(SimBoard board)
    {
        if (!inviting.Add(board.Plan.Number))
            return;
        // A board that has a name keeps it: then the key is replaced.
        var name = board.Agent.DeviceId.Length > 0 ? board.Agent.DeviceId : board.Plan.Name;
        Until((core, now) => core.Invite(new InviteAsked(name, board.Plan.Owner, 0), now), invited =>
        {
            SimulationException.Require(invited.Problem is null, $"an invitation was refused: {invited.Problem}");
            inviting.Remove(board.Plan.Number);
            trace.Add(time.NowMs, "invited", board.Who);
            if (board.On)
                board.TypeIn(invited.Value!.JoinCode);
        });
    }

    private void Submit(JobPlan job)
    {
        var hash = new ProgramHash(Workshop.Primes.HashHex);
        var asked = new JobAsked(job.Requester, job.Key, "primes", hash, job.IsRange, job.From, job.From + job.Tasks,
            job.IsRange ? [] : [.. Enumerable.Range(0, job.Tasks).Select(task => Oracle.Head(job, task))], Oracle.Tail(job), job.FuelLimit, job.PriceMicro, job.MaxCreditsMicro);
        Until((core, now) => core.SubmitJob(asked, now), submitted =>
        {
            if (submitted.Problem is { } problem)
            {
                // Credits and program may not be there yet.
                SimulationException.Require(problem.Code is "unknown-program" or "insufficient-credits", $"{job.Key} was refused: {problem}");
                time.After(AskAgainMs, () => Submit(job));
                return;
            }
            open.Remove(job.Key);
            jobs[job.Number] = submitted.Value!.Id;
            auditor.Told(submitted.Value.Id);
            if (job.CancelAtMs < long.MaxValue)
                time.At(job.CancelAtMs, () => Cancel(job));
        });
    }

    private void Cancel(JobPlan job)
    {
        open.Add($"cancel {job.Key}");
        Until((core, now) => core.CancelJob(jobs[job.Number], now), cancelled =>
        {
            SimulationException.Require(cancelled.Problem is null, $"cancelling {job.Key} was refused: {cancelled.Problem}");
            open.Remove($"cancel {job.Key}");
        });
    }

    private void Until<T>(Func<DePinEdge.Gateway.GatewayCore, Instant, T> ask, Action<T> answered) =>
        gateway.Ask(ask, answered, () => time.After(AskAgainMs, () => Until(ask, answered)));
}
