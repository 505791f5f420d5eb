using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DePinEdge.Interop.Browser;

/// <summary>
/// One tab, driven by the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/): commands with answers, and what
/// the page complains about collected on the way.
/// </summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly ClientWebSocket socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> open = new();
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly SemaphoreSlim sending = new(1);
    private Task reading = Task.CompletedTask;
    private int last;

    private Tab()
    {
    }

    /// <summary>Console errors, uncaught exceptions, policy violations and failed loads so far.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Tab> ConnectAsync(Uri url)
    {
        var tab = new Tab();
        await tab.socket.ConnectAsync(url, Cancel);
        tab.reading = tab.ReadAsync();
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Accessibility" })
            await tab.SendAsync(domain + ".enable");
        return tab;
    }

    /// <summary>Sets the size of the window in CSS pixels, and which colours the person prefers.</summary>
    public async Task LookAsync(int width, int height, bool dark)
    {
        await SendAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await SendAsync("Emulation.setEmulatedMedia", new()
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
    }

    /// <summary>Runs a script in every page before the page's own.</summary>
    public Task BeforeAsync(string script) => SendAsync("Page.addScriptToEvaluateOnNewDocument", new() { ["source"] = script });

    public Task GoAsync(Uri url) => SendAsync("Page.navigate", new() { ["url"] = url.ToString() });

    /// <summary>The value of an expression; promises are awaited.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate", new() { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        Assert.False(answer.TryGetProperty("exceptionDetails", out var failure), $"{expression}: {failure}");
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    /// <summary>Waits, in the page, until an expression is true. A navigation in between is waited out.</summary>
    public async Task UntilAsync(string condition)
    {
        while (true)
        {
            var answer = await SendAsync("Runtime.evaluate", new()
            {
                ["expression"] = $"new Promise(done => {{ const look = () => {{ if ({condition}) done(true); else setTimeout(look, 20); }}; look(); }})",
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            });
            if (answer.TryGetProperty("result", out var result) && result.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.True)
                return;
        }
    }

    /// <summary>Presses and lets go a key that has no character.</summary>
    public async Task PressAsync(string key, int code, bool shift = false)
    {
        foreach (var type in new[] { "rawKeyDown", "keyUp" })
            await SendAsync("Input.dispatchKeyEvent", new()
            {
                ["type"] = type,
                ["key"] = key,
                ["code"] = key,
                ["windowsVirtualKeyCode"] = code,
                ["modifiers"] = shift ? 8 : 0,
            });
    }

    public Task TypeAsync(string text) => SendAsync("Input.insertText", new() { ["text"] = text });

    /// <summary>The accessibility tree's nodes that are not ignored: role, name.</summary>
    public async Task<IReadOnlyList<(string Role, string Name)>> TreeAsync()
    {
        var tree = await SendAsync("Accessibility.getFullAXTree");
        return
        [
            .. tree.GetProperty("nodes").EnumerateArray().Where(node => !node.GetProperty("ignored").GetBoolean()).Select(node => (Text(node, "role"), Text(node, "name"))),
        ];

        static string Text(JsonElement node, string name) => node.TryGetProperty(name, out var at) && at.TryGetProperty("value", out var value) ? value.ToString() : "";
    }

    /// <summary>Writes a picture of the whole page when the environment names a folder for it in DEPIN_SCREENSHOTS.</summary>
    public async Task PictureAsync(string name, bool whole = true)
    {
        if (Environment.GetEnvironmentVariable("DEPIN_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        var picture = await SendAsync("Page.captureScreenshot", new() { ["captureBeyondViewport"] = whole });
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, name + ".png"), picture.GetProperty("data").GetBytesFromBase64(), Cancel);
    }

    public async Task<JsonElement> SendAsync(string method, JsonObject? parameters = null)
    {
        var id = Interlocked.Increment(ref last);
        var answer = open[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        await sending.WaitAsync(Cancel);
        try
        {
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, true, Cancel);
        }
        finally
        {
            sending.Release();
        }
        return await answer.Task.WaitAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
        sending.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (true)
            {
                using var whole = new MemoryStream();
                WebSocketReceiveResult piece;
                do
                {
                    piece = await socket.ReceiveAsync(buffer, CancellationToken.None);
                    whole.Write(buffer, 0, piece.Count);
                }
                while (!piece.EndOfMessage);
                if (piece.MessageType == WebSocketMessageType.Close)
                    break;
                Take(JsonDocument.Parse(whole.ToArray()).RootElement);
            }
        }
        catch (WebSocketException)
        {
            // The tab or the browser is gone.
        }
        catch (OperationCanceledException)
        {
            // Aborted by DisposeAsync.
        }
        foreach (var waiting in open.Values)
            waiting.TrySetCanceled();
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out var id))
        {
            if (open.TryRemove(id.GetInt32(), out var waiting))
                waiting.TrySetResult(message.TryGetProperty("result", out var result) ? result : message.GetProperty("error"));
            return;
        }
        var details = message.GetProperty("params");
        switch (message.GetProperty("method").GetString())
        {
            case "Runtime.exceptionThrown":
                complaints.Enqueue(details.GetRawText());
                break;
            case "Runtime.consoleAPICalled" when details.GetProperty("type").GetString() is "error" or "warning":
                complaints.Enqueue(details.GetRawText());
                break;
            case "Log.entryAdded" when details.GetProperty("entry").GetProperty("level").GetString() is "error" or "warning":
                complaints.Enqueue(details.GetProperty("entry").GetRawText());
                break;
        }
    }
}
