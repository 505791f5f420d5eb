using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>
/// All that the page shows, as one value: the API's own views, with a limit on each list. Two looks at an idle gateway are equal, which
/// is how a quiet stream stays quiet.
/// </summary>
/// <param name="NowUtcMs">When it was looked at; not part of what is compared.</param>
/// <param name="Devices">The first <see cref="DevicesMost"/> by id.</param>
/// <param name="Units">The first <see cref="UnitsMost"/> by id.</param>
/// <param name="Jobs">Running ones, then the newest; at most <see cref="JobsMost"/>, newest first.</param>
/// <param name="Accounts">Requesters' and the site's, at most <see cref="AccountsMost"/>; those of boards stand with the boards.</param>
/// <param name="Receipts">The last ones, newest first.</param>
public sealed record LiveState(
    long NowUtcMs, LiveGateway Gateway, LiveTotals Totals, LedgerView Ledger, IReadOnlyList<DeviceView> Devices, IReadOnlyList<UnitView> Units,
    IReadOnlyList<JobView> Jobs, IReadOnlyList<AccountView> Accounts, IReadOnlyList<BatchReceiptView> Receipts)
{
    public const int DevicesMost = 1_000, UnitsMost = 250, JobsMost = 100, AccountsMost = 100;

    /// <summary>Looks at the core, on its thread.</summary>
    internal static LiveState Of(GatewayCore core, LiveGateway gateway, Instant now)
    {
        var counters = core.Views.Counters();
        var (jobs, jobsAll) = core.Views.Jobs(now, JobsMost);
        var (accounts, accountsAll) = core.Views.AccountsBesideDevices(AccountsMost);
        return new LiveState(
            now.UtcMs, gateway, new LiveTotals(counters.Devices, counters.DevicesOnline, counters.Units, jobsAll, accountsAll, counters.TasksPaid, counters.ResultsRefused),
            core.Views.Ledger(), [.. core.Views.Devices(DevicesMost).Select(Steady)], core.Views.Units(UnitsMost), [.. jobs.Select(Steady)], accounts,
            core.Views.RecentReceipts());
    }

    /// <summary>A board that is there was seen now; only for one that is gone the moment says something.</summary>
    private static DeviceView Steady(DeviceView device) => device.Online ? device with { LastSeenUtcMs = 0 } : device;

    /// <summary>Rates as precise as people read them, and none for a job that waits: both change with the clock alone.</summary>
    private static JobView Steady(JobView job) => job.Waits.Length > 0
        ? job with { TasksPerSecond = 0, EtaSeconds = 0 }
        : job with { TasksPerSecond = Math.Round(job.TasksPerSecond, 1), EtaSeconds = Math.Ceiling(job.EtaSeconds) };
}

/// <summary>The gateway itself.</summary>
/// <param name="Trouble">Why what is shown may be old; empty while all is well.</param>
public sealed record LiveGateway(string Site, string Version, long StartedUtcMs, int MqttPort, string Trouble = "");

/// <summary>How many there are in all, whatever is listed.</summary>
public sealed record LiveTotals(int Devices, int DevicesOnline, int Units, int Jobs, int Accounts, long TasksPaid, long ResultsRefused);
