// Everything the demo asks of its gateway, in one place.
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Commands.Demo;

/// <summary>
/// Questions to the running gateway that stand behind no route of the API, put to its core directly. What the API has, the demo asks through
/// DePinEdge.Client like anybody else. A refusal becomes a <see cref="DemoException"/>.
/// </summary>
internal sealed class DemoDesk(GatewayHost host)
{
    public Task<IReadOnlyList<DeviceView>> DevicesAsync(CancellationToken cancel) => host.Loop.AskAsync((core, _) => core.Views.Devices(), cancel);

    public Task<IReadOnlyList<UnitView>> UnitsAsync(CancellationToken cancel) => host.Loop.AskAsync((core, _) => core.Views.Units(), cancel);

    public Task<GatewayCounters> CountersAsync(CancellationToken cancel) => host.Loop.AskAsync((core, _) => core.Views.Counters(), cancel);

    public Task<LedgerView> LedgerAsync(CancellationToken cancel) => host.Loop.AskAsync((core, _) => core.Views.Ledger(), cancel);

    public async Task<string> InviteAsync(string name, CancellationToken cancel) =>
        Value("a join code", await host.Loop.AskAsync((core, now) => core.Invite(new InviteAsked(name, "", 0), now), cancel)).JoinCode;

    public async Task<ProgramView> AddProgramAsync(ProgramOffered program, CancellationToken cancel) =>
        Value("the program", await host.Loop.AskAsync((core, now) => core.AddProgram(program, now), cancel));

    public async Task IssueAsync(string requester, long amountMicro, CancellationToken cancel) =>
        Value("the credits", await host.Loop.AskAsync((core, now) => core.Issue(requester, amountMicro, now), cancel));

    public async Task<JobView> SubmitAsync(JobAsked job, CancellationToken cancel) =>
        Value("the job", await host.Loop.AskAsync((core, now) => core.SubmitJob(job, now), cancel));

    public async Task<JobView> JobAsync(string id, CancellationToken cancel) =>
        Value("the job", await host.Loop.AskAsync((core, now) => core.Views.Job(id, now), cancel));

    public async Task<LedgerView> SealAsync(CancellationToken cancel) =>
        Value("the epoch", await host.Loop.AskAsync((core, now) => core.SealEpoch(now), cancel));

    private static T Value<T>(string what, Outcome<T> outcome) =>
        outcome.Problem is { } problem
            ? throw new DemoException($"the gateway refused {what}: {problem.Detail} ({problem.Code})", problem.Hint)
            : outcome.Value!;
}
