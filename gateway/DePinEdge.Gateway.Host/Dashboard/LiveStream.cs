using DePinEdge.Gateway.Host.Api;

namespace DePinEdge.Gateway.Host.Dashboard;

/// <summary>
/// One viewer's stream of server-sent events: `state` (everything) first, then `change`. A viewer that comes back with Last-Event-ID
/// gets only what it missed, where that is still kept. A comment shows that the line is alive when nothing changes.
/// </summary>
internal static class LiveStream
{
    /// <summary>Longest silence; the page takes three of them for a dead line.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    public static async Task ServeAsync(HttpContext http, LiveFeed feed, TimeProvider clock, CancellationToken stopping)
    {
        if (!feed.TryEnter())
        {
            http.Response.Headers.RetryAfter = "10";
            await ApiProblem.Of(
                429, "limit-reached", $"{LiveFeed.ViewersMax} pages are open on this gateway", "close one, or use the API or MQTT instead").ExecuteAsync(http);
            return;
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            await SendAsync(http.Response, feed, clock, feed.VersionOf(http.Request.Headers["Last-Event-ID"]), either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The viewer went, or the gateway goes.
        }
        finally
        {
            feed.Leave();
        }
    }

    private static async Task SendAsync(HttpResponse response, LiveFeed feed, TimeProvider clock, long seen, CancellationToken cancel)
    {
        await response.Body.WriteAsync(Comment, cancel); // so that the viewer knows at once that it is in
        while (true)
        {
            await response.Body.FlushAsync(cancel);
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            try
            {
                var next = feed.NextAsync(seen, silence.Token);
                (seen, var events) = await next.WaitAsync(KeepAlive, clock, cancel);
                foreach (var bytes in events)
                    await response.Body.WriteAsync(bytes, cancel);
            }
            catch (TimeoutException)
            {
                await silence.CancelAsync();
                await response.Body.WriteAsync(Comment, cancel);
            }
        }
    }
}
