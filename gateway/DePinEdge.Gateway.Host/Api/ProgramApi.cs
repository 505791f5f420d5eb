using DePinEdge.Gateway.Flow;
using DePinEdge.Tasks;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>The library of programs. A module is checked whole before the core hears of it.</summary>
internal static class ProgramApi
{
    /// <summary>Largest module, bytes (the task engine's limit for gateways).</summary>
    private const int ModuleBytesMax = 1 << 20;

    public static void Map(RouteGroupBuilder api, ApiContext context)
    {
        api.MapGet("/programs", async (CancellationToken cancel) =>
            Results.Json(await context.AskAsync((core, _) => core.Views.Programs(), cancel), ApiJson.Default.IReadOnlyListProgramView));

        api.MapGet("/programs/{name}", async (string name, CancellationToken cancel) =>
            Answers.Json(await context.AskAsync((core, _) => ProgramNames.Find(core.Views.Programs(), name), cancel), ApiJson.Default.ProgramView));

        api.MapPost("/programs", async (HttpContext http, CancellationToken cancel) => await AddAsync(http, context, cancel));
    }

    private static async Task<IResult> AddAsync(HttpContext http, ApiContext context, CancellationToken cancel)
    {
        if (http.Request.ContentType is not ("application/wasm" or "application/octet-stream"))
            return ApiProblem.Of(415, "wrong-content-type", "a program is sent as application/wasm", "set Content-Type: application/wasm");
        var (wasm, tooLarge) = await Body.ReadBytesAsync(http.Request, ModuleBytesMax);
        if (tooLarge is not null)
            return tooLarge;
        var loaded = ProgramLoader.Load(wasm);
        if (loaded.Program is not { } program)
            return Refused(loaded.Error!);
        context.Programs.Add(program);
        var outcome = await context.AskAsync((core, now) => core.AddProgram(Offer(program), now), cancel);
        return Answers.Created(http, outcome, ApiJson.Default.ProgramView, view => $"{ApiServer.Root}/programs/{view.Hash}", StatusCodes.Status201Created);
    }

    private static ApiProblem Refused(ProgramError error) => ApiProblem.Of(
        422, "bad-module", $"the module is refused at byte {error.ByteOffset}: {error.Message} ({error.Code})",
        "check it with 'depin program check FILE'", byteOffset: error.ByteOffset);

    private static ProgramOffered Offer(LoadedProgram program)
    {
        var manifest = program.Manifest;
        return new ProgramOffered(
            ProgramHash.Of(program.Hash), manifest.Name, manifest.Version, program.Wasm, program.Image, manifest.MemoryBytes, manifest.FuelMax,
            0, (OutputKind)manifest.Output, (Reduction)manifest.Reduce);
    }
}
