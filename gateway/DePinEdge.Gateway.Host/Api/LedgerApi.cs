using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>Accounts and the ledger.</summary>
internal static class LedgerApi
{
    public static void Map(RouteGroupBuilder api, ApiContext context)
    {
        api.MapGet("/accounts", async (CancellationToken cancel) =>
            Results.Json(await context.AskAsync((core, _) => core.Views.Accounts(), cancel), ApiJson.Default.IReadOnlyListAccountView));

        api.MapPost("/accounts/{requester}:issue", async (string requester, HttpRequest request, CancellationToken cancel) =>
        {
            var (body, problem) = await Body.ReadJsonAsync(request, ApiJson.Default.IssueRequest);
            if (problem is not null)
                return problem;
            if (body!.AmountMicro <= 0)
                return ApiProblem.Of(400, "bad-amount", $"the amount {body.AmountMicro} is not positive", "name micro-credits: 1000000 are one credit", "amount_micro");
            return Answers.Json(await context.AskAsync((core, now) => core.Issue(requester, body.AmountMicro, now), cancel), ApiJson.Default.AccountView);
        });

        api.MapGet("/ledger", async (CancellationToken cancel) =>
            Results.Json(await context.AskAsync((core, _) => core.Views.Ledger(), cancel), ApiJson.Default.LedgerView));

        api.MapPost("/ledger:seal", async (CancellationToken cancel) =>
            Answers.Json(await context.AskAsync((core, now) => core.SealEpoch(now), cancel), ApiJson.Default.LedgerView));
    }
}
