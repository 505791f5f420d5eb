using System.CommandLine;
using DePinEdge.Client;

namespace DePinEdge.Gateway.Host.Commands;

/// <summary>`account ls|issue`.</summary>
internal static class AccountCommands
{
    public static Command Create() => new("account", "Accounts and their credits.") { List(), Issue() };

    private static Command List() => Cli.Verb("ls", "List the accounts.", "depin account ls", [], async (call, cancel) =>
    {
        using var client = call.Connect();
        return call.WriteList(
            await client.AccountsAsync(cancel), ClientJson.Default.Account, new TextTable("ACCOUNT", "#CREDITS"), a => [a.Id, Show.Credits(a.BalanceMicro)]);
    });

    private static Command Issue()
    {
        var requester = new Argument<string>("REQUESTER") { Description = "Who gets them: 1 to 32 of a-z, 0-9 and '-'." };
        var amount = new Argument<decimal>("CREDITS") { Description = "How many credits, at most six decimals." };
        return Cli.Verb("issue", "Issue credits from the treasury to a requester, who pays jobs with them.", "depin account issue local 100", [requester, amount], async (call, cancel) =>
        {
            using var client = call.Connect();
            var account = await client.IssueAsync(call.Parsed.GetValue(requester)!, CreditAmount.ToMicro(call.Parsed.GetValue(amount), "CREDITS"), cancel);
            return call.WriteOne(account, ClientJson.Default.Account, ("account", account.Id), ("credits", Show.Credits(account.BalanceMicro)));
        });
    }
}
