using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>Devices, join codes and compute units.</summary>
internal static class DeviceApi
{
    public static void Map(RouteGroupBuilder api, ApiContext context)
    {
        api.MapGet("/devices", async (CancellationToken cancel) =>
            Results.Json(await context.AskAsync((core, now) => core.Views.Devices(), cancel), ApiJson.Default.IReadOnlyListDeviceView));

        api.MapGet("/devices/{id}", async (string id, CancellationToken cancel) =>
            Answers.Json(await context.AskAsync((core, now) => core.Views.Device(id), cancel), ApiJson.Default.DeviceView));

        api.MapGet("/devices/{id}/receipts", async (string id, CancellationToken cancel) =>
        {
            var (problem, receipts) = await context.AskAsync((core, now) => (core.Views.Device(id).Problem, core.Views.Receipts(id)), cancel);
            return problem is null ? Results.Json(receipts, ApiJson.Default.IReadOnlyListReceiptView) : ApiProblem.Of(problem);
        });

        api.MapPost("/devices:invite", async (HttpRequest request, CancellationToken cancel) =>
        {
            var (body, problem) = await Body.ReadJsonAsync(request, ApiJson.Default.InviteRequest, new InviteRequest());
            return problem ?? Answers.Json(
                await context.AskAsync((core, now) => core.Invite(new InviteAsked(body!.Name, body.Owner, body.LifetimeMs), now), cancel),
                ApiJson.Default.InviteView);
        });

        api.MapGet("/units", async (CancellationToken cancel) =>
            Results.Json(await context.AskAsync((core, _) => core.Views.Units(), cancel), ApiJson.Default.IReadOnlyListUnitView));
    }
}
