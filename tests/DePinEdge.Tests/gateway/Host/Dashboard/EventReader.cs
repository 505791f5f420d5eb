using System.Text.Json;

namespace DePinEdge.Tests.Gateway.Host.Dashboard;

/// <summary>Reads a stream of server-sent events as a browser does.</summary>
internal sealed class EventReader(HttpResponseMessage response) : IDisposable
{
    private readonly StreamReader lines = new(response.Content.ReadAsStream());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public HttpResponseMessage Response => response;

    /// <summary>Opens the page's stream.</summary>
    public static async Task<EventReader> OpenAsync(HttpClient http, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "live");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        return new EventReader(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<(string Kind, string Id, JsonElement Data)?> NextAsync()
    {
        string kind = "", id = "";
        while (await lines.ReadLineAsync(Cancel) is { } line)
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                kind = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (kind, id, JsonDocument.Parse(line[6..]).RootElement);
        return null;
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }
}
