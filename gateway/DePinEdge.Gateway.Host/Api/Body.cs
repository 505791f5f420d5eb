using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DePinEdge.Gateway.Host.Api;

/// <summary>Reads bounded request bodies. A refusal names the field, or the limit, rather than the parser's state.</summary>
internal static class Body
{
    /// <summary>Largest JSON body, bytes: a list job of several thousand inputs.</summary>
    public const int JsonBytesMax = 8 << 20;

    /// <summary>Either the value or the refusal. An empty body is the type's defaults where <paramref name="orElse"/> gives them.</summary>
    public static async Task<(T? Value, ApiProblem? Problem)> ReadJsonAsync<T>(HttpRequest request, JsonTypeInfo<T> type, T? orElse = null)
        where T : class
    {
        var (bytes, problem) = await ReadBytesAsync(request, JsonBytesMax);
        if (problem is not null)
            return (null, problem);
        if (bytes.Length == 0 && orElse is not null)
            return (orElse, null);
        try
        {
            return JsonSerializer.Deserialize(bytes, type) is { } value
                ? (value, null)
                : (null, ApiProblem.Of(400, "bad-json", "the body is null", "send a JSON object"));
        }
        catch (JsonException failure)
        {
            var path = failure.Path is { Length: > 2 } whole ? whole[2..] : "";
            var place = failure is { LineNumber: { } line, BytePositionInLine: { } at } ? $"line {line + 1}, byte {at}" : "the body";
            return (null, path.Length == 0
                ? ApiProblem.Of(400, "bad-json", $"the body is not the JSON expected here ({place})", FirstSentence(failure.Message))
                : ApiProblem.Of(400, "bad-field", $"the field '{path}' does not hold what it must ({place})", FirstSentence(failure.Message), path));
        }
    }

    /// <summary>The whole body, or the refusal of one that is larger.</summary>
    public static async Task<(byte[] Bytes, ApiProblem? Problem)> ReadBytesAsync(HttpRequest request, int bytesMax)
    {
        if (request.ContentLength > bytesMax)
            return ([], TooLarge(bytesMax));
        using var whole = new MemoryStream();
        var buffer = new byte[16 << 10];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (whole.Length + count > bytesMax)
                return ([], TooLarge(bytesMax));
            whole.Write(buffer, 0, count);
        }
        return (whole.ToArray(), null);
    }

    private static ApiProblem TooLarge(int bytesMax) =>
        ApiProblem.Of(413, "body-too-large", $"the body has more than {bytesMax} bytes", "send less at once");

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
