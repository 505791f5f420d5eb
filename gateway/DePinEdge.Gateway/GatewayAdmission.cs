using System.Globalization;
using DePinEdge.Gateway.Configuration;
using DePinEdge.Gateway.Flow;
using DePinEdge.Gateway.Ledger;
using DePinEdge.Gateway.Scheduling;

namespace DePinEdge.Gateway;

/// <summary>
/// Whether what people ask for becomes a record: a submission, whose program must be known, whose rules must hold and whose requester must
/// be able to pay; an issue of credits. Out: the record, or the first thing in its way. It changes nothing.
/// </summary>
internal sealed class GatewayAdmission(GatewayOptions options, SchedulingStage scheduling, LedgerStage ledger)
{
    public Outcome<JobSubmitted> Plan(JobAsked asked)
    {
        if (scheduling.Programs.Find(asked.Program) is not { } program)
            return new Problem("unknown-program", $"no program {asked.Program} is in the library", "add it first: depin program add FILE");
        if (JobRules.Check(asked, program, options) is { } broken)
            return broken;
        var count = asked.IsRange ? asked.RangeTo - asked.RangeFrom : asked.Inputs.Length;
        if (!Reward.TryReservationMicro(scheduling.FuelLimitOf(asked), asked.PriceMicro, count, out var cost))
            return new Problem("price-too-large", $"{count} tasks at {asked.PriceMicro} micro-credits per million fuel cost more than can be counted");
        var escrow = asked.MaxCreditsMicro == 0 ? cost : Math.Min(cost, asked.MaxCreditsMicro);
        var account = AccountIds.Requester(asked.Requester);
        if (escrow > 0 && !ledger.CanMove(account, escrow))
            return new Problem("insufficient-credits", $"{account} has {Credits(ledger.BalanceMicro(account))} credits, the job sets {Credits(escrow)} aside",
                $"issue credits: depin account issue {asked.Requester} AMOUNT, or bound the cost with --max-credits");
        return scheduling.Plan(asked, escrow);
    }

    private static string Credits(long micro) => (micro / 1_000_000m).ToString("0.00####", CultureInfo.InvariantCulture);

    public Outcome<Transferred> PlanIssue(string requester, long amountMicro)
    {
        if (!Names.IsValid(requester))
            return new Problem("bad-requester", $"the requester '{requester}' is not {Names.Rule}");
        if (amountMicro < 1)
            return new Problem("bad-amount", $"an amount is at least 1 micro-credit, not {amountMicro}");
        if (!ledger.CanMove(AccountIds.Treasury, amountMicro))
            return new Problem("bad-amount", $"the treasury cannot issue {amountMicro} micro-credits more");
        return ledger.PlanIssue(requester, amountMicro);
    }
}
