using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DePinEdge.Client;

/// <summary>Requests and answers over HTTP, with every failure translated into <see cref="DepinException"/> in this one place.</summary>
internal sealed class HttpApi(HttpClient http) : IDisposable
{
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancel) =>
        SendAsync(HttpMethod.Get, path, null, null, answer, cancel);

    public Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answer, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, path, Json(body, bodyType), null, answer, cancel);

    public static HttpContent Json<T>(T body, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, string? idempotencyKey, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var response = await RequestAsync(method, path, content, idempotencyKey, HttpCompletionOption.ResponseContentRead, cancel);
        try
        {
            var bytes = await response.Content.ReadAsByteArrayAsync(cancel);
            return JsonSerializer.Deserialize(bytes, type) ?? throw NotOurs("the answer is null");
        }
        catch (JsonException failure)
        {
            throw NotOurs(failure.Message, failure);
        }
    }

    /// <summary>The body of a successful answer as it comes.</summary>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancel)
    {
        var response = await RequestAsync(HttpMethod.Get, path, null, null, HttpCompletionOption.ResponseHeadersRead, cancel);
        return await response.Content.ReadAsStreamAsync(cancel);
    }

    public static DepinException NotOurs(string what, Exception? inner = null) =>
        new(DepinFailure.BadAnswer, $"the answer is not this API's: {what}", "check the gateway's URL and its version", inner);

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> RequestAsync(
        HttpMethod method, string path, HttpContent? content, string? idempotencyKey, HttpCompletionOption completion, CancellationToken cancel)
    {
        // './' keeps the colon of jobs:estimate from being read as a scheme.
        using var request = new HttpRequestMessage(method, "./" + path) { Content = content };
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, cancel);
        }
        catch (HttpRequestException failure)
        {
            throw new DepinException(
                DepinFailure.Unreachable, $"no gateway answers at {new Uri(http.BaseAddress!, "/")}: {failure.Message}",
                "start one with 'depin gateway run', or name its URL", failure);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, cancel);
    }

    private static async Task<DepinException> RefusalAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        try
        {
            var bytes = await response.Content.ReadAsByteArrayAsync(cancel);
            if (response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                && JsonSerializer.Deserialize(bytes, WireJson.Default.ProblemDetails) is { Detail: { } detail } problem)
                return new DepinException(DepinFailure.Refused, detail, problem.Hint)
                {
                    Code = problem.Code ?? "",
                    Status = status,
                    Field = problem.Field,
                    ByteOffset = problem.ByteOffset,
                };
        }
        catch (JsonException)
        {
            // Said below: whatever answered does not speak this API.
        }
        return NotOurs($"status {status} without problem details");
    }
}
