using System.Text.Json.Serialization.Metadata;
using DePinEdge.Gateway.Flow;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>Core outcomes as HTTP results.</summary>
internal static class Answers
{
    /// <summary>200 with the value, or the problem.</summary>
    public static IResult Json<T>(Outcome<T> outcome, JsonTypeInfo<T> type) =>
        outcome.Problem is { } problem ? ApiProblem.Of(problem) : Results.Json(outcome.Value!, type);

    /// <summary>201 or 202 with a Location, or the problem.</summary>
    public static IResult Created<T>(HttpContext http, Outcome<T> outcome, JsonTypeInfo<T> type, Func<T, string> location, int status)
    {
        if (outcome.Problem is { } problem)
            return ApiProblem.Of(problem);
        http.Response.Headers.Location = location(outcome.Value!);
        return Results.Json(outcome.Value!, type, statusCode: status);
    }
}
