using System.Text.Json;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>A refusal as problem details (RFC 9457), with members of our own after <paramref name="Detail"/>.</summary>
/// <param name="Type">A URN that ends with the code.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One sentence naming the value at fault.</param>
/// <param name="Code">The stable word for programs.</param>
/// <param name="Hint">What to do about it; absent when there is nothing to add.</param>
/// <param name="Field">The JSON path or query key at fault, when one is.</param>
/// <param name="ByteOffset">Where in an uploaded program, when it is one.</param>
public sealed record ApiProblem(
    string Type, string Title, int Status, string Detail, string Code, string? Hint = null, string? Field = null, long? ByteOffset = null) : IResult
{
    /// <summary>Makes one.</summary>
    public static ApiProblem Of(int status, string code, string detail, string? hint = null, string? field = null, long? byteOffset = null) => new(
        "urn:depin:problem:" + code, Titles.GetValueOrDefault(status, "Refused"), status, detail, code, string.IsNullOrEmpty(hint) ? null : hint, field,
        byteOffset);

    /// <summary>What the core said, with the status that fits its code.</summary>
    public static ApiProblem Of(Problem problem) => Of(StatusOf(problem.Code), problem.Code, problem.Detail, problem.Hint);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (Status == StatusCodes.Status401Unauthorized)
            httpContext.Response.Headers.WWWAuthenticate = "Bearer";
        httpContext.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(httpContext.Response.Body, this, ApiJson.Default.ApiProblem, httpContext.RequestAborted);
    }

    private static readonly Dictionary<int, string> Titles = new()
    {
        [400] = "Bad request",
        [401] = "Not authorized",
        [402] = "Not enough credits",
        [403] = "Forbidden",
        [404] = "Not found",
        [409] = "Conflict",
        [413] = "Too large",
        [415] = "Wrong content type",
        [421] = "Wrong host",
        [422] = "Refused program",
        [429] = "Limit reached",
        [503] = "Not available now",
    };

    private static int StatusOf(string code) => code switch
    {
        _ when code.StartsWith("unknown-", StringComparison.Ordinal) => StatusCodes.Status404NotFound,
        _ when code.StartsWith("not-enough", StringComparison.Ordinal) || code.Contains("balance", StringComparison.Ordinal)
            || code.Contains("credit", StringComparison.Ordinal) => StatusCodes.Status402PaymentRequired,
        _ when code.Contains("conflict", StringComparison.Ordinal) || code.StartsWith("already-", StringComparison.Ordinal)
            || code.EndsWith("-ended", StringComparison.Ordinal) => StatusCodes.Status409Conflict,
        "limit-reached" => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status400BadRequest,
    };
}
