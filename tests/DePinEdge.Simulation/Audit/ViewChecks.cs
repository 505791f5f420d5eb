using System.Numerics;
using DePinEdge.Gateway;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Simulation.Audit;

/// <summary>Whether what the core shows of itself is what the auditor makes of the stored records. Only when everything is stored.</summary>
public static class ViewChecks
{
    /// <summary>The sums, after every round.</summary>
    public static void Totals(GatewayCore core, Auditor auditor)
    {
        var ledger = core.Views.Ledger();
        SimulationException.Require(ledger.Balanced, "the books do not balance");
        Same(ledger.PostedMicro, auditor.Books.Posted, "posted");
        Same(ledger.ReservedMicro, auditor.Books.Sum("sys:reserve:"), "reserved");
        Same(ledger.EscrowMicro, auditor.Books.Sum("sys:escrow:"), "in escrow");
        Same(ledger.IssuedMicro, -auditor.Books.BalanceOf("sys:treasury"), "issued");
    }

    /// <summary>Every account, device and job.</summary>
    public static void Everything(GatewayCore core, Auditor auditor, Instant now)
    {
        Totals(core, auditor);
        var shown = core.Views.Accounts();
        foreach (var account in shown)
            Same(account.BalanceMicro, auditor.Books.BalanceOf(account.Id), account.Id);
        foreach (var (account, balance) in auditor.Books.Balances)
            SimulationException.Require(balance.IsZero || shown.Any(one => one.Id == account), $"{account} is not shown, it has {balance}");
        foreach (var view in core.Views.Devices())
        {
            SimulationException.Require(auditor.Devices.TryGetValue(view.Id, out var device), $"device {view.Id} never joined");
            Same(view.TasksOk, device!.Paid, $"tasks ok of {view.Id}");
            Same(view.TasksRefused, device.Refused, $"tasks refused of {view.Id}");
            Same(view.Strikes, device.Strikes, $"strikes of {view.Id}");
            Same(view.OpenBatches, device.Open.Count, $"open batches of {view.Id}");
        }
        foreach (var job in auditor.Jobs.Values)
        {
            var view = core.Views.Job(job.Spec.Job.ToString(), now).Value!;
            Same(view.Done, job.Done, $"done of {view.Id}");
            Same(view.Failed, job.Failed, $"failed of {view.Id}");
            Same(view.Leased, job.Leased.Count, $"leased of {view.Id}");
            Same(view.PaidMicro, job.PaidMicro, $"paid by {view.Id}");
            SimulationException.Require(view.State.Equals((job.Ended ?? JobState.Running).ToString(), StringComparison.OrdinalIgnoreCase), $"{view.Id} shows {view.State}, it is {job.Ended}");
            var sum = job.Over.Where(over => over.Value is { Status: 0, Trap: 0 }).Sum(over => (long)Oracle.Primes(job.Plan, over.Key));
            SimulationException.Require(job.Done == 0 || view.Answer == sum.ToString(System.Globalization.CultureInfo.InvariantCulture), $"{view.Id} answers {view.Answer}, {sum} is right");
        }
    }

    private static void Same(long shown, BigInteger predicted, string what) =>
        SimulationException.Require(shown == predicted, $"{what}: {shown} is shown, {predicted} predicted");
}
